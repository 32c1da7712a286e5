import { pick, type TrackingItem } from '@sfn-redshift/shared';
import { type Claim, type ClaimDependencies, checkTakeOver, claimed, isSameTask, isStarting } from './claim.ts';
import { holdLock } from './hold-lock.ts';
import { OF_END, OF_TASK } from './of-task.ts';

/** How often an item may change under our hands before it is left to whoever changes it. */
const MAX_ROUNDS = 3;

/**
 * Makes the statement of an item that nobody waits for this request's own, in the next generation. A claim without a
 * statement is executed under its old ClientToken, which gives the statement that may have been started.
 * @param mayTake whether an item, as it stands, is one to take over; asked anew when it has changed
 * @returns undefined where another request was faster, or the item is not to be taken over
 * @throws StartInProgress, StartUncertain; ConcurrentExecution where another statement has got its lock
 */
export const takeOverItem = async (
  found: TrackingItem,
  request: TrackingItem,
  mayTake: (item: TrackingItem) => boolean,
  dependencies: ClaimDependencies,
): Promise<Claim | undefined> => {
  let [standing, before]: [TrackingItem | undefined, TrackingItem | undefined] = [found, undefined];
  for (let round = 0; standing && round < MAX_ROUNDS; round++) {
    if (isSameTask(standing, request)) {
      // Taken by another invocation of this very request, or by our own write whose answer was lost.
      if (!isStarting(standing) || isOwnWrite(standing, request)) return claimOf(before, standing, request);
    } else if (standing.generation !== found.generation || !mayTake(standing)) return undefined;
    const next = takenOver(standing, request);
    if (isStarting(standing)) {
      checkTakeOver(standing, dependencies);
      // In the generation that stands: if the item stays in it, its end must release the lock.
      await holdLock({ ...next, generation: standing.generation }, dependencies);
    }
    const written = await dependencies.table.takeOver(standing, next);
    if (written.done) return claimOf(standing, next, request);
    [before, standing] = [standing, written.standing];
  }
  return undefined;
};

const isOwnWrite = ({ startDeadline }: TrackingItem, request: TrackingItem): boolean =>
  startDeadline === request.startDeadline;

const takenOver = (standing: TrackingItem, request: TrackingItem): TrackingItem => {
  const { callback, startDeadline, expiresAt } = request;
  // Whoever is told that the statement was cancelled for its limit is told the limit that it was.
  const { maxRuntimeSeconds } = standing.cancelCause === undefined ? request : standing;
  return {
    ...withoutTask(standing),
    status: standing.status === 'closed' ? 'submitted' : standing.status,
    generation: standing.generation + 1,
    ...(isStarting(standing) && { startGeneration: standing.startGeneration ?? standing.generation }),
    callback,
    startDeadline,
    expiresAt,
    ...pick({ ...request, maxRuntimeSeconds }, OF_TASK),
  };
};

const OF_TASK_BEFORE: readonly string[] = [...OF_TASK, ...OF_END];

/** What tells of the task before, what it asked for and how it was answered, is not the next one's. All of it may be absent. */
const withoutTask = (item: TrackingItem): TrackingItem =>
  Object.fromEntries(Object.entries(item).filter(([name]) => !OF_TASK_BEFORE.includes(name))) as TrackingItem;

/** What the taking over of `before` has come to. */
const claimOf = (before: TrackingItem | undefined, item: TrackingItem, request: TrackingItem): Claim => {
  if (before?.status === 'closed' && item.status === 'submitted') return { type: 'reopened', item, ended: before };
  return isStarting(item) && isOwnWrite(item, request) ? claimed(item, false) : { type: 'adopted', item };
};
