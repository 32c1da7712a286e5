import type { LifeCycle } from '../life-cycle.ts';
import type { SubStatement } from '../sub-statement.ts';
import { type Action, timestamp } from './action.ts';
import { type FoundStatement, findAwaited } from './find-statement.ts';

const NANOSECONDS_PER_MILLISECOND = 1_000_000;

/** The id of one statement of a batch gives the batch, with that one only among its statements. */
export const describeStatement: Action = async (...call) => description(await findAwaited(...call));

const description = ({ statement, sub }: FoundStatement) => {
  const { submission, session, isBatch } = statement;
  const { parameters, sqls, executionMode, target } = submission;
  const subStatements = sub ? [sub] : statement.subStatements;
  return {
    Id: statement.id,
    ...progress(statement),
    ...(isBatch ? { SubStatements: subStatements.map(subDescription) } : { QueryString: sqls[0] }),
    ...(parameters.length > 0 && { QueryParameters: parameters }),
    ...(executionMode && { ExecutionMode: executionMode }),
    ResultFormat: submission.resultFormat,
    RedshiftPid: statement.pid,
    ...target.echo,
    ...(session && { SessionId: session.id }),
  };
};

const subDescription = (sub: SubStatement) => ({ Id: sub.id, ...progress(sub), QueryString: sub.sql });

/** -1 stands for what is not known (yet). */
const progress = (cycle: LifeCycle) => {
  const { error, outcome, durationMs } = cycle;
  return {
    Status: cycle.status,
    ...(error !== undefined && { Error: error }),
    CreatedAt: timestamp(cycle.createdAt),
    UpdatedAt: timestamp(cycle.updatedAt),
    Duration: durationMs === undefined ? -1 : durationMs * NANOSECONDS_PER_MILLISECOND,
    HasResultSet: cycle.hasResultSet,
    ResultRows: outcome ? (outcome.rows ?? 0) : -1,
    ResultSize: outcome ? outcome.bytes : -1,
    RedshiftQueryId: cycle.queryId,
  };
};
