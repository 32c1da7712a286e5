import { type BatchEvidence, names, type TrackingItem, withOwnPosition } from '@sfn-redshift/shared';
import { batchEvidenceOf } from './batch-evidence.ts';
import { inSession } from './beside-event.ts';
import { type DescribeDependencies, readDescription } from './read-description.ts';
import type { Wait } from './settlement.ts';
import type { Ending } from './statement-ending.ts';

/** Redshift's words on why a statement did not finish, where there are any. */
export interface KnownError {
  readonly type: 'known';
  readonly text: string | undefined;
  /** Of a batch: the words of the statement in it that failed. */
  readonly statementText?: string | undefined;
  readonly batch?: BatchEvidence;
  /** The item; with its session's id, where that was not noted but found. */
  readonly item: TrackingItem;
}

/** Reads the text, and of a batch what became of its statements; or a while to wait before that is read again. */
export const readErrorText = async (
  ending: Ending,
  item: TrackingItem,
  dependencies: DescribeDependencies,
): Promise<KnownError | Wait> => {
  const read = await readDescription(ending, item, dependencies);
  if (read.type === 'wait') return read;
  const { errorText, sessionId, statements } = read.description ?? {};
  const batch = item.batch && statements && batchEvidenceOf(item, item.batch, statements);
  const text = errorText || batch?.errorText;
  if (!text && ending.state === 'FAILED') dependencies.telemetry.count(names.METRICS.errorTextMissing);
  const own = text && withOwnPosition(item, text);
  return {
    type: 'known',
    text: own,
    item: inSession(item, sessionId),
    ...(batch && { statementText: batch.errorText, batch: batch.evidence }),
  };
};
