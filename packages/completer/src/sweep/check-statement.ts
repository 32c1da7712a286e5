import { awsFailureOf, names, type TrackingItem, type TrackingKey } from '@sfn-redshift/shared';
import { answerTask } from '../answer-task.ts';
import { wantsRows } from '../answer-with-rows.ts';
import { ItemKeepsChanging } from '../errors.ts';
import type { Ending, UnknownEnding } from '../statement-ending.ts';
import type { SweepDependencies } from './dependencies.ts';
import { fateOf } from './fate.ts';
import { followRunning } from './follow-running.ts';
import { lookAt, type Running } from './look-at-statement.ts';

/** How often an item may change under our hands before it is left for the next time. */
const MAX_ROUNDS = 3;

/**
 * Looks at a statement that is due. If it has ended and nobody heard of it, its task is answered as the drain would have;
 * if it runs and nobody waits for it, or for too long, it is cancelled.
 * @param isWanted whether the item, now that it is read, is to be looked at in this run
 */
export const checkStatement = async (
  key: TrackingKey,
  isWanted: (item: TrackingItem) => boolean,
  dependencies: SweepDependencies,
): Promise<void> => {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const item = await dependencies.table.read(key);
    if (!item || item.status === 'closed' || !isWanted(item)) return;
    if (await settle(item, dependencies)) return;
  }
  throw new ItemKeepsChanging(`the item changed ${MAX_ROUNDS} times`);
};

/** Whether there is no more to do now; otherwise the item has changed, and is looked at anew. */
const settle = async (item: TrackingItem, dependencies: SweepDependencies): Promise<boolean> => {
  const seen = await look(item, dependencies);
  if (!seen) return true;
  return seen.state === 'RUNNING' ? await follow(seen, item, dependencies) : await report(seen, item, dependencies);
};

/** A throttle or a fault shall not cost a task its life that asked for heartbeats: its statement may well run. */
const look = async (item: TrackingItem, dependencies: SweepDependencies): ReturnType<typeof lookAt> => {
  try {
    return await lookAt(item, dependencies);
  } catch (error) {
    const isUnknown = awsFailureOf(error).name === 'ResourceNotFoundException';
    if (item.heartbeatSeconds !== undefined && !isUnknown) await fateOf(item, dependencies);
    throw error;
  }
};

const report = async (
  ending: Ending | UnknownEnding,
  item: TrackingItem,
  dependencies: SweepDependencies,
): Promise<boolean> => {
  const { telemetry } = dependencies;
  // Reading may take long, or wait.
  if (ending.state === 'FINISHED' && wantsRows(item) && item.heartbeatSeconds !== undefined) {
    await fateOf(item, dependencies);
  }
  const step = await answerTask(ending, item, dependencies);
  if (step.type !== 'done') return step.type === 'wait';
  telemetry.count(names.METRICS.statementRescued);
  const { statementId, statementName } = ending.event;
  telemetry.warn('statement had ended unheard', { statementId, statementName, outcome: ending.state });
  return true;
};

const follow = async (
  { statementId }: Running,
  item: TrackingItem,
  dependencies: SweepDependencies,
): Promise<boolean> => {
  const isNoted = item.statementId !== undefined || (await dependencies.open.noteStatement(item, statementId));
  if (!isNoted) return false;
  await followRunning({ ...item, statementId }, dependencies);
  return true;
};
