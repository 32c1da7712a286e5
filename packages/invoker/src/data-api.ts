import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  ListSessionsCommand,
  RedshiftDataClient,
  type SessionData,
} from '@aws-sdk/client-redshift-data';
import type { ExecutionMode, SessionRequest } from '@sfn-redshift/shared';
import type { RoleCredentials } from '@sfn-redshift/shared/assume-role';
import { keepWholeNumbers } from '@sfn-redshift/shared/exact-results';
import { connectionOf, type Target } from './target.ts';

/** One statement to start, or several, in order. */
export type StatementStart = StartOptions &
  ({ readonly sql: string } | { readonly sqls: readonly string[]; readonly executionMode: ExecutionMode });

interface StartOptions {
  readonly parameters: Readonly<Record<string, string>>;
  readonly statementName: string;
  /** The Data API starts one statement per token, for 8 hours. */
  readonly clientToken: string;
  readonly session?: SessionRequest;
}

/** A statement that was started, and the session that it runs in, if that stays. */
export interface Started {
  readonly id: string;
  readonly sessionId?: string;
}

/** What the invoker itself reads of a description. */
export interface StatementDescription {
  readonly Status?: string | undefined;
  readonly ResultRows?: number | undefined;
  readonly RedshiftQueryId?: number | undefined;
  readonly UpdatedAt?: Date | undefined;
}

/** What the invoker itself reads of a session, which may not tell all of it. */
export interface SessionDescription extends Partial<Pick<SessionData, PlaceField>> {
  /** `AVAILABLE`, `BUSY` or `CLOSED`. */
  readonly Status?: string | undefined;
}

type PlaceField = 'ClusterIdentifier' | 'WorkgroupName' | 'Database' | 'DbUser';

/** The Redshift Data API, as far as the invoker uses it. What it throws is what the SDK throws. */
export interface DataApi {
  /** Starts the statement, or finds the one that the token has already started; gives its id. */
  execute(start: StatementStart, signal: AbortSignal): Promise<Started>;
  describe(statementId: string): Promise<object>;
  /** Describes the statement when it has ended, or else when `seconds` (1 to 30) are over. */
  awaitEnd(statementId: string, seconds: number, signal: AbortSignal): Promise<StatementDescription>;
  /** One page. */
  result(statementId: string, nextToken: string | undefined): Promise<object>;
  cancel(statementId: string): Promise<object>;
  /** Undefined where there is no such session. */
  session(sessionId: string, signal: AbortSignal): Promise<SessionDescription | undefined>;
}

/** A request that hangs is given up while the function still has time to repeat it; milliseconds. */
const TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/** @param actsAs the role to assume for every call; absent: the function's own */
export const liveDataApiClient = (actsAs?: string): RedshiftDataClient =>
  keepWholeNumbers(
    new RedshiftDataClient({
      requestHandler: TIMEOUTS,
      ...(actsAs !== undefined && { credentials: credentialsOf(actsAs) }),
    }),
  );

/** Loaded when first needed: most targets need none of it. The client keeps the credentials until shortly before their end. */
const credentialsOf = (roleArn: string) => {
  let loaded: Promise<() => Promise<RoleCredentials>> | undefined;
  const load = async () => (await import('./owner-credentials.ts')).ownerCredentials(roleArn);
  return async () => (await (loaded ??= load()))();
};

export const dataApi = (client: RedshiftDataClient, target: Target): DataApi => ({
  execute: async (start, abortSignal) => {
    const { Id, SessionId } = await send(client, start, target, abortSignal);
    if (!Id) throw new Error(`${operationOf(start)} answered without a statement id`);
    return { id: Id, ...(SessionId && { sessionId: SessionId }) };
  },
  awaitEnd: (Id, WaitTimeSeconds, abortSignal) =>
    client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds }), { abortSignal }),
  describe: (Id) => client.send(new DescribeStatementCommand({ Id })),
  result: (Id, NextToken) => client.send(new GetStatementResultCommand({ Id, ...(NextToken && { NextToken }) })),
  cancel: (Id) => client.send(new CancelStatementCommand({ Id })),
  session: async (SessionId, abortSignal) => {
    const { Sessions } = await client.send(new ListSessionsCommand({ SessionId }), { abortSignal });
    return Sessions?.find((session) => session.SessionId === SessionId);
  },
});

/** The operation that starts it. */
export const operationOf = (start: StatementStart): 'ExecuteStatement' | 'BatchExecuteStatement' =>
  'sql' in start ? 'ExecuteStatement' : 'BatchExecuteStatement';

const send = (client: RedshiftDataClient, start: StatementStart, target: Target, abortSignal: AbortSignal) => {
  const options = { ...placeOf(start, target), ...optionsOf(start) };
  if ('sql' in start) return client.send(new ExecuteStatementCommand({ ...options, Sql: start.sql }), { abortSignal });
  const batch = { ...options, Sqls: [...start.sqls], ExecutionMode: start.executionMode };
  return client.send(new BatchExecuteStatementCommand(batch), { abortSignal });
};

/** A session knows where it is, and takes no other connection. */
const placeOf = ({ session }: StatementStart, target: Target) => {
  const { keepAliveSeconds } = session ?? {};
  return {
    ...(session && 'id' in session ? { SessionId: session.id } : connectionOf(target)),
    ...(keepAliveSeconds !== undefined && { SessionKeepAliveSeconds: keepAliveSeconds }),
  };
};

const optionsOf = ({ parameters, statementName, clientToken }: StatementStart) => {
  const Parameters = Object.entries(parameters).map(([name, value]) => ({ name, value }));
  return {
    // An empty list is invalid.
    ...(Parameters.length > 0 && { Parameters }),
    StatementName: statementName,
    ClientToken: clientToken,
    WithEvent: true,
  };
};
