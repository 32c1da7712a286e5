import { awsFailureOf, names, type TrackingItem, withOwnPosition } from '@sfn-redshift/shared';
import type { AnswerDependencies } from './dependencies.ts';
import type { Ending } from './statement-ending.ts';

/** Redshift's words on why a statement did not finish, where there are any; or a while to wait before asking again. */
export type ErrorText =
  | { readonly type: 'known'; readonly text: string | undefined }
  | { readonly type: 'wait'; readonly seconds: number };

type Reading = Pick<AnswerDependencies, 'statements' | 'telemetry'>;

/** How often a message is put back because the text cannot be read now: after 5, 10, 20, … seconds, 315 in all. */
const MAX_DEFERRALS = 6;
const FIRST_WAIT_SECONDS = 5;

/**
 * Reads the text as the role that owns the statement. It is worth some waiting, but no task: in the end it is told that
 * the statement failed even if nobody can say why. Of an ABORTED statement the state says nearly all, so that is not
 * waited for.
 */
export const readErrorText = async (ending: Ending, item: TrackingItem, reading: Reading): Promise<ErrorText> => {
  const { statementId, statementName } = ending.event;
  if (ending.description) return known(ending, item, ending.description.errorText, reading);
  try {
    const { errorText } = await reading.statements.describe(item, statementId);
    return known(ending, item, errorText, reading);
  } catch (error) {
    const { name, kind } = awsFailureOf(error);
    reading.telemetry.warn('error text cannot be read', { statementId, statementName, error: name, kind });
    const waits = ending.state !== 'ABORTED' && kind !== 'refused' && ending.deferrals < MAX_DEFERRALS;
    if (waits) return { type: 'wait', seconds: FIRST_WAIT_SECONDS * 2 ** ending.deferrals };
    return known(ending, item, undefined, reading);
  }
};

const known = ({ state }: Ending, item: TrackingItem, text: string | undefined, { telemetry }: Reading): ErrorText => {
  if (!text && state === 'FAILED') telemetry.count(names.METRICS.errorTextMissing);
  return { type: 'known', text: text && withOwnPosition(item, text) };
};
