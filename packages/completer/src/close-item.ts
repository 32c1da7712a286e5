import { names, type TrackingItem } from '@sfn-redshift/shared';
import type { Step } from './answer-task.ts';
import type { AnswerDependencies } from './dependencies.ts';
import { DONE } from './settlement.ts';
import type { Ending, UnknownEnding } from './statement-ending.ts';

const METRIC_OF = {
  FAILED: names.METRICS.statementFailed,
  ABORTED: names.METRICS.statementAborted,
  UNKNOWN: names.METRICS.statementUnknown,
} as const;

/**
 * Closes the item. If it was closed meanwhile, or another attempt has taken it over, it is looked at anew: that attempt
 * waits for an answer of its own.
 */
export const closeItem = async (
  { state, event }: Ending | UnknownEnding,
  item: TrackingItem,
  delivered: boolean | undefined,
  { table, telemetry, now }: AnswerDependencies,
): Promise<Step> => {
  const { statementId, statementName } = event;
  const stateName = item.attempt?.state;
  const about = { statementId, statementName, stateName, generation: item.generation, outcome: state, delivered };
  if (!(await table.close(item, { outcome: state, delivered, statementId, closedAt: now() }))) {
    telemetry.warn('item was changed meanwhile', about);
    return { type: 'startOver' };
  }
  if (state !== 'FINISHED') telemetry.count(METRIC_OF[state]);
  telemetry.info('statement is settled', about);
  return DONE;
};
