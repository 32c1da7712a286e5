import { type BatchEvidence, names, type TrackingItem, withOwnPosition } from '@sfn-redshift/shared';
import { batchEvidenceOf } from './batch-evidence.ts';
import { inSession } from './beside-event.ts';
import { type Reading, readDescription } from './read-description.ts';
import type { Ending } from './statement-ending.ts';

/** Redshift's words on why a statement did not finish, where there are any; or a while to wait before asking again. */
export type ErrorText =
  | {
      readonly type: 'known';
      readonly text: string | undefined;
      /** Of a batch: the words of the statement in it that failed. */
      readonly statementText?: string | undefined;
      readonly batch?: BatchEvidence;
      /** The item; with its session's id, where that was not noted but found. */
      readonly item: TrackingItem;
    }
  | { readonly type: 'wait'; readonly seconds: number };

/** Reads the text, and of a batch what became of its statements. */
export const readErrorText = async (ending: Ending, item: TrackingItem, reading: Reading): Promise<ErrorText> => {
  const read = await readDescription(ending, item, reading);
  if (read.type === 'wait') return read;
  const { errorText, sessionId, statements } = read.description ?? {};
  const batch = item.batch && statements && batchEvidenceOf(item, item.batch, statements);
  const text = errorText || batch?.errorText;
  if (!text && ending.state === 'FAILED') reading.telemetry.count(names.METRICS.errorTextMissing);
  const own = text && withOwnPosition(item, text);
  return {
    type: 'known',
    text: own,
    item: inSession(item, sessionId),
    ...(batch && { statementText: batch.errorText, batch: batch.evidence }),
  };
};
