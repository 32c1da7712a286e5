import { awsFailureOf, type TrackingItem } from '@sfn-redshift/shared';
import type { AnswerDependencies } from './dependencies.ts';
import type { StatementDescription } from './owner-statements.ts';
import type { Ending } from './statement-ending.ts';

/** A statement that has ended, where it could be read; or a while to wait before it is read again. */
export type ReadDescription =
  | { readonly type: 'read'; readonly description: StatementDescription | undefined }
  | { readonly type: 'wait'; readonly seconds: number };

export type Reading = Pick<AnswerDependencies, 'statements' | 'telemetry'>;

/** How often a message is put back because the statement cannot be read now: after 5, 10, 20, … seconds, 315 in all. */
const MAX_DEFERRALS = 6;
const FIRST_WAIT_SECONDS = 5;

/**
 * Reads what its event does not tell, as the role that owns the statement. It is worth some waiting, but no task: in the end
 * that is told what is known. Of an ABORTED statement the state says nearly all, so that is not waited for.
 */
export const readDescription = async (
  { event: { statementId, statementName }, state, deferrals, description }: Ending,
  item: TrackingItem,
  { statements, telemetry }: Reading,
): Promise<ReadDescription> => {
  if (description) return { type: 'read', description };
  try {
    return { type: 'read', description: await statements.describe(item, statementId) };
  } catch (error) {
    const { name, kind } = awsFailureOf(error);
    telemetry.warn('statement cannot be read', { statementId, statementName, error: name, kind });
    const waits = state !== 'ABORTED' && kind !== 'refused' && deferrals < MAX_DEFERRALS;
    if (waits) return { type: 'wait', seconds: FIRST_WAIT_SECONDS * 2 ** deferrals };
    return { type: 'read', description: undefined };
  }
};
