import {
  ConcurrentExecution,
  InvalidRequest,
  names,
  StartInProgress,
  StartUncertain,
  TaskerError,
  type TrackingItem,
} from '@sfn-redshift/shared';
import type { InvokerDependencies } from './dependencies.ts';

/** The Data API keeps a ClientToken for 8 hours; past 7 a repeat is not safe to run. */
const SAFE_TO_REPEAT_MS = 7 * 60 * 60 * 1000;

/** What a request brings when it claims its key. */
export interface ClaimRequest {
  /** The item that it writes if nothing stands in its way. */
  readonly item: TrackingItem;
  /** What a retry does with the statement of an attempt before it. */
  readonly onRetry: 'adopt' | 'restart';
  /** Whether other tasks share the key: it is an idempotency key. */
  readonly isShared: boolean;
  /** Epoch milliseconds; until then the end of a statement that is cancelled is waited for. */
  readonly waitUntil: number;
  /** Items of earlier attempts whose statements are known to have ended, though they may not be closed yet. */
  readonly ended?: readonly TrackingItem[];
}

/**
 * Who runs the statement: this invocation (`firstUse`: nobody has executed under the item's ClientToken before), or nobody
 * now, because an earlier one has: the very same request (`repeated`), or another, whose statement has become this one's
 * (`adopted`). `reopened`: that one has ended, and its end is to be told once more.
 */
export type Claim =
  | { readonly type: 'claimed'; readonly item: TrackingItem; readonly firstUse: boolean }
  | { readonly type: 'repeated'; readonly item: TrackingItem }
  | { readonly type: 'adopted'; readonly item: TrackingItem }
  | { readonly type: 'reopened'; readonly item: TrackingItem; readonly ended: TrackingItem };

export type ClaimDependencies = Pick<
  InvokerDependencies,
  'table' | 'locks' | 'telemetry' | 'now' | 'tasks' | 'dataApi'
>;

export const claimed = (item: TrackingItem, firstUse: boolean): Claim => ({ type: 'claimed', item, firstUse });

export const isStarting = ({ status, statementId }: TrackingItem): boolean => status === 'starting' && !statementId;

/** Whether the item's task is that of the other: a token belongs to one attempt of one task, as an id to one callback. */
export const isSameTask = ({ callback: one }: TrackingItem, { callback: other }: TrackingItem): boolean => {
  if (one.type === 'stepFunctions' && other.type === 'stepFunctions') return one.taskToken === other.taskToken;
  if (one.type === 'durableFunction' && other.type === 'durableFunction') return one.callbackId === other.callbackId;
  return one.type === other.type;
};

/**
 * Whether it is proven that nobody waits for the item any more. Of a callback of a durable function only the completer can
 * find out.
 * @throws what Step Functions answers to none of both
 */
export const isForsaken = async ({ callback }: TrackingItem, { tasks }: ClaimDependencies): Promise<boolean> =>
  callback.type === 'stepFunctions' && (await tasks.isGone(callback.taskToken));

/** @throws StartInProgress, StartUncertain unless a claim without a statement may be taken over now. */
export const checkTakeOver = (standing: TrackingItem, dependencies: ClaimDependencies): void => {
  const now = dependencies.now();
  if (now < standing.startDeadline) throw inProgress();
  if (now - standing.startedAt >= SAFE_TO_REPEAT_MS) refuseUncertain(standing, dependencies);
};

export const inProgress = () =>
  new StartInProgress('another invocation is starting this statement; repeat the request in a moment');

const TOO_LONG_AGO = 'too long ago to be repeated safely';

export const refuseUncertain = (
  { statementName }: TrackingItem,
  { telemetry }: Pick<ClaimDependencies, 'telemetry'>,
  tried = TOO_LONG_AGO,
): never => {
  telemetry.count(names.METRICS.startUncertain);
  throw new StartUncertain(
    `the start of this statement was tried ${tried}, and may have succeeded; look for the statement by its name: ${statementName}`,
  );
};

// A task token that somebody used twice: its task can be answered once, with one outcome. Or a key used for two things.
export const refuseOtherWork = (standing: TrackingItem, { item, isShared }: ClaimRequest): void => {
  if (standing.workHash === item.workHash && standing.targetId === item.targetId) return;
  const waiting = item.callback.type === 'durableFunction' ? 'durableCallbackId' : 'task token';
  const [field, problem] = isShared
    ? (['idempotencyKey', 'has started other work'] as const)
    : ([item.batch ? 'sqlStatements' : 'sqlStatement', `is not the one that this ${waiting} has started`] as const);
  throw new InvalidRequest(field, problem, 'another statement or parameters');
};

export const concurrent = ({ statementId, statementName }: TrackingItem) =>
  new ConcurrentExecution(
    `another task waits for the statement of this idempotencyKey (${statementId ?? statementName}); when that has ended, the same request is given its outcome`,
  );

export const overtaken = () =>
  new ConcurrentExecution('the task of this request has ended, and a later attempt has been given its statement');

/** CloudFormation has been told, or will be: whatever would come out now, it does not hear it. */
export const refusedBefore = () =>
  new RefusedBefore(
    "this request was refused before; the invoker's log tells why, if the first refusal did not come through",
  );

/** A request whose refusal stands. */
class RefusedBefore extends TaskerError {
  override readonly name = 'RefusedBefore';
  readonly retryable = false;
}
