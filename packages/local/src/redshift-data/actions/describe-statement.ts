import { waitSecondsOf } from '../long-polling.ts';
import { ownerOf } from '../owner.ts';
import type { Statement } from '../statement.ts';
import { type Action, statementIdOf, timestamp } from './action.ts';

const NANOSECONDS_PER_MILLISECOND = 1_000_000;

export const describeStatement: Action = async (input, caller, { store, polling }) => {
  const seconds = waitSecondsOf(input);
  const statement = store.find(statementIdOf(input), ownerOf(caller));
  await polling.whenEnded(statement, seconds);
  return description(statement);
};

/** -1 stands for what is not known (yet). */
const description = (statement: Statement) => {
  const { submission, outcome, error, durationMs } = statement;
  const { parameters, sql, target } = submission;
  return {
    Id: statement.id,
    Status: statement.status,
    ...(error !== undefined && { Error: error }),
    QueryString: sql,
    ...(parameters.length > 0 && { QueryParameters: parameters }),
    CreatedAt: timestamp(statement.createdAt),
    UpdatedAt: timestamp(statement.updatedAt),
    Duration: durationMs === undefined ? -1 : durationMs * NANOSECONDS_PER_MILLISECOND,
    HasResultSet: outcome?.resultSet !== undefined,
    ResultRows: outcome ? (outcome.rows ?? 0) : -1,
    ResultSize: outcome ? outcome.bytes : -1,
    ResultFormat: 'JSON',
    RedshiftPid: statement.pid,
    RedshiftQueryId: statement.queryId,
    ...target.echo,
  };
};
