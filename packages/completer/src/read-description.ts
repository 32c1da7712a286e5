import { awsFailureOf, type TrackingItem } from '@sfn-redshift/shared';
import { readAgain, TRIES_FOR_ROWS } from './back-off.ts';
import type { AnswerDependencies } from './dependencies.ts';
import type { StatementDescription } from './owner-statements.ts';
import type { Wait } from './settlement.ts';
import type { Ending } from './statement-ending.ts';

/** A statement that has ended, where it could be read; or a while to wait before it is read again. */
export type ReadDescription = { readonly type: 'read'; readonly description: StatementDescription | undefined } | Wait;

export type DescribeDependencies = Pick<AnswerDependencies, 'statements' | 'telemetry'>;

/** How often a message is put back because the statement cannot be read now: for 315 seconds in all. */
const MAX_DEFERRALS = 6;

/**
 * Reads what its event does not tell, as the role that owns the statement. It is worth some waiting, but no task: in the end
 * that is told what is known. The rows of a batch cannot be told without it, so it is worth as much as they are. Of an ABORTED
 * statement the state says nearly all, so that is not waited for.
 */
export const readDescription = async (
  { event: { statementId, statementName }, state, deferrals, description }: Ending,
  item: TrackingItem,
  { statements, telemetry }: DescribeDependencies,
): Promise<ReadDescription> => {
  if (description) return { type: 'read', description };
  try {
    return { type: 'read', description: await statements.describe(item, statementId) };
  } catch (error) {
    const { name, kind } = awsFailureOf(error);
    telemetry.warn('statement cannot be read', { statementId, statementName, error: name, kind });
    const isWorthATry = state !== 'ABORTED' && kind !== 'refused' && deferrals < deferralsFor(state, item);
    if (isWorthATry) return readAgain(deferrals);
    return { type: 'read', description: undefined };
  }
};

const deferralsFor = (state: Ending['state'], { batch, result }: TrackingItem): number =>
  state === 'FINISHED' && batch && result ? TRIES_FOR_ROWS : MAX_DEFERRALS;
