import type { TrackingItem } from '@sfn-redshift/shared';
import {
  type Claim,
  type ClaimDependencies,
  type ClaimRequest,
  checkTakeOver,
  concurrent,
  inProgress,
  isForsaken,
  isStarting,
  refuseUncertain,
} from './claim.ts';
import { takeOverItem } from './take-over-item.ts';

/**
 * Another request under the same idempotency key: the statement that stands there is given to its task, unless another
 * task waits for that. A request without a callback takes nothing over: nobody waits for its outcome.
 * @throws ConcurrentExecution, StartInProgress, StartUncertain
 */
export const shareStatement = async (
  standing: TrackingItem,
  { item }: ClaimRequest,
  dependencies: ClaimDependencies,
): Promise<Claim> => {
  if (isStarting(standing)) checkTakeOver(standing, dependencies);
  else if (item.callback.type === 'none') return { type: 'repeated', item: standing };
  // What cannot be known any more, or was never known, is not started a second time.
  if (standing.status === 'closed' && !standing.statementId) return refuseUncertain(standing, dependencies);
  if (isWaitedFor(standing) && !(await isForsaken(standing, dependencies))) throw concurrent(standing);
  const claim = await takeOverItem(standing, item, () => true, dependencies);
  if (!claim) throw inProgress();
  return claim;
};

/** Whether some task may still wait: one that was told does not, nor does who gave no callback. */
const isWaitedFor = ({ callback, delivered }: TrackingItem): boolean => callback.type !== 'none' && delivered !== true;
