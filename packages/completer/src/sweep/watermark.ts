import { OLD_AGE_MS } from './due-ages.ts';
import type { Window } from './due-ranges.ts';

/**
 * What has been looked at. All that was due up to `checkedUntil`; and of the `pass` over what came due since, if one was
 * not finished, the statements that started no later than `position`. Epoch milliseconds.
 */
export interface Watermark {
  readonly checkedUntil: number;
  readonly pass?: { readonly until: number; readonly position: number };
}

/** One walk over what came due in a window, by start time, from beyond `position` on. */
export interface Pass extends Window {
  readonly position: number;
}

/** Before every start time. */
const BEGINNING = -1;

/**
 * The pass that comes next: the one that was left unfinished; else one over the time up to `now`. Without a watermark over
 * all that can still be running, and older ones. Undefined where nothing can have come due.
 */
export const nextPass = (watermark: Watermark | undefined, now: number): Pass | undefined => {
  const after = beginningOf(watermark, now);
  if (watermark?.pass) return { after, ...watermark.pass };
  return now > after ? { after, until: now, position: BEGINNING } : undefined;
};

/** Since when it is not known that all was looked at that came due. */
export const beginningOf = (watermark: Watermark | undefined, now: number): number =>
  watermark?.checkedUntil ?? now - OLD_AGE_MS;

/** After a pass over everything. */
export const finished = ({ until }: Pass): Watermark => ({ checkedUntil: until });

/** After a pass that had to stop: statements that started later than `position` are still to be looked at. */
export const stoppedAt = ({ after, until }: Pass, position: number): Watermark => ({
  checkedUntil: after,
  pass: { until, position },
});
