import { awsFailureOf, names, type TrackingItem } from '@sfn-redshift/shared';
import type { AnswerDependencies } from './dependencies.ts';
import type { LockedItem } from './lock-table.ts';

/**
 * Lets go the lock of a statement that has ended. Before its task is told, so that the next state finds the lock free. If it
 * fails, nobody is kept from being told: who wants the lock takes it once the item is closed.
 */
export const releaseLock = async (item: TrackingItem, { locks, telemetry }: AnswerDependencies): Promise<void> => {
  if (!holdsLock(item)) return;
  try {
    await locks.release(item);
  } catch (error) {
    const { statementName } = item;
    telemetry.count(names.METRICS.lockNotReleased);
    telemetry.error('lock not released', { statementName, error: awsFailureOf(error).name });
  }
};

const holdsLock = (item: TrackingItem): item is LockedItem => item.lock !== undefined;
