import { noResult } from '../errors.ts';
import { optionalString, refuseFields } from '../input.ts';
import { ownerOf } from '../owner.ts';
import { columnMetadata } from '../results/column-metadata.ts';
import { fieldOf } from '../results/field.ts';
import type { Cell, ResultSet } from '../results/outcome.ts';
import { pageOf } from '../results/page.ts';
import { resultTypeOf } from '../results/types.ts';
import { type Action, statementIdOf } from './action.ts';

export const getStatementResult: Action = (input, caller, { store }) => {
  refuseFields(input, ['WaitTimeSeconds']);
  const id = statementIdOf(input);
  const resultSet = store.find(id, ownerOf(caller)).outcome?.resultSet;
  if (!resultSet) throw noResult(id);
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
