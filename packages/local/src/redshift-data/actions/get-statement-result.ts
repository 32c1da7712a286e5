import { optionalString } from '../input.ts';
import { columnMetadata } from '../results/column-metadata.ts';
import { fieldOf } from '../results/field.ts';
import type { Cell, ResultSet } from '../results/outcome.ts';
import { pageOf } from '../results/page.ts';
import { resultTypeOf } from '../results/types.ts';
import type { Action } from './action.ts';
import { findResult } from './find-result.ts';

export const getStatementResult: Action = async (input, caller, deps) => {
  const { id, resultSet } = await findResult(input, caller, deps);
  const { rows, nextToken } = pageOf(id, resultSet, optionalString(input, 'NextToken'));
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
