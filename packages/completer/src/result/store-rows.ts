import type { ResultBucket, ResultOutput, ResultRequest, ResultSummary } from '@sfn-redshift/shared';
import type { ResultPage } from '../owner-results.ts';
import { checkRowCount } from './collect-rows.ts';
import { NotStored } from './result-failure.ts';
import { rowsBy, type ToRow } from './result-rows.ts';

/** Where rows are written. */
export interface ResultStore {
  /** Writes an object in parts, as they come; of one that fails nothing is kept. Throws what the SDK throws, and what the parts throw. */
  put(bucket: string, key: string, parts: AsyncIterable<Buffer>): Promise<void>;
}

/** An object of the same statement has the same name and contents, however often it is written. */
export const keyFor = ({ prefix = '' }: ResultBucket, statementId: string): string =>
  `${prefix}${prefix === '' || prefix.endsWith('/') ? '' : '/'}${statementId.replace(':', '-')}.jsonl`;

/**
 * Writes the rows to S3 as JSON lines, page by page.
 * @throws ResultFailure, NotStored, and what the pages throw
 */
export const storeRows = async (
  statementId: string,
  pages: AsyncIterable<ResultPage>,
  request: ResultRequest & { readonly s3: ResultBucket },
  store: ResultStore,
): Promise<ResultOutput> => {
  const { bucket } = request.s3;
  const key = keyFor(request.s3, statementId);
  const lines = linesOf(pages, request);
  try {
    await store.put(bucket, key, lines.parts);
  } catch (error) {
    throw lines.failure() ?? new NotStored(error);
  }
  const { bytes, ...summary } = lines.told();
  return { ...summary, s3: { bucket, key, uri: `s3://${bucket}/${key}`, bytes } };
};

/** The lines, one part a page; what was read when they have all been taken, and what has gone wrong with reading. */
const linesOf = (pages: AsyncIterable<ResultPage>, request: ResultRequest) => {
  let failure: Error | undefined;
  let bytes = 0;
  let summary: ResultSummary = { columns: [], rowCount: 0 };
  async function* parts(): AsyncGenerator<Buffer> {
    let toRow: ToRow | undefined;
    try {
      for await (const { columns, rows, totalRows } of pages) {
        summary = toRow ? summary : { columns, rowCount: totalRows };
        checkRowCount(request, totalRows);
        toRow ??= rowsBy(columns);
        const part = Buffer.from(rows.map(toRow).map(lineOf).join(''));
        bytes += part.length;
        if (part.length > 0) yield part;
      }
    } catch (error) {
      failure = error as Error;
      throw error;
    }
  }
  return { parts: parts(), failure: () => failure, told: () => ({ ...summary, bytes }) };
};

const lineOf = (row: unknown): string => `${JSON.stringify(row)}\n`;
