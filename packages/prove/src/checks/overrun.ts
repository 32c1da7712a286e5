import type { TrackingItem } from '@sfn-redshift/shared';
import type { World } from '../world.ts';

/** When a statement has run for too long, by the clock of the account: counted from the claim, as far as clocks agree. */
export const overrunAt = ({ startedAt, maxRuntimeSeconds }: TrackingItem, { schedule }: World): number | undefined =>
  maxRuntimeSeconds === undefined ? undefined : startedAt + maxRuntimeSeconds * 1000 - schedule.skewMs.sweep;

/** Whether it has by now. */
export const hasOverrun = (item: TrackingItem, world: World): boolean =>
  (overrunAt(item, world) ?? Number.POSITIVE_INFINITY) <= world.time.now;
