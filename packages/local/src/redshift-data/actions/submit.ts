import type { Caller } from '../../common/service.ts';
import { environmentFailure } from '../errors.ts';
import { type Input, optionalBoolean, optionalInteger, optionalString } from '../input.ts';
import { waitSecondsOf } from '../long-polling.ts';
import { ownerOf, userIdOf } from '../owner.ts';
import type { DatabaseSession } from '../sessions/database-session.ts';
import { sessionOf } from '../sessions/session-of.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import { RESULT_FORMATS, type ResultFormat, type Statement, type Submission } from '../statement.ts';
import { readTarget } from '../target.ts';
import { type Action, type ActionDeps, type Output, timestamp } from './action.ts';
import { readParameters } from './read-parameters.ts';

const STATEMENT_NAME = { maxLength: 2048 };
const CLIENT_TOKEN = { minLength: 1, maxLength: 64 };
const RESULT_FORMAT = { pattern: new RegExp(`^(${RESULT_FORMATS.join('|')})$`) };
const KEEP_ALIVE_SECONDS = { min: 0, max: 24 * 3600 };

/** What the two operations that start statements do not have in common. */
export type Sqls = Pick<Submission, 'sqls' | 'executionMode'>;

/** Starts a statement, or finds the one that the same token has started; waits for its end if the caller wants to. */
export const submit = async (sqls: Sqls, ...[input, caller, deps, signal]: Parameters<Action>): Promise<Output> => {
  const seconds = waitSecondsOf(input);
  const statement = start(input, caller, deps, sqls);
  await deps.polling.whenEnded(statement, seconds, signal);
  return {
    Id: statement.id,
    CreatedAt: timestamp(statement.createdAt),
    ...statement.submission.target.echo,
    ...(statement.session && { SessionId: statement.session.id }),
    ...(seconds !== undefined && {
      Status: statement.status,
      RedshiftPid: statement.pid,
      HasResultSet: statement.hasResultSet,
    }),
  };
};

const start = (input: Input, caller: Caller, deps: ActionDeps, sqls: Sqls): Statement => {
  const { store, runner, sessions } = deps;
  const named = sessionOf(input, caller, sessions);
  const submission = readSubmission(input, caller, deps, sqls, named);
  const keepAliveSeconds = optionalInteger(input, 'SessionKeepAliveSeconds', KEEP_ALIVE_SECONDS);
  const clientToken = optionalString(input, 'ClientToken', CLIENT_TOKEN);
  const known = store.submittedWith(submission, clientToken);
  if (known) return known;
  store.refuseTooMany(submission.target);
  const session = named ? sessions.take(named, keepAliveSeconds) : opened(submission, keepAliveSeconds, sessions);
  const statement = store.add(submission, clientToken, session);
  session?.runs(statement);
  if (!runner.submit(statement)) throw environmentFailure(statement);
  return statement;
};

/** A session that would not stay is not one that anybody could name. */
const opened = (submission: Submission, keepAliveSeconds = 0, sessions: SessionStore): DatabaseSession | undefined =>
  keepAliveSeconds > 0 ? sessions.open(submission, keepAliveSeconds) : undefined;

const readSubmission = (
  input: Input,
  caller: Caller,
  deps: ActionDeps,
  sqls: Sqls,
  session: DatabaseSession | undefined,
): Submission => {
  const parameters = readParameters(input, sqls.sqls);
  const name = optionalString(input, 'StatementName', STATEMENT_NAME);
  return {
    ...sqls,
    parameters,
    target: session?.origin.target ?? readTarget(input, caller, deps),
    ...(name !== undefined && { name }),
    withEvent: optionalBoolean(input, 'WithEvent'),
    resultFormat: (optionalString(input, 'ResultFormat', RESULT_FORMAT) ?? 'JSON') as ResultFormat,
    owner: ownerOf(caller),
    principal: caller.arn,
    userId: userIdOf(caller),
  };
};
