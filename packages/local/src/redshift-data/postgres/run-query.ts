import pg from 'pg';
import { RedshiftError } from '../errors.ts';
import type { Cell, QueryOutcome } from '../results/outcome.ts';
import { checkTypes } from '../results/types.ts';
import type { Session } from './backend.ts';
import { withOrigins } from './column-origins.ts';

/** A result is held in memory as long as it is kept; AWS ends statements at 500 MB. */
const MAX_RESULT_BYTES = 100 * 1024 * 1024;
/** What a value costs besides its text; counted, since small values would otherwise fill the memory unseen. */
const CELL_BYTES = 16;

/**
 * Runs one statement, by the extended protocol, which takes no more than one.
 *
 * @param stop ends the query; called when the result grows too large
 */
export const runQuery = async (
  { client }: Session,
  text: string,
  values: readonly string[],
  stop: () => void,
): Promise<QueryOutcome> => {
  const { result, rows, bytes } = await collect(client, text, values, stop);
  const rowCount = result.rowCount ?? undefined;
  if (result.fields.length === 0) return { rows: rowCount, bytes };
  checkTypes(result.fields);
  return { rows: rows.length, bytes, resultSet: { columns: await withOrigins(client, result.fields), rows } };
};

interface Collected {
  readonly result: pg.QueryResult;
  readonly rows: Cell[][];
  readonly bytes: number;
}

const collect = (client: pg.Client, text: string, values: readonly string[], stop: () => void): Promise<Collected> =>
  new Promise((resolve, reject) => {
    const rows: Cell[][] = [];
    let bytes = 0;
    const config = { text, values: [...values], rowMode: 'array', queryMode: 'extended' };
    const query = client.query(new pg.Query<Cell[]>(config));
    let isTooLarge = false;
    query.on('row', (row) => {
      if (isTooLarge) return;
      bytes += sizeOf(row);
      rows.push(row);
      isTooLarge = bytes + rows.length * row.length * CELL_BYTES > MAX_RESULT_BYTES;
      if (isTooLarge) stop();
    });
    // Only now is it over, and the connection free for what comes next.
    query.on('error', (error) => reject(isTooLarge ? tooLarge() : error));
    query.on('end', (result) => (isTooLarge ? reject(tooLarge()) : resolve({ result, rows, bytes })));
  });

const tooLarge = () => new RedshiftError('Database response exceeded size limit');

const sizeOf = (row: readonly Cell[]): number =>
  row.reduce((sum, cell) => sum + (cell === null ? 0 : Buffer.byteLength(cell)), 0);
