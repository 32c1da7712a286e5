import type { ResourceCallback, ResourcePlan } from '@sfn-redshift/shared';
import type { PastRequest } from './clear-the-way.ts';

/** Whether the SQL of a request is to be run, now that it is known what became of those before it; the newest first. */
export const isNeeded = ({ request, runs }: ResourcePlan, past: readonly PastRequest[]): boolean => {
  if (request.sqlStatement === '') return false;
  if (runs === 'ifMade') return lastMade(past) === 'made';
  if (runs === 'unlessNotMade') return lastMade(past) !== 'notMade';
  return runs === 'always' || !isThereStill(request.callback, past);
};

/** What is known of a resource whose id CloudFormation has made up, because it had not heard of one yet. */
const lastMade = (past: readonly PastRequest[]): 'made' | 'notMade' | 'unknown' => {
  const last = past.find(({ item, outcome }) => item.callback.requestType !== 'Delete' || outcome === 'FINISHED');
  if (!last) return 'unknown';
  const { requestType } = last.item.callback;
  return requestType === 'Delete' || (requestType === 'Create' && hadNoEffect(last)) ? 'notMade' : 'made';
};

const hadNoEffect = ({ outcome }: PastRequest): boolean =>
  outcome === 'REFUSED' || outcome === 'FAILED' || outcome === 'ABORTED';

/**
 * Whether what an update is to go back to was never deleted: the update before has made another in its place, and that one
 * was deleted by nobody since.
 */
const isThereStill = (callback: ResourceCallback, past: readonly PastRequest[]): boolean => {
  const { physicalResourceId: wanted, failedResourceId: current } = callback;
  const last = past.find(
    ({ item, outcome }) =>
      outcome === 'FINISHED' && [item.callback.physicalResourceId, item.callback.failedResourceId].includes(wanted),
  );
  return last?.item.callback.failedResourceId === wanted && last.item.callback.physicalResourceId === current;
};
