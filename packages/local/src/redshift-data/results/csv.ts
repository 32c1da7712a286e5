import { fieldOf } from './field.ts';
import type { Cell, ResultSet } from './outcome.ts';
import { type ResultType, resultTypeOf } from './types.ts';

/** Of one entry of `Records`. */
const CHUNK_BYTES = 1024 * 1024;
const LINE_END = '\r\n';

/** The header row: the columns' names. */
export const csvHeader = ({ columns }: ResultSet): string => csvLine(columns.map(({ field }) => field.name));

/** Writes the rows of a result set as CSV, each with its line end. */
export const csvWriter = ({ columns }: ResultSet): ((row: readonly Cell[]) => string) => {
  const types = columns.map(({ field }) => resultTypeOf(field));
  return (row) => csvLine(types.map((type, i) => textOf(row[i] ?? null, type)));
};

/** Lines put together to texts of up to 1 MB; a longer line is a text of its own. */
export const csvChunks = (lines: readonly string[]): string[] => {
  const chunks: string[] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const size = Buffer.byteLength(line);
    const fits = bytes + size <= CHUNK_BYTES;
    if (fits) chunks.push(`${chunks.pop() ?? ''}${line}`);
    else chunks.push(line);
    bytes = fits ? bytes + size : size;
  }
  return chunks;
};

/** The same text as in JSON results, without its type. */
const textOf = (cell: Cell, type: ResultType): string | null => {
  const field = fieldOf(cell, type);
  return 'isNull' in field ? null : String(Object.values(field)[0]);
};

/** AWS does not say how NULL and quotes are written. Here NULL is nothing and empty text is `""`; the rest as in RFC 4180. */
const csvLine = (values: readonly (string | null)[]): string => values.map(csvValue).join(',') + LINE_END;

const csvValue = (value: string | null): string => {
  if (value === null) return '';
  return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
};
