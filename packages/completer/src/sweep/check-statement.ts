import { names, type TrackingKey } from '@sfn-redshift/shared';
import { answerTask } from '../answer-task.ts';
import { ItemKeepsChanging } from '../errors.ts';
import type { SweepDependencies } from './dependencies.ts';
import { unheardEnding } from './unheard-ending.ts';

/** How often an item may change under our hands before it is left for the next time. */
const MAX_ROUNDS = 3;

/** Looks at a statement that is due. If it has ended and nobody heard of it, its task is answered as the drain would have. */
export const checkStatement = async (key: TrackingKey, dependencies: SweepDependencies): Promise<void> => {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (await settle(key, dependencies)) return;
  }
  throw new ItemKeepsChanging(`the item changed ${MAX_ROUNDS} times`);
};

/** Whether there is no more to do now; otherwise the item has changed, and is looked at anew. */
const settle = async (key: TrackingKey, dependencies: SweepDependencies): Promise<boolean> => {
  const { table, telemetry } = dependencies;
  const item = await table.read(key);
  if (!item || item.status === 'closed') return true;
  const ending = await unheardEnding(item, dependencies);
  if (!ending) return true;
  const step = await answerTask(ending, item, dependencies);
  if (step.type !== 'done') return step.type === 'wait';
  telemetry.count(names.METRICS.statementRescued);
  const { statementId, statementName } = ending.event;
  telemetry.warn('statement had ended unheard', { statementId, statementName, outcome: ending.state });
  return true;
};
