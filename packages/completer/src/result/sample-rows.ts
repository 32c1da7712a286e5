import type { JsonValue, ResultRow } from '@sfn-redshift/shared';
import type { ResultPage } from '../owner-results.ts';
import { valueOf } from './sql-value.ts';

const DEFAULT_ROWS = 5;
const MAX_BYTES = 4_096;
/** Characters of a text; of SUPER as JSON. */
const MAX_VALUE_LENGTH = 200;

/** The first rows, to be looked at: long texts are cut, and no more rows are there than fit into 4 KB. */
export const sampleOf = ({ columns, rows }: ResultPage, count = DEFAULT_ROWS): readonly ResultRow[] => {
  const sample: ResultRow[] = [];
  for (const fields of rows.slice(0, count)) {
    const row = Object.fromEntries(
      columns.map(({ name, type }, at) => [name, shortened(valueOf(fields[at] ?? {}, type))] as const),
    );
    if (Buffer.byteLength(JSON.stringify([...sample, row])) > MAX_BYTES) break;
    sample.push(row);
  }
  return sample;
};

/** A value to be looked at. */
export const shortened = (value: JsonValue): JsonValue => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= MAX_VALUE_LENGTH ? value : `${text.slice(0, MAX_VALUE_LENGTH).toWellFormed()}…`;
};
