import type { TrackingItem } from '@sfn-redshift/shared';
import type { SweepDependencies } from './dependencies.ts';

/** What is known of who waits for a statement. */
export type Fate = 'waits' | 'taskGone' | 'executionOver' | 'callbackGone';

/** Only these can be described. */
const STANDARD_EXECUTION = /^arn:[^:]+:states:[^:]+:[^:]+:execution:/;

/**
 * Asks after the item's task. One that told its attempt, or asked for heartbeats, is asked by a heartbeat. Of any other,
 * whose heartbeats are its own affair, and of one that Step Functions does not know, only the end of its execution tells.
 * A callback of a durable function is always asked: no payload of old can have one, and nothing else tells of its end.
 */
export const fateOf = async (
  item: TrackingItem,
  { tasks, durable }: Pick<SweepDependencies, 'tasks' | 'durable'>,
): Promise<Fate> => {
  const { callback, attempt, heartbeatSeconds, executionArn, owner } = item;
  if (callback.type === 'durableFunction') {
    return (await durable.beat(callback.callbackId)) === 'gone' ? 'callbackGone' : 'waits';
  }
  if (callback.type !== 'stepFunctions') return 'waits';
  const isAsked = attempt !== undefined || heartbeatSeconds !== undefined;
  const answer = isAsked ? await tasks.beat(callback.taskToken) : 'unknown';
  if (answer !== 'unknown') return answer === 'gone' ? 'taskGone' : 'waits';
  const execution = executionArn ?? owner;
  const isOver = STANDARD_EXECUTION.test(execution) && (await tasks.isOver(execution));
  return isOver ? 'executionOver' : 'waits';
};
