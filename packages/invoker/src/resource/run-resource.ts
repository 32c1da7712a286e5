import {
  ConcurrentExecution,
  encodeRefusedMessage,
  encodeUnneededMessage,
  parseResourceEvent,
  planResource,
  type ResourceCallback,
  type ResourcePlan,
  refusalCallbackOf,
  releaseLock,
  StartUncertain,
  TaskerError,
  type TrackingItem,
} from '@sfn-redshift/shared';
import { callerErrorOf } from '../aws-call-failed.ts';
import { checkSweepKeeps } from '../check-sweep-keeps.ts';
import { inProgress, refusedBefore } from '../claim.ts';
import { claimStatement } from '../claim-statement.ts';
import type { InvokerDependencies } from '../dependencies.ts';
import { executionEnd, type Invocation, waitEnd } from '../invocation.ts';
import { itemOf } from '../new-item.ts';
import { answerOf } from '../start-answer.ts';
import { runClaim } from '../start-statement.ts';
import { clearTheWay, Overtaken, type PastRequest, type ResourceItem } from './clear-the-way.ts';
import { isNeeded } from './is-needed.ts';

/**
 * Does what CloudFormation asks of a custom resource. Nobody waits for what this returns or throws: what is refused the drain
 * tells, who alone answers. What may succeed later is thrown, so that Lambda repeats the invocation; when it has given up, it
 * tells the drain.
 * @throws InvalidRequest for an event that cannot be answered
 */
export const runResource = async (
  payload: unknown,
  invocation: Invocation,
  dependencies: InvokerDependencies,
): Promise<object> => {
  const event = parseResourceEvent(payload);
  let callback = refusalCallbackOf(event);
  try {
    const plan = planResource(event);
    callback = plan.request.callback;
    return await carryOut(plan, invocation, dependencies);
  } catch (error) {
    const told = callerErrorOf(error);
    if (!isFinal(told)) throw error;
    return await refuse(told, callback, dependencies);
  }
};

/**
 * Who is refused for a lock is told so, as everybody is. Whether a start that is uncertain has come about is for the sweep to
 * find out, once Lambda has given it up.
 */
const isFinal = (error: Error): error is TaskerError => {
  if (!(error instanceof TaskerError) || error instanceof StartUncertain) return false;
  return !error.retryable || error instanceof ConcurrentExecution;
};

const refuse = async (
  { name: error, message: cause }: TaskerError,
  callback: ResourceCallback,
  { completions, telemetry, now }: InvokerDependencies,
): Promise<object> => {
  const { requestId, requestType, logicalResourceId } = callback;
  telemetry.warn('request for a resource is refused', { error, requestId, requestType, logicalResourceId });
  await completions.send(encodeRefusedMessage({ callback, error, cause, time: new Date(now()).toISOString() }));
  return { RequestId: requestId, Status: 'FAILED', error, cause };
};

const carryOut = async (
  plan: ResourcePlan,
  invocation: Invocation,
  dependencies: InvokerDependencies,
): Promise<object> => {
  const { request } = plan;
  const { now, config, table } = dependencies;
  checkSweepKeeps(request, config);
  const item = { ...itemOf(request, invocation, dependencies), callback: request.callback };
  const standing = await table.read(item);
  if (standing && standing.status !== 'starting') return await repeat(standing, request.callback, dependencies);
  const executeUntil = executionEnd(invocation, now());
  const waitUntil = waitEnd(invocation, now());
  const before = await clearTheWay(item, waitUntil, dependencies);
  const ended = before.filter(({ isOpen }) => isOpen).map((past) => past.item);
  const claiming = { item, onRetry: 'adopt', isShared: false, waitUntil, ended } as const;
  const claim = await claimStatement(claiming, dependencies);
  if (claim.type !== 'claimed') return await repeat(claim.item, request.callback, dependencies);
  const own = { ...claim.item, callback: request.callback };
  const past = await lookAgain(own, before, dependencies);
  if (!isNeeded(plan, past)) return await endUnneeded(own, dependencies);
  return await runClaim(request, claim, executeUntil, { invocation, dependencies });
};

/** What is asked for once more was refused, needed no statement, or has one, of which others tell the end. */
const repeat = async (
  standing: TrackingItem,
  callback: ResourceCallback,
  { completions, config }: InvokerDependencies,
): Promise<object> => {
  const { status, outcome, statementId } = standing;
  if (status === 'closed' && outcome === 'REFUSED') throw refusedBefore();
  if (status === 'closed' && outcome === 'FINISHED' && statementId === undefined) {
    await completions.send(encodeUnneededMessage(callback));
  }
  return answerOf(standing, config);
};

/**
 * Of two requests for a resource that come at once each claims its own item first and then looks for the other's: so one of
 * them sees the other.
 */
const lookAgain = async (
  own: ResourceItem,
  before: readonly PastRequest[],
  dependencies: InvokerDependencies,
): Promise<readonly PastRequest[]> => {
  const { table, now } = dependencies;
  const known = new Map(before.map((past) => [past.item.invocationKey, past]));
  try {
    const all = await table.itemsOf(own.owner);
    if (all.every(({ invocationKey }) => invocationKey === own.invocationKey || known.has(invocationKey)))
      return before;
    return await clearTheWay(own, now(), dependencies);
  } catch (error) {
    const isOver = error instanceof Overtaken;
    const { done } = await (isOver ? table.closeRefused(own, now()) : table.moveDeadline(own, now()));
    if (isOver && done) await releaseLock(own, dependencies);
    throw error;
  }
};

/** Nothing is executed: the item ends here, and the drain tells that all is done. */
const endUnneeded = async (own: ResourceItem, dependencies: InvokerDependencies): Promise<object> => {
  const { table, completions, telemetry, config, now } = dependencies;
  const written = await table.closeFinished(own, now());
  if (!written.done && written.standing?.status !== 'closed') throw inProgress();
  await releaseLock(own, dependencies);
  const { requestId, requestType, logicalResourceId } = own.callback;
  telemetry.info('request for a resource needs no statement', { requestId, requestType, logicalResourceId });
  await completions.send(encodeUnneededMessage(own.callback));
  return answerOf(own, config);
};
