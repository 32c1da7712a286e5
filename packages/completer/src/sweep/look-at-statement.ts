import { awsFailureOf, names, type StatementEvent, type TrackingItem } from '@sfn-redshift/shared';
import type { StatementDescription } from '../owner-statements.ts';
import { type Ending, endingOf, type UnknownEnding } from '../statement-ending.ts';
import type { SweepDependencies } from './dependencies.ts';
import { HOUR_MS, OLD_AGE_MS } from './due-ages.ts';
import { eventTime } from './event-time.ts';
import { findStarted } from './half-done-start.ts';

/** An end this young may still be on its way through the queue, and is left to the drain. */
const EVENT_UNDERWAY_MS = 15_000;

/** As long the Data API remembers a statement. */
const REMEMBERED_MS = 24 * HOUR_MS;

/** A statement that has not ended. */
export interface Running {
  readonly state: 'RUNNING';
  readonly statementId: string;
}

/** The item's statement as it is now: its end that nobody has heard of, or that it runs; undefined where it is left to others yet. */
export const lookAt = async (
  item: TrackingItem,
  dependencies: SweepDependencies,
): Promise<Ending | UnknownEnding | Running | undefined> => {
  try {
    const found = item.statementId ?? (await findStarted(item, dependencies));
    return typeof found === 'string' ? await lookAtStatement(item, found, dependencies) : found;
  } catch (error) {
    const now = dependencies.now();
    if (isForgotten(error, now - item.startedAt)) return forgotten(item, now);
    throw error;
  }
};

const lookAtStatement = async (
  item: TrackingItem,
  statementId: string,
  { statements, now }: SweepDependencies,
): Promise<Ending | Running | undefined> => {
  const description = await statements.describe(item, statementId);
  const ending = endingOf(eventOf(item, description, now()), 0);
  if (!ending) return { state: 'RUNNING', statementId };
  const unheard = now() - (description.updatedAt ?? 0) >= EVENT_UNDERWAY_MS;
  return unheard ? { ...ending, description } : undefined;
};

/** What the statement's event would have said. */
const eventOf = (
  { statementName }: TrackingItem,
  { statementId, state, rows, redshiftQueryId, updatedAt }: StatementDescription,
  now: number,
): StatementEvent => ({
  statementId,
  statementName,
  state,
  rows,
  redshiftQueryId,
  time: eventTime(updatedAt ?? now),
  received: {},
});

/**
 * Whether the Data API will never tell more. Of a statement that it has forgotten it says so in one of two ways. Any other
 * refusal, such as of a permission, may be put right, but nobody waits for that longer than a statement can run.
 */
const isForgotten = (error: unknown, age: number): boolean => {
  const { kind, name, message } = awsFailureOf(error);
  if (kind !== 'refused') return false;
  const forgets = name === 'ResourceNotFoundException' || (name === 'ValidationException' && /expired/i.test(message));
  return age >= (forgets ? REMEMBERED_MS : OLD_AGE_MS);
};

const forgotten = ({ statementId, statementName }: TrackingItem, now: number): UnknownEnding => ({
  event: { statementId, statementName, time: eventTime(now) },
  state: 'UNKNOWN',
  error: names.ERROR_NAMES.statementUnknown,
  message:
    'How the statement ended cannot be known any more: no event told it, and Redshift does not tell it to the role that started it. It may have done its work.',
});
