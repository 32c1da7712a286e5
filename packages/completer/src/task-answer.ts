import {
  type BatchEvidence,
  failureOf,
  names,
  otherFailureOf,
  type StatementEvidence,
  successOf,
  type TaskResult,
  type TrackingItem,
  threadOf,
} from '@sfn-redshift/shared';
import type { RowsFailure } from './result/read-result.ts';
import { type Ending, overrunText, type UnknownEnding } from './statement-ending.ts';

/** Bytes of UTF-8 that SendTaskSuccess takes, and SendDurableExecutionCallbackSuccess as well. */
export const MAX_OUTPUT_BYTES = 262_144;

/**
 * What the task of a finished statement is told; an output that is too large fails it, since nothing is cut silently.
 * @param more what the output has beside the event
 */
export const successAnswer = (
  ending: Ending,
  item: TrackingItem,
  more: Readonly<Record<string, unknown>> = {},
): TaskResult => {
  const result = successOf(ending.event, threadOf(item), more);
  const bytes = result.type === 'success' ? Buffer.byteLength(JSON.stringify(result.output)) : 0;
  if (bytes <= MAX_OUTPUT_BYTES) return result;
  const message = `The statement finished, but its output has ${bytes} bytes of UTF-8; a callback takes at most ${MAX_OUTPUT_BYTES}.`;
  return otherFailureOf(evidenceOf(ending, item), names.ERROR_NAMES.outputTooLarge, message);
};

/** What the task of a finished statement is told whose rows are not what it asked for. */
export const resultFailureAnswer = (ending: Ending, item: TrackingItem, failure: RowsFailure): TaskResult =>
  otherFailureOf(evidenceOf(ending, item), failure.error, failure.message, failure.details);

/** What the task of a finished statement is told when its output is not taken. */
export const refusedOutputAnswer = (ending: Ending | UnknownEnding, item: TrackingItem): TaskResult =>
  otherFailureOf(
    evidenceOf(ending, item),
    names.ERROR_NAMES.outputRefused,
    'The statement finished, but its output was refused as invalid.',
  );

/** What the task of a statement that did not finish is told. */
export const failureAnswer = (
  ending: Ending,
  state: 'FAILED' | 'ABORTED',
  item: TrackingItem,
  errorText: string | undefined,
  error: string = state,
  batch?: BatchEvidence,
): TaskResult =>
  failureOf({
    ...evidenceOf(ending, item),
    state,
    error,
    ...(errorText !== undefined && { errorText }),
    ...(batch && { batch }),
  });

/** What the task is told whose statement we have cancelled because it ran too long. */
export const overrunAnswer = (ending: Ending, item: TrackingItem, batch?: BatchEvidence): TaskResult =>
  failureAnswer(ending, 'ABORTED', item, overrunText(item), undefined, batch);

/** What the task of a statement is told of which nobody knows the end. */
export const unknownAnswer = (ending: UnknownEnding, item: TrackingItem): TaskResult =>
  otherFailureOf(evidenceOf(ending, item), ending.error, ending.message);

const evidenceOf = ({ state, event }: Ending | UnknownEnding, item: TrackingItem): StatementEvidence => {
  const { statementId, statementName, time } = event;
  const sessionId = item.session?.id;
  return {
    state,
    statementId,
    statementName,
    ...(sessionId !== undefined && { sessionId }),
    shortSql: item.shortSql,
    time,
    thread: threadOf(item),
  };
};
