import { DUE_AGES, HOUR_MS, OLD_AGE_MS } from './due-ages.ts';

/** Start times, both ends included; epoch milliseconds. */
export interface StartRange {
  readonly from: number;
  readonly to: number;
}

/** A stretch of time: later than `after`, up to and including `until`; epoch milliseconds. */
export interface Window {
  readonly after: number;
  readonly until: number;
}

/**
 * The start times of statements that came due in the window, oldest first, none overlapping or touching another. Known
 * from the clock alone: nothing is written about a look.
 */
export const dueRanges = ({ after, until }: Window): readonly StartRange[] => {
  if (until <= after) return [];
  const ofAges = DUE_AGES.map((age) => ({ from: after - age + 1, to: until - age })).reverse();
  const hourHasTurned = Math.floor(until / HOUR_MS) > Math.floor(after / HOUR_MS);
  const old = hourHasTurned ? [{ from: 0, to: until - OLD_AGE_MS }] : [];
  return merged([...old, ...ofAges]);
};

/** `ranges` in the order of their beginnings. */
const merged = (ranges: readonly StartRange[]): StartRange[] => {
  const result: StartRange[] = [];
  for (const range of ranges) {
    const last = result.at(-1);
    if (last && range.from <= last.to + 1)
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else result.push(range);
  }
  return result;
};

export const contains = ({ from, to }: StartRange, startedAt: number): boolean => from <= startedAt && startedAt <= to;

/** What is left of the ranges for start times later than `position`. */
export const rangesBeyond = (ranges: readonly StartRange[], position: number): readonly StartRange[] =>
  ranges.filter(({ to }) => to > position).map(({ from, to }) => ({ from: Math.max(from, position + 1), to }));
