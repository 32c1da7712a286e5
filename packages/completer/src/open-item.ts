import { names, type TrackingItem, type TrackingKey } from '@sfn-redshift/shared';
import type { DrainDependencies } from './dependencies.ts';
import type { Ending } from './statement-ending.ts';

/** The item that the statement's end is for; undefined, and counted, where there is nothing left to settle. */
export const findOpenItem = async (
  { event }: Ending,
  key: TrackingKey,
  { table, telemetry }: Pick<DrainDependencies, 'table' | 'telemetry'>,
): Promise<TrackingItem | undefined> => {
  const item = await table.read(key);
  const idle = reasonToIdle(item, event.statementId);
  if (!idle) return item;
  telemetry.count(names.METRICS[idle.metric]);
  telemetry[idle.level](idle.message, { statementId: event.statementId, statementName: event.statementName });
  return undefined;
};

const UNKNOWN_ITEM = {
  metric: 'messageUnknownItem',
  level: 'warn',
  message: 'no item for this statement: it has expired, or was never ours',
} as const;
const DUPLICATE = { metric: 'messageDuplicate', level: 'info', message: 'statement is settled already' } as const;
const MISMATCHED = { metric: 'messageMismatched', level: 'error', message: 'item is about another statement' } as const;

const reasonToIdle = (item: TrackingItem | undefined, statementId: string) => {
  if (!item) return UNKNOWN_ITEM;
  if (item.status === 'closed') return DUPLICATE;
  // An item without an id is ours all the same: the invoker may have died, or not come so far, before noting it.
  return item.statementId !== undefined && item.statementId !== statementId ? MISMATCHED : undefined;
};
