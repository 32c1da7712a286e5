import type { CopyStatement } from '../sql/copy.ts';
import { convertField } from './convert-field.ts';
import { csvRecords } from './csv-records.ts';
import { type JsonMapping, jsonRecords } from './json-records.ts';
import { LoadError } from './load-error.ts';
import { objectText } from './object-text.ts';
import type { LoadColumn } from './table-columns.ts';
import { textRecords } from './text-records.ts';

/** A record's fields; null where the format tells NULL itself. */
export type LoadRecord = readonly (string | null)[];

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The records of an object, by the format of the COPY. */
export const recordsOf = (
  content: AsyncIterable<Uint8Array>,
  copy: CopyStatement,
  mapping: JsonMapping,
  columns: readonly LoadColumn[],
): AsyncIterable<LoadRecord> => {
  const { format, conversion } = copy;
  const text = objectText(content, copy);
  if (format.kind === 'csv') return csvRecords(text, format);
  if (format.kind === 'text') return textRecords(text, format, conversion.nullAs);
  return jsonRecords(text, mapping, columns);
};

/**
 * A record as a line of PostgreSQL's own text format.
 *
 * @throws LoadError
 */
export const lineOf = (record: LoadRecord, columns: readonly LoadColumn[], copy: CopyStatement): string => {
  const fields = fitted(record, columns.length, copy);
  const cells = columns.map((column, i) =>
    cell(convertField(fields[i] ?? fieldFor(i, record), column, copy.conversion)),
  );
  return `${cells.join('\t')}\n`;
};

/** What FILLRECORD puts in the place of a missing field is an empty one. */
const fieldFor = (i: number, record: LoadRecord): string | null => (i < record.length ? null : '');

const fitted = (record: LoadRecord, columns: number, { format, fillsRecords }: CopyStatement): LoadRecord => {
  // In delimited text, a delimiter may also stand after the last field.
  const isEnded = format.kind === 'text' && record.length === columns + 1 && record.at(-1) === '';
  if (isEnded) return record.slice(0, -1);
  if (record.length > columns) throw new LoadError('Extra column(s) found');
  if (record.length < columns && !fillsRecords) throw new LoadError('Delimiter not found');
  return record;
};

const cell = (value: string | null): string =>
  value === null ? '\\N' : value.replaceAll(/[\\\n\r\t]/g, (character) => ESCAPES[character] as string);
