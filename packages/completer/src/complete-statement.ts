import { decodeStatementName, names, type StatementEvent, type TrackingKey } from '@sfn-redshift/shared';
import { answerTask } from './answer-task.ts';
import type { DrainDependencies } from './dependencies.ts';
import { ItemKeepsChanging } from './errors.ts';
import { findOpenItem } from './open-item.ts';
import { DONE, type Settlement } from './settlement.ts';
import { type Ending, endingOf } from './statement-ending.ts';

/** How often an item may change under our hands before the message is left for later. */
const MAX_ROUNDS = 3;

/** Step 6, queue → completer → callback: the item is read, its task answered, and the item closed. */
export const completeStatement = async (
  event: StatementEvent,
  deferrals: number,
  dependencies: DrainDependencies,
): Promise<Settlement> => {
  const { telemetry, statementNamePrefix } = dependencies;
  const { statementId, statementName, state } = event;
  const key = decodeStatementName(statementNamePrefix, event.statementName);
  if (!key) {
    telemetry.count(names.METRICS.messageForeign);
    // Not by its name: what others put into theirs is not ours to log.
    telemetry.info("statement of another tasker's", { statementId });
    return DONE;
  }
  const ending = endingOf(event, deferrals);
  if (ending) return await settleEnding(ending, key, dependencies);
  telemetry.info('statement has not ended yet', { statementId, statementName, state });
  return DONE;
};

const settleEnding = async (ending: Ending, key: TrackingKey, dependencies: DrainDependencies): Promise<Settlement> => {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const item = await findOpenItem(ending, key, dependencies);
    if (!item) return DONE;
    const step = await answerTask(ending, item, dependencies);
    if (step.type !== 'startOver') return step;
  }
  throw new ItemKeepsChanging(`the item of statement ${ending.event.statementId} changed ${MAX_ROUNDS} times`);
};
