import type { TaskResult, TrackingItem } from '@sfn-redshift/shared';
import type { BatchStatement } from './batch-statement.ts';
import { type Reading, readDescription } from './read-description.ts';
import type { Settlement } from './settlement.ts';
import type { Ending } from './statement-ending.ts';
import { successAnswer } from './task-answer.ts';

export type BatchItem = TrackingItem & { readonly batch: NonNullable<TrackingItem['batch']> };

export const isBatch = (item: TrackingItem): item is BatchItem => item.batch !== undefined;

/** What the Data API says where there is nothing to count. */
const UNKNOWN = -1;

/**
 * What the task of a batch that has finished is told: one entry for each of its statements, in order. No event tells of them,
 * so the batch is read; where that cannot be, the counts are unknown, and the rest follows from the batch's own end.
 */
export const answerOfBatch = async (
  ending: Ending,
  item: BatchItem,
  reading: Reading,
): Promise<TaskResult | Extract<Settlement, { type: 'wait' }>> => {
  const read = await readDescription(ending, item, reading);
  if (read.type === 'wait') return read;
  const statements = read.description?.statements?.map(entryOf) ?? unread(ending, item);
  return successAnswer(ending, item, { statements });
};

const entryOf = ({ statementId, state, rows, redshiftQueryId }: BatchStatement) => ({
  statementId,
  state,
  rows,
  redshiftQueryId,
});

const unread = ({ event: { statementId }, state }: Ending, { batch }: BatchItem) =>
  Array.from({ length: batch.statements }, (_entry, index) => ({
    statementId: `${statementId}:${index + 1}`,
    state,
    rows: UNKNOWN,
    redshiftQueryId: UNKNOWN,
  }));
