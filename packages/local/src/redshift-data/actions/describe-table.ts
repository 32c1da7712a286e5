import type { CatalogRow } from '../catalog/catalog.ts';
import { metadataPage, metadataTarget } from '../catalog/metadata-request.ts';
import { tableColumn } from '../results/table-column.ts';
import type { Action } from './action.ts';

const COLUMNS = `
  select n.nspname as schema, c.relname as table, a.attname as name, a.attnum as number, a.attnotnull as not_null,
    a.atttypid as type_id, a.atttypmod as modifier, t.typname as type_name,
    pg_catalog.pg_get_expr(d.adbin, d.adrelid) as default
  from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_type t on t.oid = a.atttypid
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where c.relkind in ('r', 'p', 'v', 'm', 'f')
    and a.attnum > 0
    and not a.attisdropped
    and n.nspname !~ '^pg_toast'
    and (c.relpersistence = 't' or pg_catalog.has_schema_privilege(n.oid, 'USAGE'))
    and pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT, INSERT, UPDATE, REFERENCES')
    and ($1::text is null or n.nspname = $1)
    and ($2::text is null or c.relname = $2)`;

/** Columns in their order. Without `Schema`, or without `Table`, those of every table that fits; of none, an empty list. */
export const describeTable: Action = async (input, caller, deps) => {
  const target = metadataTarget(input, caller, deps);
  const { items, nextToken } = await metadataPage(
    input,
    target,
    ['Schema', 'Table'],
    (values) => deps.catalog.query(target, COLUMNS, values),
    keyOf,
  );
  return {
    ...(typeof input.Table === 'string' && { TableName: input.Table }),
    ColumnList: items.map(tableColumn),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
};

const keyOf = ({ schema, table, number }: CatalogRow): string =>
  `${schema}\0${table}\0${String(number).padStart(5, '0')}`;
