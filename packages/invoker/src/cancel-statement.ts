import { awsFailureOf, isEndState, type TrackingItem, uncancellableStateOf } from '@sfn-redshift/shared';
import type { InvokerDependencies } from './dependencies.ts';
import type { FoundStatement } from './latest.ts';

type Dependencies = Pick<InvokerDependencies, 'dataApi' | 'table' | 'telemetry'>;

/**
 * Cancels a statement; gives the Data API's answer. Of one that has ended it gives what the Data API says where nothing was
 * cancelled, since a caller that wants the statement gone has what it wants.
 */
export const cancelStatement = async (found: FoundStatement, dependencies: Dependencies): Promise<object> => {
  try {
    const answer = await dependencies.dataApi.cancel(found.id);
    if (found.item) await noteCancel(found.item, dependencies);
    return answer;
  } catch (error) {
    const state = uncancellableStateOf(awsFailureOf(error));
    if (state === undefined || !isEndState(state)) throw error;
    return { Status: false };
  }
};

/** For those who look at the item: no later attempt shall adopt what is being cancelled. The cancel stands without it. */
const noteCancel = async (item: TrackingItem, { table, telemetry }: Dependencies): Promise<void> => {
  const { statementId, statementName, status } = item;
  if (status !== 'submitted') return;
  try {
    await table.markCancelling(item);
  } catch (error) {
    telemetry.warn('cancel not noted', { statementId, statementName, error: awsFailureOf(error).name });
  }
};
