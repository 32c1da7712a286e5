import { names, type TrackingItem } from '@sfn-redshift/shared';
import type { Step } from './answer-task.ts';
import type { Delivery } from './callback.ts';
import { CLOCK_MARGIN_SECONDS } from './clock-margin.ts';
import { closeItem } from './close-item.ts';
import type { AnswerDependencies } from './dependencies.ts';
import type { Ending, UnknownEnding } from './statement-ending.ts';

/**
 * Decides what a useless token means. It is believed only of an item that nobody has taken over with a newer token, and
 * once the claimant's time is up: until then Step Functions may not know the task yet.
 */
export const settleUndeliverable = async (
  ending: Ending | UnknownEnding,
  item: TrackingItem,
  delivery: Delivery,
  dependencies: AnswerDependencies,
): Promise<Step> => {
  const { table, telemetry, now } = dependencies;
  const current = await table.read(item);
  if (current?.generation !== item.generation || current.status === 'closed') return { type: 'startOver' };
  const leftMs = current.startDeadline - now();
  if (leftMs >= 0) return { type: 'wait', seconds: leftMs / 1000 + CLOCK_MARGIN_SECONDS };
  const step = await closeItem(ending, current, false, dependencies);
  if (step.type !== 'done') return step;
  telemetry.count(names.METRICS.callbackUndeliverable);
  telemetry.warn('nobody waits for this statement any more', {
    statementId: ending.event.statementId,
    statementName: ending.event.statementName,
    answer: delivery.type === 'gone' ? delivery.reason : delivery.type,
  });
  return step;
};
