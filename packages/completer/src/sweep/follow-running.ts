import type { TrackingItem } from '@sfn-redshift/shared';
import { cancelMarked, cancelOrphan, type Identified, type Orphan } from '../cancel-orphan.ts';
import type { SweepDependencies } from './dependencies.ts';
import { type Fate, fateOf } from './fate.ts';
import { isOverrun } from './watched.ts';

/** A retry that comes within as much adopts the statement of the task that is gone; less than the time between two runs. */
const RETRY_COMES_WITHIN_MS = 50_000;

/** A statement runs that was looked at: it is cancelled if it has run for too long, or nobody waits for it any more. */
export const followRunning = async (item: Identified, dependencies: SweepDependencies): Promise<void> => {
  const { telemetry } = dependencies;
  const orphan = await cancelIfIdle(item, dependencies);
  if (orphan?.type !== 'heldBack') return;
  const { statementId, statementName } = item;
  telemetry.info('cancel is left to the next run', { statementId, statementName });
};

const cancelIfIdle = async (item: Identified, dependencies: SweepDependencies): Promise<Orphan | undefined> => {
  // Who asked for heartbeats gets them as long as the statement runs, also while it is being cancelled, or is to be left.
  const fate = item.heartbeatSeconds === undefined ? undefined : await fateOf(item, dependencies);
  if (item.status === 'cancelling') return await cancelMarked(item, dependencies);
  if (isOverrun(item, dependencies.now())) return await cancelOverrun(item, dependencies);
  if (item.callback.type === 'none' || item.onTimeout === 'leave') return undefined;
  return await cancelIfForsaken(item, fate ?? (await fateOf(item, dependencies)), dependencies);
};

/** The task may wait, and is told why when the statement has ended. */
const cancelOverrun = async (item: Identified, dependencies: SweepDependencies): Promise<Orphan | undefined> => {
  const cause = 'maxRuntimeSeconds';
  const marked = await dependencies.orphans.markCancelling(item, cause);
  return marked ? await cancelMarked({ ...item, cancelCause: cause }, dependencies) : undefined;
};

const cancelIfForsaken = async (
  item: TrackingItem,
  fate: Fate,
  dependencies: SweepDependencies,
): Promise<Orphan | undefined> => {
  const { orphans, now } = dependencies;
  if (fate === 'waits') return undefined;
  const { goneSince = now() } = item;
  const mayBeAdopted = fate === 'taskGone' && now() - goneSince < RETRY_COMES_WITHIN_MS;
  if (!mayBeAdopted) return await cancelOrphan(item, dependencies);
  if (item.goneSince === undefined) await orphans.noteGone(item, goneSince);
  return undefined;
};
