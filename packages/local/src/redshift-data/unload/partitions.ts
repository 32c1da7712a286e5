import { escapeIdentifier, type FieldDef } from 'pg';
import { RedshiftError } from '../errors.ts';
import type { Cell } from '../results/outcome.ts';
import type { UnloadStatement } from '../sql/unload.ts';

type Rules = Pick<UnloadStatement, 'partitionBy' | 'includesPartitionColumns'>;

/** Which of a row's values name its partition, and which are written. */
export interface Partitioning {
  readonly keys: readonly number[];
  readonly written: readonly number[];
}

/** Added to the query so that the rows of a partition keep the order of the query; not written. */
const ORDER = 'unload order';

/** Brings the rows of a partition together, so that one partition is written at a time. */
export const partitioned = (columns: readonly string[]): { before: string; after: string } => {
  if (columns.length === 0) return { before: '', after: '' };
  const keys = columns.map(escapeIdentifier).join(', ');
  const order = escapeIdentifier(ORDER);
  return {
    before: `select t.*, row_number() over () as ${order} from (`,
    after: `\n) as t order by ${keys}, ${order}`,
  };
};

export const partitioningOf = (fields: readonly FieldDef[], rules: Rules): Partitioning => {
  const { partitionBy, includesPartitionColumns } = rules;
  if (partitionBy.length === 0) return { keys: [], written: fields.map((_, i) => i) };
  const names = fields.slice(0, -1).map(({ name }) => name);
  const keys = partitionBy.map((name) => names.indexOf(name));
  const written = names.map((_, i) => i).filter((i) => includesPartitionColumns || !keys.includes(i));
  if (names.every((name) => partitionBy.includes(name)))
    throw new RedshiftError('ERROR: UNLOAD needs at least one column that is not in PARTITION BY');
  return { keys, written };
};

/** `year=2019/month=September/`, as Hive has it; empty without partitions. */
export const folderOf = (row: readonly Cell[], { keys }: Partitioning, fields: readonly FieldDef[]): string =>
  keys.map((i) => `${fields[i]?.name ?? ''}=${folderName(row[i] ?? null)}/`).join('');

const folderName = (value: Cell): string =>
  value === null
    ? '__HIVE_DEFAULT_PARTITION__'
    : // Of ASCII, what Hive escapes in names of folders.
      value.replaceAll(/[\0-\x1f"#%'*/:=?\\\x7f{[\]^]/g, (character) => encodeCharacter(character));

const encodeCharacter = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
