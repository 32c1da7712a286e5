import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { CopyFormat } from '../sql/copy.ts';
import { LoadError } from './load-error.ts';

/**
 * The records of CSV, as Redshift reads it: fields in quotes may hold anything, blank lines are records too.
 *
 * @throws LoadError for what is no CSV
 */
export async function* csvRecords(
  text: AsyncIterable<string>,
  { delimiter, quote, ignoresBlankLines }: CopyFormat & { kind: 'csv' },
): AsyncGenerator<string[]> {
  const parser = parse({
    delimiter,
    quote,
    escape: quote,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: ignoresBlankLines,
  });
  // What breaks the source breaks the parser, and so the loop below.
  pipeline(Readable.from(text), parser, () => undefined);
  try {
    for await (const record of parser) yield record as string[];
  } catch (error) {
    throw error instanceof CsvError ? new LoadError(error.message) : error;
  }
}
