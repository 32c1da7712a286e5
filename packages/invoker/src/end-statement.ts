import { awsFailureOf, isEndState, names, StartInProgress, type TrackingItem } from '@sfn-redshift/shared';
import type { ClaimDependencies, ClaimRequest } from './claim.ts';

/** The longest that one call waits for the end; the Data API knows whole seconds. */
const MAX_WAIT_SECONDS = 5;

/**
 * Cancels the statement of an earlier attempt and waits for its end. Its own task is gone, so nobody misses it. Gives the
 * Data API's word for that end; undefined where it has forgotten the statement.
 * @throws StartInProgress where it does not end in time: two never run knowingly
 */
export const endStatement = async (
  earlier: TrackingItem,
  { waitUntil }: Pick<ClaimRequest, 'waitUntil'>,
  dependencies: ClaimDependencies,
): Promise<string | undefined> => {
  const { table, telemetry } = dependencies;
  if (earlier.status !== 'cancelling' && !(await table.markCancelling(earlier)).done) throw notEnded();
  const { statementId, statementName } = earlier;
  if (!statementId) throw notEnded();
  await cancel(statementId, statementName, dependencies);
  const end = await endOf(statementId, waitUntil, dependencies);
  telemetry.count(names.METRICS.statementRestarted);
  telemetry.info('statement of an earlier attempt has ended', { statementId, statementName, state: end });
  return end;
};

const notEnded = () =>
  new StartInProgress(
    'the statement of an earlier attempt is being cancelled and has not ended yet; repeat the request in a moment',
  );

/** A refusal mostly says that it has ended already; the wait for its end finds out. */
const cancel = async (
  statementId: string,
  statementName: string,
  { dataApi, telemetry }: ClaimDependencies,
): Promise<void> => {
  try {
    await dataApi.cancel(statementId);
  } catch (error) {
    const { kind, name } = awsFailureOf(error);
    if (kind !== 'refused') throw error;
    telemetry.info('cancelling was refused', { statementId, statementName, error: name });
  }
};

const endOf = async (
  statementId: string,
  waitUntil: number,
  { dataApi, now }: ClaimDependencies,
): Promise<string | undefined> => {
  for (let left = waitUntil - now(); left > 0; left = waitUntil - now()) {
    const seconds = Math.min(MAX_WAIT_SECONDS, Math.max(1, Math.floor(left / 1000)));
    try {
      const { Status = '' } = await dataApi.awaitEnd(statementId, seconds, AbortSignal.timeout(left));
      if (isEndState(Status)) return Status;
    } catch (error) {
      const { name } = awsFailureOf(error);
      // The Data API forgets a statement a day after its end.
      if (name === 'ResourceNotFoundException') return undefined;
      if (name === 'AbortError') break;
      throw error;
    }
  }
  throw notEnded();
};
