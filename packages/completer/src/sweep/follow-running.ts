import type { TrackingItem } from '@sfn-redshift/shared';
import { cancelMarked, cancelOrphan, type Identified, type Orphan } from '../cancel-orphan.ts';
import type { SweepDependencies } from './dependencies.ts';

/** A retry that comes within as much adopts the statement of the task that is gone; less than the time between two runs. */
const RETRY_COMES_WITHIN_MS = 50_000;

/** Only these can be described. */
const STANDARD_EXECUTION = /^arn:[^:]+:states:[^:]+:[^:]+:execution:/;

/** A statement runs that was looked at: it is cancelled if nobody waits for it any more. */
export const followRunning = async (item: Identified, dependencies: SweepDependencies): Promise<void> => {
  const { telemetry } = dependencies;
  const orphan = await cancelIfForsaken(item, dependencies);
  if (orphan?.type !== 'heldBack') return;
  const { statementId, statementName } = item;
  telemetry.info('cancel is left to the next run', { statementId, statementName });
};

const cancelIfForsaken = async (item: Identified, dependencies: SweepDependencies): Promise<Orphan | undefined> => {
  const { orphans, now } = dependencies;
  if (item.status === 'cancelling') return await cancelMarked(item, dependencies);
  const { callback, onTimeout, goneSince } = item;
  if (callback.type !== 'stepFunctions' || onTimeout === 'leave') return undefined;
  const fate = await fateOf(item, callback.taskToken, dependencies);
  if (fate === 'waits') return undefined;
  const mayBeAdopted = fate === 'taskGone' && now() - (goneSince ?? now()) < RETRY_COMES_WITHIN_MS;
  if (!mayBeAdopted) return await cancelOrphan(item, dependencies);
  if (goneSince === undefined) await orphans.noteGone(item, now());
  return undefined;
};

/**
 * What is known of who waits. A task that told its attempt is asked by a heartbeat; of any other, whose heartbeats are its
 * own affair, and of one that Step Functions does not know, only the end of its execution tells.
 */
const fateOf = async (
  { attempt, executionArn, owner }: TrackingItem,
  taskToken: string,
  { tasks }: SweepDependencies,
): Promise<'waits' | 'taskGone' | 'executionOver'> => {
  const answer = attempt ? await tasks.beat(taskToken) : 'unknown';
  if (answer !== 'unknown') return answer === 'gone' ? 'taskGone' : 'waits';
  const execution = executionArn ?? owner;
  const isOver = STANDARD_EXECUTION.test(execution) && (await tasks.isOver(execution));
  return isOver ? 'executionOver' : 'waits';
};
