import type { ResultColumn, ResultRow } from '@sfn-redshift/shared';
import type { OwnerResults, ResultPage } from '../owner-results.ts';
import type { StatementOwner } from '../owner-statements.ts';
import { mismatch, OutOfTime } from './result-failure.ts';
import { type Field, valueOf } from './sql-value.ts';

/** Whose result, and of which statement; of a batch the id of one in it. */
export interface ResultSource {
  readonly owner: StatementOwner;
  readonly statementId: string;
}

/** How long reading may take. */
export interface ReadingTime {
  /** Epoch milliseconds; no page is asked for after that. Undefined: never. */
  readonly until?: number | undefined;
  readonly now: () => number;
}

/** The pages of a result, one after another. */
export async function* resultPages(
  { owner, statementId }: ResultSource,
  results: OwnerResults,
  { until = Number.POSITIVE_INFINITY, now }: ReadingTime,
): AsyncGenerator<ResultPage> {
  let [token, read, total]: [string | undefined, number, number] = [undefined, 0, 0];
  do {
    if (now() >= until) throw new OutOfTime(read, total);
    const page = await results.page(owner, statementId, token);
    yield page;
    token = page.nextToken;
    total = page.totalRows;
    read += page.rows.length;
  } while (token !== undefined);
}

/** Makes objects of rows. */
export type ToRow = (fields: readonly Field[]) => ResultRow;

/** @throws ResultFailure where two columns have the same label, as one of them would be lost */
export const rowsBy = (columns: readonly ResultColumn[]): ToRow => {
  const labels = columns.map(({ name }) => name);
  const twice = labels.find((label, at) => labels.indexOf(label) !== at);
  if (twice !== undefined) {
    throw mismatch(`more than one of its columns is labelled "${twice}"; give each an alias of its own.`);
  }
  return (fields) => Object.fromEntries(columns.map(({ name, type }, at) => [name, valueOf(fields[at] ?? {}, type)]));
};
