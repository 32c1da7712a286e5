import {
  ConcurrentExecution,
  keyOfHolder,
  type LockHolder,
  names,
  needsLock,
  type TrackingItem,
} from '@sfn-redshift/shared';
import { type ClaimDependencies, inProgress } from './claim.ts';
import { CLOCK_MARGIN_MS } from './clock-margin.ts';

/** How often a lock may change hands under ours before it is left to the others. */
const MAX_ROUNDS = 3;

/**
 * Takes the lock of an item that is about to be claimed, or executed, in this generation; does nothing where it needs none.
 * So whoever executes a statement has held its lock since before the claim. Only a holder that cannot run loses it.
 * @param ended items of this request's own chain whose statements are known to have ended, though the items may be open yet
 * @throws ConcurrentExecution, StartInProgress
 */
export const holdLock = async (
  item: TrackingItem,
  dependencies: ClaimDependencies,
  ended: readonly TrackingItem[] = [],
): Promise<void> => {
  if (!needsLock(item)) return;
  const { locks, telemetry } = dependencies;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const held = await locks.hold(item);
    if (held.done) return;
    const { holder } = held;
    // Released between the write and the read.
    if (!holder) continue;
    // Another invocation claims a later generation of this very item.
    if (isHeldBy(holder, item)) throw inProgress();
    const found = await dependencies.table.read(keyOfHolder(holder));
    const isOver = ended.some((other) => isHeldBy(holder, other)) || canRunNoMore(holder, found, dependencies.now());
    if (!isOver) throw refusedFor(item, holder, found, dependencies);
    if (!(await locks.steal(item, holder))) continue;
    telemetry.count(names.METRICS.lockStolen);
    const { statementName } = item;
    telemetry.warn('lock taken from a holder that is over', { statementName, holder: holder.statementName });
    return;
  }
  throw inProgress();
};

const isHeldBy = ({ holderOwner, holderKey }: LockHolder, { owner, invocationKey }: TrackingItem): boolean =>
  holderOwner === owner && holderKey === invocationKey;

/**
 * Closed, or never claimed in time: a claimant executes nothing past its deadline. The item of an earlier generation, which is
 * closed, says nothing of the claim that is to follow it.
 */
const canRunNoMore = (holder: LockHolder, item: TrackingItem | undefined, now: number): boolean => {
  if (item && item.status !== 'closed') return false;
  if (item && item.generation >= holder.holderGeneration) return true;
  return now > holder.heldUntil + CLOCK_MARGIN_MS;
};

const refusedFor = (
  { statementName }: TrackingItem,
  holder: LockHolder,
  held: TrackingItem | undefined,
  { telemetry }: ClaimDependencies,
): ConcurrentExecution => {
  telemetry.count(names.METRICS.lockHeld);
  telemetry.info('lock is held', { statementName, holder: holder.statementName });
  return new ConcurrentExecution(
    `another statement holds the lock of this one (${held?.statementId ?? holder.statementName}); when it has ended, the same request can start`,
  );
};
