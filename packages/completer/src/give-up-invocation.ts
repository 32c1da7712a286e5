import {
  type FailedInvocation,
  isResourceEvent,
  MalformedMessage,
  parseResourceEvent,
  type ResourceCallback,
  refusalCallbackOf,
  resourceKeyOf,
  TaskerError,
  type TrackingItem,
} from '@sfn-redshift/shared';
import { answerOnly } from './answer-resource.ts';
import type { DrainDependencies } from './dependencies.ts';
import { nothingRun, resourceFailure } from './resource-answer.ts';
import { DONE, type Settlement } from './settlement.ts';

/** An item that changes under our hands is looked at again in as much. */
const SOON_SECONDS = 2;

/** What is noted of an error. */
const MAX_NOTE_LENGTH = 512;

/**
 * Lambda has given up an invocation of the invoker, so nobody repeats it. If it was CloudFormation's, whoever waits there is
 * told; unless the statement runs, or may: that is for its end, or for the sweep to find out. Others have no callback that
 * could be trusted to be waiting, and are in the dead-letter queue.
 */
export const giveUpInvocation = async (
  invocation: FailedInvocation,
  dependencies: DrainDependencies,
): Promise<Settlement> => {
  const { table, telemetry } = dependencies;
  const { condition, error } = invocation;
  telemetry.warn('Lambda has given up an invocation of the invoker', { condition, error });
  if (!isResourceEvent(invocation.payload)) return DONE;
  const callback = callbackIn(invocation.payload);
  const item = await table.read(resourceKeyOf(callback));
  if (item && item.status !== 'closed') return await giveUpStart(item, invocation, dependencies);
  const answered = item?.callback.type === 'cloudFormation' ? item.callback : callback;
  await tell(item, answered, invocation, dependencies);
  return DONE;
};

/** @throws MalformedMessage for an event that cannot be answered */
const callbackIn = (payload: Record<string, unknown>): ResourceCallback => {
  try {
    return refusalCallbackOf(parseResourceEvent(payload));
  } catch (error) {
    if (error instanceof TaskerError) throw new MalformedMessage('invocation.requestPayload', error.message);
    throw error;
  }
};

/** Of what was refused, or needed no statement, the invoker could not tell; of all else somebody has. */
const tell = async (
  item: TrackingItem | undefined,
  callback: ResourceCallback,
  { error, cause }: FailedInvocation,
  dependencies: DrainDependencies,
): Promise<void> => {
  const isUnneeded = item?.outcome === 'FINISHED' && item.statementId === undefined;
  if (isUnneeded) return await answerOnly(nothingRun, callback, dependencies);
  if (item && item.outcome !== 'REFUSED') return;
  await answerOnly(resourceFailure(error, cause), callback, dependencies);
};

/** The sweep looks for its statement from now on, and tells if there is none. */
const giveUpStart = async (
  item: TrackingItem,
  { error, cause }: FailedInvocation,
  { orphans }: DrainDependencies,
): Promise<Settlement> => {
  if (item.status !== 'starting' || item.statementId !== undefined) return DONE;
  const noted = await orphans.noteGivenUp(item, `${error}: ${cause}`.slice(0, MAX_NOTE_LENGTH).toWellFormed());
  return noted ? DONE : { type: 'wait', seconds: SOON_SECONDS };
};
