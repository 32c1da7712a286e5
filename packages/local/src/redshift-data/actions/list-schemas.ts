import { metadataPage, metadataTarget } from '../catalog/metadata-request.ts';
import type { Action } from './action.ts';

/** PostgreSQL's own for oversized values and temporary tables are no schemas to a user. */
const SCHEMAS = `
  select n.nspname as name
  from pg_catalog.pg_namespace n
  where n.nspname !~ '^pg_(toast|temp)'
    and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
    and ($1::text is null or n.nspname like $1)`;

export const listSchemas: Action = async (input, caller, deps) => {
  const target = metadataTarget(input, caller, deps);
  const { items, nextToken } = await metadataPage(
    input,
    target,
    ['SchemaPattern'],
    (values) => deps.catalog.query(target, SCHEMAS, values),
    ({ name }) => name as string,
  );
  return { Schemas: items.map(({ name }) => name), ...(nextToken !== undefined && { NextToken: nextToken }) };
};
