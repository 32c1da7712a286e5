import { metadataPage, metadataTarget } from '../catalog/metadata-request.ts';
import type { Action } from './action.ts';

/** A temporary table is its user's, in whatever session it lives. */
const TABLES = `
  select c.relname as name, n.nspname as schema,
    case
      when c.relpersistence = 't' then 'LOCAL TEMPORARY'
      when c.relkind in ('v', 'm') then 'VIEW'
      when n.nspname in ('pg_catalog', 'information_schema') then 'SYSTEM TABLE'
      else 'TABLE'
    end as type
  from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f')
    and n.nspname !~ '^pg_toast'
    and (c.relpersistence = 't' or pg_catalog.has_schema_privilege(n.oid, 'USAGE'))
    and pg_catalog.has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, REFERENCES')
    and ($1::text is null or n.nspname like $1)
    and ($2::text is null or c.relname like $2)`;

export const listTables: Action = async (input, caller, deps) => {
  const target = metadataTarget(input, caller, deps);
  const { items, nextToken } = await metadataPage(
    input,
    target,
    ['SchemaPattern', 'TablePattern'],
    (values) => deps.catalog.query(target, TABLES, values),
    ({ schema, name }) => `${schema}\0${name}`,
  );
  return { Tables: items, ...(nextToken !== undefined && { NextToken: nextToken }) };
};
