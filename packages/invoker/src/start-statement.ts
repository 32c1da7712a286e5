import { randomUUID } from 'node:crypto';
import {
  awsFailureOf,
  type BatchRequest,
  encodeStatementName,
  lockOf,
  names,
  type SingletonPlace,
  type StartRequest,
  shortSqlOf,
  sqlCommentOf,
  sqlsOf,
  type TrackingItem,
  type TrackingKey,
  trackingKeyOf,
  workHashOf,
} from '@sfn-redshift/shared';
import { checkSweepKeeps } from './check-sweep-keeps.ts';
import { type Claim, type ClaimRequest, refuseUncertain } from './claim.ts';
import { claimRetry, isRetry } from './claim-retry.ts';
import { claimStatement } from './claim-statement.ts';
import type { InvokerConfig } from './config.ts';
import type { InvokerDependencies } from './dependencies.ts';
import { executeStatement } from './execute-statement.ts';
import { reportEnd } from './report-end.ts';
import { type Connection, connectionOf, targetHashOf, userOf } from './target.ts';

/** One call of the function. */
export interface Invocation {
  /** Lambda's; its own retries of an asynchronous call repeat it. */
  readonly requestId: string;
  /** When the function will be stopped; epoch milliseconds. */
  readonly deadline: number;
}

/**
 * What `executeStatement` answers; the same for every repeat of a request. It names the statement as the Data API does
 * (`Id` to `CreatedAt`, as state machines of cdk-stepfunctions-redshift read them) and as everything of ours does.
 */
export interface StartedStatement extends Connection {
  /** Absent only where the statement ended before its id was noted. */
  readonly statementId?: string;
  readonly statementName: string;
  /** `statementId`, by the Data API's name. */
  readonly Id?: string;
  /** The session that the statement runs in, for others to use after it; absent where none stays, or its id was not noted. */
  readonly sessionId?: string;
  /** The same, by the Data API's name. */
  readonly SessionId?: string;
  /** When the start began, ISO 8601. */
  readonly CreatedAt: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Time that is left for the writes after ExecuteStatement, and for the answer after the writes. */
const NOTE_TIME_MS = 1_000;
const ANSWER_TIME_MS = 250;

/**
 * Starts the statement of a request, once: claim → execute → note.
 * @throws what a claim throws, and what the Data API answers; InvalidRequest for what the sweep could not keep
 */
export const startStatement = async (
  request: StartRequest,
  invocation: Invocation,
  dependencies: InvokerDependencies,
): Promise<StartedStatement> => {
  const { config, now } = dependencies;
  checkSweepKeeps(request, config);
  const executeUntil = executionEnd(invocation, now());
  const claim = await claimOf(request, invocation, dependencies);
  if (claim.type !== 'claimed') {
    await answerOld(claim, executeUntil, dependencies);
    return answerOf(claim.item, config);
  }
  return await runClaim(request, claim, executeUntil, { invocation, dependencies });
};

/**
 * Executes what was claimed, and notes it.
 * @throws what the Data API answers; StartInProgress, StartUncertain
 */
export const runClaim = async (
  request: StartRequest,
  claim: Extract<Claim, { type: 'claimed' }>,
  executeUntil: number,
  { invocation, dependencies }: { readonly invocation: Invocation; readonly dependencies: InvokerDependencies },
): Promise<StartedStatement> => {
  const { config } = dependencies;
  // A ClientToken holds back a second start on its own cluster only, as far as is known.
  if (isOfOtherTarget(claim.item, config)) return refuseUncertain(claim.item, dependencies, ELSEWHERE);
  const { id, sessionId } = await executeStatement(request, claim, executeUntil, dependencies);
  const { session } = claim.item;
  const started = { ...claim.item, statementId: id, ...(session && sessionId && { session: { id: sessionId } }) };
  dependencies.telemetry.count(names.METRICS.statementStarted);
  dependencies.telemetry.info('statement started', logged(started));
  await noteStatement(started, invocation, dependencies);
  return answerOf(started, config);
};

const claimOf = async (
  request: StartRequest,
  invocation: Invocation,
  dependencies: InvokerDependencies,
): Promise<Claim> => {
  const { now } = dependencies;
  const item = itemOf(request, invocation, dependencies);
  const claiming: ClaimRequest = {
    item,
    onRetry: request.onRetry ?? 'adopt',
    isShared: request.idempotencyKey !== undefined,
    waitUntil: Math.floor((now() + invocation.deadline) / 2),
  };
  const byAttempt = !claiming.isShared && isRetry(item);
  return await (byAttempt ? claimRetry(claiming, dependencies) : claimStatement(claiming, dependencies));
};

/** What there is to do for a statement that this request did not start. */
const answerOld = async (
  claim: Exclude<Claim, { type: 'claimed' }>,
  until: number,
  dependencies: InvokerDependencies,
): Promise<void> => {
  const { telemetry } = dependencies;
  const isRepeat = claim.type === 'repeated';
  telemetry.count(isRepeat ? names.METRICS.startRepeated : names.METRICS.statementAdopted);
  telemetry.info(isRepeat ? 'statement was started before' : 'statement was adopted', logged(claim.item));
  if (claim.type === 'reopened') await reportEnd(claim.item, claim.ended, until, dependencies);
};

/** A short function timeout keeps three quarters of its time for the call. */
export const executionEnd = ({ deadline }: Invocation, now: number): number =>
  deadline - Math.min(NOTE_TIME_MS, Math.ceil((deadline - now) / 4));

/** The item that a request writes when it claims its key. */
export const itemOf = (
  request: StartRequest,
  invocation: Invocation,
  { config, now }: InvokerDependencies,
): TrackingItem => {
  const { callback, executionArn, attempt } = request;
  const key = trackingKeyOf(request, invocation.requestId);
  const startedAt = now();
  const lock = lockOf(request, placeOf(config));
  return {
    ...key,
    contractVersion: names.CONTRACT_VERSION,
    status: 'starting',
    generation: 1,
    callback,
    statementName: encodeStatementName(config.statementNamePrefix, key),
    targetId: config.targetId,
    ownerRoleArn: config.ownerRoleArn,
    workHash: workHashOf(request),
    shortSql: shortSqlOf(request),
    startedAt,
    startDeadline: invocation.deadline,
    claimant: randomUUID(),
    targetHash: hashOf(config),
    ...(config.warehouseKeyArn !== undefined && { warehouseKeyArn: config.warehouseKeyArn }),
    expiresAt: Math.ceil((startedAt + config.retentionDays * DAY_MS) / 1000),
    ...(executionArn !== undefined && executionArn !== key.owner && { executionArn }),
    ...(attempt && { attempt }),
    ...(lock && { lock }),
    ...wishesOf(request),
    ...commentOf(request, key, config),
  };
};

/** What a request wants beside its statement, as far as the completers must know of it. */
const wishesOf = (request: StartRequest): Partial<TrackingItem> => {
  const { onTimeout, heartbeatSeconds, maxRuntimeSeconds, errors, result, check, session } = request;
  return {
    ...(onTimeout && { onTimeout }),
    ...('sqlStatements' in request && { batch: batchOf(request) }),
    ...(session && { session: 'id' in session ? { id: session.id } : {} }),
    ...(heartbeatSeconds !== undefined && { heartbeatSeconds }),
    ...(maxRuntimeSeconds !== undefined && { maxRuntimeSeconds }),
    ...(errors === 'cause' && { errors }),
    ...(result && { result }),
    ...(check && { check }),
  };
};

const batchOf = ({ sqlStatements, executionMode }: BatchRequest) => ({
  statements: sqlStatements.length,
  executionMode,
});

const commentOf = (
  request: StartRequest,
  key: TrackingKey,
  { withoutSqlComment }: InvokerConfig,
): Pick<TrackingItem, 'sqlComment'> => {
  if (withoutSqlComment) return {};
  const { executionArn, attempt } = request;
  const by = { ...key, ...(executionArn !== undefined && { executionArn }), ...(attempt && { attempt }) };
  const sqlComment = sqlCommentOf(by, ...sqlsOf(request));
  return sqlComment === undefined ? {} : { sqlComment };
};

const ELSEWHERE = 'on another cluster or database, or as another user, before the stack was updated';

const placeOf = ({ targetId, target, ownerRoleArn }: InvokerConfig): SingletonPlace => ({
  targetId,
  database: target.database,
  dbUser: userOf(target, ownerRoleArn),
});

const hashOf = ({ target, assumesOwnerRole, ownerRoleArn }: InvokerConfig): string =>
  targetHashOf(target, assumesOwnerRole ? ownerRoleArn : undefined);

/** Whether the stack was updated to another target since the claim was made. */
const isOfOtherTarget = ({ targetHash }: TrackingItem, config: InvokerConfig): boolean =>
  targetHash !== undefined && targetHash !== hashOf(config);

/** The statement runs, whatever becomes of this write: drain and sweep find the item by the statement's name. */
const noteStatement = async (
  started: TrackingItem & { readonly statementId: string },
  { deadline }: Invocation,
  { table, telemetry, now }: InvokerDependencies,
): Promise<void> => {
  const timeLeft = Math.max(0, deadline - ANSWER_TIME_MS - now());
  const failed = (error: string) => {
    telemetry.count(names.METRICS.noteFailed);
    telemetry.error('statement id not noted', { ...logged(started), error });
  };
  try {
    const written = await table.noteStatement(started, started.statementId, AbortSignal.timeout(timeLeft));
    if (written.done) return;
    // Noted or closed already: by the SDK's repeat of this very write, by another invocation, or by the completer.
    if (written.standing && written.standing.status !== 'starting') return;
    failed(written.standing ? 'the item has changed' : 'the item is gone');
  } catch (error) {
    failed(awsFailureOf(error).name);
  }
};

const logged = (item: TrackingItem) => ({
  statementId: item.statementId,
  statementName: item.statementName,
  stateName: item.attempt?.state,
});

export const answerOf = (
  { statementId, statementName, startedAt, session }: TrackingItem,
  { target }: InvokerDependencies['config'],
): StartedStatement => ({
  ...(statementId && { statementId, Id: statementId }),
  ...(session?.id !== undefined && { sessionId: session.id, SessionId: session.id }),
  statementName,
  ...connectionOf(target),
  CreatedAt: new Date(startedAt).toISOString(),
});
