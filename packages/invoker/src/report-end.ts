import { awsFailureOf, type StatementEvent, type TrackingItem, UNKNOWN_NUMBER } from '@sfn-redshift/shared';
import type { StatementDescription } from './data-api.ts';
import type { InvokerDependencies } from './dependencies.ts';

type Dependencies = Pick<InvokerDependencies, 'dataApi' | 'completions' | 'telemetry' | 'now'>;

/** A description must be there at once; a call that waits needs at least this. */
const WAIT_SECONDS = 1;

/**
 * Hands the drain the end of a statement that was reopened for another task, so that it tells that one too: only the
 * completer answers. If that fails, the sweep finds the open item and does the same.
 * @param until epoch milliseconds; past it the work is given up
 */
export const reportEnd = async (
  item: TrackingItem,
  ended: TrackingItem,
  until: number,
  dependencies: Dependencies,
): Promise<void> => {
  const { completions, telemetry } = dependencies;
  const { statementId, statementName } = item;
  try {
    const described = await describe(item, until, dependencies);
    await completions.report(eventOf(ended, described, dependencies.now()));
  } catch (error) {
    telemetry.error('end of an adopted statement not handed on', {
      statementId,
      statementName,
      error: awsFailureOf(error).name,
    });
  }
};

/** What only the Data API knows, for as long as it does: a day after the end. */
const describe = async (
  { statementId = '', statementName }: TrackingItem,
  until: number,
  { dataApi, telemetry, now }: Dependencies,
): Promise<StatementDescription> => {
  try {
    return await dataApi.awaitEnd(statementId, WAIT_SECONDS, AbortSignal.timeout(Math.max(0, until - now())));
  } catch (error) {
    telemetry.warn('ended statement cannot be described', {
      statementId,
      statementName,
      error: awsFailureOf(error).name,
    });
    return {};
  }
};

const eventOf = (
  { statementId = '', statementName, outcome, closedAt }: TrackingItem,
  { ResultRows = UNKNOWN_NUMBER, RedshiftQueryId = UNKNOWN_NUMBER, UpdatedAt }: StatementDescription,
  now: number,
): StatementEvent => ({
  statementId,
  statementName,
  state: outcome ?? '',
  rows: ResultRows,
  redshiftQueryId: RedshiftQueryId,
  time: (UpdatedAt ?? new Date(closedAt ?? now)).toISOString(),
  received: {},
});
