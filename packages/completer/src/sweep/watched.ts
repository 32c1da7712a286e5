import type { TrackingItem } from '@sfn-redshift/shared';
import { contains, dueRanges, type Window } from './due-ranges.ts';

/** Whether the statement has run for longer than its request allows. */
export const isOverrun = ({ maxRuntimeSeconds, startedAt }: TrackingItem, now: number): boolean =>
  maxRuntimeSeconds !== undefined && now - startedAt >= maxRuntimeSeconds * 1000;

/**
 * Which of the watched items are looked at in a run, now that they have been read: those that are to have a heartbeat or
 * to be cancelled; others, as all statements, when they have come due by their age.
 */
export const watchedIn = (window: Window): ((item: TrackingItem) => boolean) => {
  const ranges = dueRanges(window);
  return (item) => {
    const { status, goneSince, heartbeatSeconds, givenUp, startedAt } = item;
    const noted = [goneSince, heartbeatSeconds, givenUp];
    const isBusy = status === 'cancelling' || noted.some((note) => note !== undefined);
    return isBusy || isOverrun(item, window.until) || ranges.some((range) => contains(range, startedAt));
  };
};
