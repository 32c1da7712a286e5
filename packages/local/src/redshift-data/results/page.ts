import { validationError } from '../errors.ts';
import type { Cell, ResultSet } from './outcome.ts';

/** How much fits on a page; a row that is larger has a page of its own. */
export interface PageLimit {
  readonly bytes: number;
  readonly sizeOf: (row: readonly Cell[]) => number;
}

export interface Page {
  readonly rows: readonly (readonly Cell[])[];
  readonly isFirst: boolean;
  readonly nextToken?: string;
}

/**
 * The page that a token stands for, the first one without a token.
 *
 * @throws AwsError `ValidationException` for a token that was not given out for this statement
 */
export const pageOf = (id: string, { rows }: ResultSet, token: string | undefined, limit: PageLimit): Page => {
  const start = token === undefined ? 0 : rowOf(id, token, rows.length);
  let end = start;
  for (let bytes = 0; end < rows.length; end += 1) {
    bytes += limit.sizeOf(rows[end] ?? []);
    if (bytes > limit.bytes && end > start) break;
  }
  const nextToken = end < rows.length ? tokenOf(id, end) : undefined;
  return { rows: rows.slice(start, end), isFirst: start === 0, ...(nextToken !== undefined && { nextToken }) };
};

const tokenOf = (id: string, row: number): string => Buffer.from(`${id}/${row}`).toString('base64url');

const rowOf = (id: string, token: string, rows: number): number => {
  const [statement, row] = Buffer.from(token, 'base64url').toString().split('/');
  if (statement !== id || !/^\d+$/.test(row ?? '') || Number(row) >= rows)
    throw validationError('Invalid pagination token.');
  return Number(row);
};
