import type { Client, FieldDef } from 'pg';
import type { ResultColumn } from '../results/outcome.ts';

const ORIGINS = `
  select a.attrelid, a.attnum, n.nspname, c.relname, a.attnotnull
  from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where a.attrelid = any ($1::oid[])`;

/** Looks up the tables that result columns come from, in the session whose result they are. */
export const withOrigins = async (client: Client, fields: readonly FieldDef[]): Promise<ResultColumn[]> => {
  const tables = [...new Set(fields.map(({ tableID }) => tableID).filter((id) => id !== 0))];
  if (tables.length === 0) return fields.map((field) => ({ field }));
  const { rows } = await client.query<Record<string, string>>(ORIGINS, [tables]);
  return fields.map((field) => {
    const row = rows.find(
      ({ attrelid, attnum }) => Number(attrelid) === field.tableID && Number(attnum) === field.columnID,
    );
    if (!row) return { field };
    const { nspname = '', relname = '', attnotnull } = row;
    return { field, origin: { schema: nspname, table: relname, notNull: attnotnull === 't' } };
  });
};
