import {
  type AwsFailure,
  type AwsFailureKind,
  awsFailureOf,
  clientTokenOf,
  type InvalidRequest,
  names,
  releaseLock,
  StartInProgress,
  type StartRequest,
  type TaskerError,
  type TrackingItem,
  withSqlComment,
} from '@sfn-redshift/shared';
import { AwsCallFailed, attemptsOf } from './aws-call-failed.ts';
import type { Claim } from './claim.ts';
import { operationOf, type Started, type StatementStart } from './data-api.ts';
import type { InvokerDependencies } from './dependencies.ts';
import { withoutRequest } from './without-request.ts';

type Claimed = Extract<Claim, { type: 'claimed' }>;
type Dependencies = Pick<InvokerDependencies, 'config' | 'dataApi' | 'table' | 'locks' | 'telemetry' | 'now'>;

/**
 * Starts the statement of a claim; gives its id, and its session's. Whatever fails before that leaves the claim as a repeat must find it.
 * @param executeUntil epoch milliseconds; past it nothing is executed, and a call still running is given up
 * @throws AwsCallFailed under the Data API's name; SessionBusy, SessionGone; InvalidRequest for a session of another target;
 * StartInProgress where the time was over before the call
 */
export const executeStatement = async (
  request: StartRequest,
  claim: Claimed,
  executeUntil: number,
  dependencies: Dependencies,
): Promise<Started> => {
  const { dataApi, now } = dependencies;
  const elsewhere = await sessionElsewhere(request, executeUntil, dependencies);
  if (elsewhere) return await refuse(elsewhere, claim, dependencies);
  const timeLeft = executeUntil - now();
  if (timeLeft <= 0) return await giveUp(claim.item, dependencies);
  const start = startOf(request, claim.item);
  try {
    return await dataApi.execute(start, AbortSignal.timeout(timeLeft));
  } catch (error) {
    const failure = { ...awsFailureOf(error), kind: kindOf(error, claim) };
    await settle(failure, claim.item, dependencies);
    throw (
      (await sessionFailure(request, failure, executeUntil, dependencies)) ??
      new AwsCallFailed(named(failure, start), withoutRequest(request))
    );
  }
};

const startOf = (request: StartRequest, item: TrackingItem): StatementStart => ({
  ...('sqlStatements' in request
    ? { sqls: request.sqlStatements.map((sql) => withSqlComment(item, sql)), executionMode: request.executionMode }
    : { sql: withSqlComment(item, request.sqlStatement) }),
  parameters: request.parameters,
  statementName: item.statementName,
  clientToken: clientTokenOf(item),
  ...(request.session && { session: request.session }),
});

/** The question where a session was opened has so much time; milliseconds. */
const QUESTION_MS = 2_000;

/** Asked only where another target may have the same owner role: to every other role the Data API refuses the session itself. */
const sessionElsewhere = async (
  { session }: StartRequest,
  until: number,
  dependencies: Dependencies,
): Promise<InvalidRequest | undefined> => {
  const timeLeft = until - dependencies.now();
  if (!session || !('id' in session) || !dependencies.config.assumesOwnerRole || timeLeft <= 0) return undefined;
  const { sessionElsewhere: find } = await import('./session-place.ts');
  return await find(session.id, AbortSignal.timeout(Math.min(QUESTION_MS, timeLeft / 4)), dependencies);
};

/** An earlier call under this ClientToken may have started it all the same, when the question had no answer. */
const refuse = async (refusal: InvalidRequest, { item, firstUse }: Claimed, dependencies: Dependencies) => {
  await settle({ name: refusal.name, kind: firstUse ? 'refused' : 'uncertain' }, item, dependencies);
  throw refusal;
};

const sessionFailure = async (
  { session }: StartRequest,
  failure: AwsFailure,
  until: number,
  { dataApi, now }: Dependencies,
): Promise<TaskerError | undefined> => {
  if (!session || !('id' in session) || failure.status === undefined) return undefined;
  // Loaded when first needed: few statements have a session, and fewer are refused.
  const { sessionFailureOf } = await import('./session-failure.ts');
  return await sessionFailureOf(failure, session.id, AbortSignal.timeout(Math.max(0, until - now())), dataApi);
};

/**
 * A refusal is definite only if no earlier request under this ClientToken can have been accepted: permissions and quotas
 * may be checked before the token is looked up.
 */
const kindOf = (error: unknown, { firstUse }: Claimed): AwsFailureKind => {
  const { kind } = awsFailureOf(error);
  return kind === 'refused' && !(firstUse && attemptsOf(error) === 1) ? 'uncertain' : kind;
};

// The SDK's name for our own abort says nothing to who reads it in an execution's history.
const named = (failure: AwsFailure, start: StatementStart): AwsFailure =>
  failure.name === 'AbortError'
    ? { ...failure, name: 'TimeoutError', message: `${operationOf(start)} gave no answer in the time of the function` }
    : failure;

/** Nothing was sent, so a repeat need not wait. */
const giveUp = async (claim: TrackingItem, dependencies: Dependencies): Promise<never> => {
  await letRepeat(claim, dependencies);
  throw new StartInProgress('the time of the function was over before the statement was started; repeat the request');
};

const settle = async (
  { kind, name, status, requestId }: Pick<AwsFailure, 'kind' | 'name'> & Partial<AwsFailure>,
  claim: TrackingItem,
  dependencies: Dependencies,
) => {
  const { telemetry } = dependencies;
  telemetry.warn(`statement not started: ${kind}`, {
    statementName: claim.statementName,
    error: name,
    status,
    requestId,
  });
  if (kind === 'refused') {
    telemetry.count(names.METRICS.startRefused);
    if (await close(claim, dependencies)) await releaseLock(claim, dependencies);
  } else if (kind === 'throttled') {
    await letRepeat(claim, dependencies);
  } else {
    telemetry.count(names.METRICS.startUncertain);
  }
};

const close = (claim: TrackingItem, { table, telemetry, now }: Dependencies) =>
  bestEffort(telemetry, 'refused claim not closed', claim, () => table.closeRefused(claim, now()));

const letRepeat = (claim: TrackingItem, { table, telemetry, now }: Dependencies) =>
  bestEffort(telemetry, 'start deadline not moved', claim, () => table.moveDeadline(claim, now()));

/** The caller must learn why the start failed, not why the row could not say so. */
const bestEffort = async (
  telemetry: Dependencies['telemetry'],
  problem: string,
  { statementName }: TrackingItem,
  write: () => ReturnType<Dependencies['table']['closeRefused']>,
): Promise<boolean> => {
  try {
    const { done } = await write();
    if (!done) telemetry.warn(`${problem}: the item has changed`, { statementName });
    return done;
  } catch (error) {
    telemetry.error(problem, { statementName, error: awsFailureOf(error).name });
    return false;
  }
};
