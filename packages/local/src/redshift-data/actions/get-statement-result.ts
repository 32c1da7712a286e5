import { wrongResultFormat } from '../errors.ts';
import { optionalString } from '../input.ts';
import { columnMetadata } from '../results/column-metadata.ts';
import { fieldOf } from '../results/field.ts';
import type { Cell, ResultSet } from '../results/outcome.ts';
import { type PageLimit, pageOf } from '../results/page.ts';
import { resultTypeOf } from '../results/types.ts';
import type { Action } from './action.ts';
import { findResult } from './find-result.ts';

/** AWS does not say how large a page is; ours has up to 1 MB of values, two characters more for each. */
const PAGE: PageLimit = {
  bytes: 1024 * 1024,
  sizeOf: (row) => row.reduce((sum, cell) => sum + (cell?.length ?? 0) + 2, 0),
};

export const getStatementResult: Action = async (input, ...call) => {
  const { id, statement, resultSet } = await findResult(input, ...call);
  const { resultFormat } = statement.submission;
  if (resultFormat !== 'JSON') throw wrongResultFormat('GetStatementResult', resultFormat);
  const { rows, nextToken } = pageOf(id, resultSet, optionalString(input, 'NextToken'), PAGE);
  return {
    Records: records(rows, resultSet),
    ColumnMetadata: resultSet.columns.map(columnMetadata),
    TotalNumRows: resultSet.rows.length,
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
};

const records = (rows: readonly (readonly Cell[])[], { columns }: ResultSet) => {
  const types = columns.map(({ field }) => resultTypeOf(field));
  return rows.map((row) => types.map((type, i) => fieldOf(row[i] ?? null, type)));
};
