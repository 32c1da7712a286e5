import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { CopyStatement } from '../sql/copy.ts';
import { LoadError } from './load-error.ts';

/**
 * The records of one CSV file, as Redshift reads them: fields in double quotes may hold anything, every record has all
 * columns, blank lines are records too.
 *
 * @throws LoadError for what is no CSV, or no UTF-8
 */
export async function* csvRecords(
  content: AsyncIterable<Uint8Array>,
  { delimiter, ignoreHeader }: Pick<CopyStatement, 'delimiter' | 'ignoreHeader'>,
): AsyncGenerator<string[]> {
  const parser = parse({
    delimiter,
    from_line: ignoreHeader + 1,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
  });
  // What breaks the source breaks the parser, and so the loop below.
  pipeline(Readable.from(textOf(content)), parser, () => undefined);
  try {
    for await (const record of parser) yield record as string[];
  } catch (error) {
    throw error instanceof CsvError ? new LoadError(error.message) : error;
  }
}

async function* textOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of content) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw isBadEncoding(error) ? new LoadError('String contains invalid or unsupported UTF8 codepoints') : error;
  }
}

const isBadEncoding = (error: unknown): boolean =>
  error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
