import { type Client, escapeIdentifier } from 'pg';
import { RedshiftError } from '../errors.ts';
import type { CopyStatement } from '../sql/copy.ts';

export interface LoadColumn {
  readonly name: string;
  /** Whether an empty field is an empty string; for other types it is NULL. */
  readonly isText: boolean;
}

const COLUMNS = `
  select a.attname as name, t.typcategory = 'S' as text
  from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
  where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped
  order by a.attnum`;

export const qualifiedName = ({ schema, table }: CopyStatement): string =>
  [schema, table].flatMap((part) => (part === undefined ? [] : [escapeIdentifier(part)])).join('.');

/** The columns that a COPY loads, in the order of its fields. */
export const loadColumns = async (client: Client, copy: CopyStatement): Promise<readonly LoadColumn[]> => {
  const { rows } = await client.query<{ name: string; text: string }>(COLUMNS, [qualifiedName(copy)]);
  if (rows.length === 0) throw new RedshiftError(`ERROR: Cannot COPY into nonexistent table ${copy.table}`);
  const columns = rows.map(({ name, text }) => ({ name, isText: text === 't' }));
  return copy.columns?.map((name) => columnNamed(columns, name, copy)) ?? columns;
};

const columnNamed = (columns: readonly LoadColumn[], name: string, { table }: CopyStatement): LoadColumn => {
  const column = columns.find((candidate) => candidate.name === name);
  if (!column) throw new RedshiftError(`ERROR: column "${name}" of relation "${table}" does not exist`);
  return column;
};
