import type { TrackingItem } from '@sfn-redshift/shared';
import { type Claim, type ClaimDependencies, type ClaimRequest, isSameTask } from './claim.ts';
import { takeOverItem } from './take-over-item.ts';

/** How an item can be that a retry adopts: its statement runs, may yet run, or has ended without anybody knowing that its task was told. */
export const isAdoptable = ({ status, outcome, delivered, statementId }: TrackingItem): boolean => {
  if (status !== 'closed') return status !== 'cancelling';
  // One that was aborted has had no effect, and mostly it was us who aborted it, because its task had ended.
  return delivered === false && statementId !== undefined && (outcome === 'FINISHED' || outcome === 'FAILED');
};

/**
 * The note, under the retry's own key, that it starts nothing and adopts `earlier` as it stands. So the key alone decides,
 * by one conditional write, whether the retry starts or adopts, and every repeat of it finds out which.
 */
export const pointerTo = (earlier: TrackingItem, item: TrackingItem): TrackingItem => ({
  ...item,
  status: 'closed',
  callback: { type: 'none' },
  adopts: { invocationKey: earlier.invocationKey, generation: earlier.generation },
});

/** Adopts an earlier attempt's item; undefined where it cannot be had any more. */
export const adoptItem = async (
  earlier: TrackingItem,
  { item }: ClaimRequest,
  dependencies: ClaimDependencies,
): Promise<Claim | undefined> => await takeOverItem(earlier, item, isAdoptable, dependencies);

/** Does what a pointer says, or finds that it was done; undefined where it cannot be done any more. */
export const adoptPointed = async (
  { owner, adopts }: TrackingItem,
  request: ClaimRequest,
  dependencies: ClaimDependencies,
): Promise<Claim | undefined> => {
  if (!adopts) return undefined;
  const { invocationKey, generation } = adopts;
  const found = await dependencies.table.read({ owner, invocationKey });
  if (!found || (found.generation !== generation && !isSameTask(found, request.item))) return undefined;
  return await adoptItem(found, request, dependencies);
};
