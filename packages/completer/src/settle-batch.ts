import { names } from '@sfn-redshift/shared';
import type { SQSBatchItemFailure, SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { toCompletionMessage } from './completion-message.ts';
import { startDeadline } from './deadline.ts';
import type { DrainDependencies } from './dependencies.ts';
import { errorEvidenceOf } from './error-evidence.ts';
import { type InOrder, inOrderPerKey } from './in-order.ts';
import { aboutMessage, orderKeyOf, settleMessage } from './settle-message.ts';

/** The function answers this much before its deadline, else one call that hangs would fail its whole batch. */
const RESERVE_MS = 2_000;
const RESERVE_SHARE = 0.1;

/** Of the time before; what is long is then brought to its end. */
const LONG_WORK_SHARE = 0.75;

/**
 * Settles every message alone and all at once, but those of one statement one after another: of two copies of one event
 * the second finds the item closed. Answers which messages are to be received again.
 */
export const settleBatch = async (
  records: readonly SQSRecord[],
  remainingMs: number,
  dependencies: DrainDependencies,
): Promise<SQSBatchResponse> => {
  const timeMs = remainingMs - Math.min(RESERVE_MS, remainingMs * RESERVE_SHARE);
  const deadline = startDeadline(timeMs);
  const batch = { inOrder: inOrderPerKey(), timeUp: deadline.reached };
  const timed = { ...dependencies, until: dependencies.now() + timeMs * LONG_WORK_SHARE };
  const failures = await Promise.all(records.map((record) => settleAlone(record, batch, timed)));
  deadline.clear();
  return { batchItemFailures: failures.flat() };
};

interface Batch {
  readonly inOrder: InOrder;
  readonly timeUp: Promise<never>;
}

const settleAlone = async (
  record: SQSRecord,
  { inOrder, timeUp }: Batch,
  dependencies: DrainDependencies,
): Promise<readonly SQSBatchItemFailure[]> => {
  try {
    const message = toCompletionMessage(record);
    const settled = inOrder(orderKeyOf(message), () => settleMessage(message, dependencies));
    await Promise.race([settled, timeUp]);
    return [];
  } catch (error) {
    const { telemetry, statementNamePrefix } = dependencies;
    const { messageId } = record;
    const about = aboutMessage(record, statementNamePrefix);
    telemetry.count(names.METRICS.messageRetried);
    telemetry.error('message will be received again', { messageId, ...about, ...errorEvidenceOf(error) });
    return [{ itemIdentifier: messageId }];
  }
};
