import { LoadError } from './load-error.ts';
import type { LoadColumn } from './table-columns.ts';

/** Redshift's default `NULL AS`. */
const NULL = '\\N';
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A record as a line of PostgreSQL's own text format. */
export const copyLine = (record: readonly string[], columns: readonly LoadColumn[]): string => {
  if (record.length > columns.length) throw new LoadError('Extra column(s) found');
  if (record.length < columns.length) throw new LoadError('Delimiter not found');
  return `${record.map((value, i) => cell(value, columns[i] as LoadColumn)).join('\t')}\n`;
};

const cell = (value: string, { isText }: LoadColumn): string => {
  if (value === NULL || (value === '' && !isText)) return NULL;
  return value.replaceAll(/[\\\n\r\t]/g, (character) => ESCAPES[character] as string);
};
