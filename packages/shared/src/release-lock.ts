import { awsFailureOf } from './aws-failure.ts';
import { type LockedItem, needsLock } from './lock.ts';
import { METRICS } from './names.ts';
import type { Telemetry } from './telemetry.ts';
import type { TrackingItem } from './tracking-item.ts';

/** The locks, as far as an end concerns them. */
export interface HeldLocks {
  /** Lets the lock go, if the item holds it, in this generation or an earlier one; tells whether it did. */
  release(item: LockedItem): Promise<boolean>;
}

interface Dependencies {
  readonly locks: HeldLocks;
  readonly telemetry: Pick<Telemetry, 'count' | 'error'>;
}

/**
 * Lets go the lock of a statement that has ended, or was never started. If it fails, nobody is kept from being told: who
 * wants the lock takes it once the item is closed.
 */
export const releaseLock = async (item: TrackingItem, { locks, telemetry }: Dependencies): Promise<void> => {
  if (!needsLock(item)) return;
  try {
    await locks.release(item);
  } catch (error) {
    const { statementName } = item;
    telemetry.count(METRICS.lockNotReleased);
    telemetry.error('lock not released', { statementName, error: awsFailureOf(error).name });
  }
};
