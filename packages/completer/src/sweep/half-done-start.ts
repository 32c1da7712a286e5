import { names, type TrackingItem } from '@sfn-redshift/shared';
import type { UnknownEnding } from '../statement-ending.ts';
import type { SweepDependencies } from './dependencies.ts';
import { HOUR_MS } from './due-ages.ts';
import { eventTime } from './event-time.ts';

/** Clocks of the invoker and ours may differ by as much, roughly. */
const CLOCK_MARGIN_MS = 5_000;

/** A claim older than 7 hours is not executed any more; the invocation that took it over just before is over, too, by now. */
const NEVER_EXECUTED_MS = 7 * HOUR_MS + HOUR_MS / 4;

/** A statement that was started is listed by then. */
const LISTED_WITHIN_MS = 60_000;

/**
 * Finds out what became of a claim without a statement: the id of the statement that was started after all; undefined
 * while its claimant, or a repeat of it, may still start one; in the end that nobody will. It never starts one itself.
 */
export const findStarted = async (
  item: TrackingItem,
  { statements, now }: SweepDependencies,
): Promise<string | UnknownEnding | undefined> => {
  const { statementName, startDeadline } = item;
  if (now() <= startDeadline + CLOCK_MARGIN_MS) return undefined;
  const [newest] = await statements.listByName(item, statementName);
  if (newest) return newest.statementId;
  return isExecutedNoMore(item, now()) ? uncertain(item, now()) : undefined;
};

const isExecutedNoMore = ({ givenUp, startDeadline, startedAt }: TrackingItem, now: number): boolean =>
  now - startedAt >= NEVER_EXECUTED_MS || (givenUp !== undefined && now - startDeadline >= LISTED_WITHIN_MS);

const uncertain = ({ statementName, givenUp }: TrackingItem, now: number): UnknownEnding => ({
  event: { statementId: undefined, statementName, time: eventTime(now) },
  state: 'UNKNOWN',
  error: names.ERROR_NAMES.startUncertain,
  message:
    'The start of the statement was tried, and nothing tells that it succeeded: Redshift lists no statement of this name. It will not be started any more.'.concat(
      givenUp === undefined ? '' : ` The last try: ${givenUp}`,
    ),
});
