import { validationError } from '../errors.ts';
import type { Cell, ResultSet } from './outcome.ts';

/** AWS does not say how large a page is; ours has about 1 MB of values. */
const PAGE_BYTES = 1024 * 1024;

export interface Page {
  readonly rows: readonly (readonly Cell[])[];
  readonly nextToken?: string;
}

/**
 * The page that a token stands for, the first one without a token.
 *
 * @throws AwsError `ValidationException` for a token that was not given out for this statement
 */
export const pageOf = (id: string, { rows }: ResultSet, token: string | undefined): Page => {
  const start = token === undefined ? 0 : rowOf(id, token, rows.length);
  let end = start;
  for (let bytes = 0; end < rows.length && bytes < PAGE_BYTES; end += 1) bytes += sizeOf(rows[end] ?? []);
  return { rows: rows.slice(start, end), ...(end < rows.length && { nextToken: tokenOf(id, end) }) };
};

const sizeOf = (row: readonly Cell[]): number => row.reduce((sum, cell) => sum + (cell?.length ?? 0) + 2, 0);

const tokenOf = (id: string, row: number): string => Buffer.from(`${id}/${row}`).toString('base64url');

const rowOf = (id: string, token: string, rows: number): number => {
  const [statement, row] = Buffer.from(token, 'base64url').toString().split('/');
  if (statement !== id || !/^\d+$/.test(row ?? '') || Number(row) >= rows)
    throw validationError('Invalid pagination token.');
  return Number(row);
};
