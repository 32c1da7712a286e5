import { boundedOwner, type ExecutionEvent, names, type TrackingItem } from '@sfn-redshift/shared';
import { doubled } from './back-off.ts';
import { cancelOrphan, type Orphan } from './cancel-orphan.ts';
import type { DrainDependencies } from './dependencies.ts';
import { DONE, type Settlement } from './settlement.ts';

/** A message works as long at its execution's statements, then lets others have the calls; milliseconds. */
const ROUND_MS = 5_000;

/** After a round that was not enough, or was held back: the longer, the oftener; seconds. */
const FIRST_WAIT_SECONDS = 2;
const LONGEST_WAIT_SECONDS = 60;

/**
 * An execution has ended otherwise than well: cancels what it has left running. The tasks of those statements are gone,
 * also in an execution that failed: what was still open belonged to branches that were given up.
 */
export const followExecution = async (
  event: ExecutionEvent,
  deferrals: number,
  dependencies: DrainDependencies,
): Promise<Settlement> => {
  const { orphans, telemetry } = dependencies;
  const { executionArn, status } = event;
  const round = newRound(deferrals, dependencies);
  let found = false;
  for await (const item of orphans.openItems(boundedOwner(executionArn))) {
    if (isOfLaterRun(item, event)) continue;
    if (!found) telemetry.info('execution ended with statements open', { executionArn, status, deferrals });
    found = true;
    await round.take(item);
    if (round.isOver()) break;
  }
  if (!found && deferrals === 0) telemetry.count(names.METRICS.executionForeign);
  return round.settlement();
};

/**
 * A redriven execution keeps its ARN, and its events may be late: what a later run has started, or has adopted, lives. Of
 * what was started without an attempt only the time tells.
 */
const isOfLaterRun = ({ attempt, startedAt }: TrackingItem, { redriveCount, stoppedAt }: ExecutionEvent): boolean => {
  if (attempt && redriveCount !== undefined) return attempt.redriveCount > redriveCount;
  return stoppedAt !== undefined && startedAt > stoppedAt;
};

const newRound = (deferrals: number, dependencies: DrainDependencies) => {
  const began = dependencies.now();
  const again = doubled(deferrals, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS);
  const waits: number[] = [];
  const failures: unknown[] = [];
  let heldBack = false;
  const keep = (orphan: Orphan) => {
    if (orphan.type === 'wait') waits.push(Math.min(orphan.seconds, again));
    heldBack ||= orphan.type === 'heldBack';
  };
  return {
    /** One statement that fails stops no other; it is told in the end. */
    take: async (item: TrackingItem): Promise<void> => {
      try {
        keep(await cancelOrphan(item, dependencies));
      } catch (error) {
        failures.push(error);
      }
    },
    isOver: (): boolean => {
      const timeIsUp = dependencies.now() - began >= ROUND_MS;
      if (timeIsUp) waits.push(FIRST_WAIT_SECONDS);
      if (heldBack) waits.push(again);
      return timeIsUp || heldBack;
    },
    settlement: (): Settlement => {
      if (failures.length > 0) throw failures[0];
      return waits.length > 0 ? { type: 'wait', seconds: Math.min(...waits) } : DONE;
    },
  };
};
