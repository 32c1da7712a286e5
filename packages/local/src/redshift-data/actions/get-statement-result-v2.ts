import { wrongResultFormat } from '../errors.ts';
import { optionalString } from '../input.ts';
import { columnMetadata } from '../results/column-metadata.ts';
import { csvChunks, csvHeader, csvWriter } from '../results/csv.ts';
import { pageOf } from '../results/page.ts';
import type { Action } from './action.ts';
import { findResult } from './find-result.ts';

/** As AWS documents it, of the values and their separators. */
const PAGE_BYTES = 15 * 1024 * 1024;

/** Results in format CSV; the first page starts with the header. */
export const getStatementResultV2: Action = async (input, ...call) => {
  const { id, statement, resultSet } = await findResult(input, ...call);
  const { resultFormat } = statement.submission;
  if (resultFormat !== 'CSV') throw wrongResultFormat('GetStatementResultV2', resultFormat);
  const header = csvHeader(resultSet);
  const write = csvWriter(resultSet);
  const { rows, isFirst, nextToken } = pageOf(id, resultSet, optionalString(input, 'NextToken'), {
    bytes: PAGE_BYTES - Buffer.byteLength(header),
    sizeOf: (row) => Buffer.byteLength(write(row)),
  });
  const lines = isFirst ? [header, ...rows.map(write)] : rows.map(write);
  return {
    Records: csvChunks(lines).map((text) => ({ CSVRecords: text })),
    ColumnMetadata: resultSet.columns.map(columnMetadata),
    TotalNumRows: resultSet.rows.length,
    ResultFormat: resultFormat,
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
};
