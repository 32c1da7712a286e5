import type { Wait } from './settlement.ts';

/** Twice as long each time: as often as a message was put back, but no longer than `longest`; seconds. */
export const doubled = (deferrals: number, first: number, longest: number): number =>
  Math.min(longest, first * 2 ** deferrals);

const FIRST_SECONDS = 5;
const LONGEST_SECONDS = 300;

/** What rows are worth: somewhat more than an hour in all. The Data API keeps results for a day. */
export const TRIES_FOR_ROWS = 20;

/** What cannot be read now is read again after 5, 10, 20, … up to 300 seconds. */
export const readAgain = (deferrals: number): Wait => ({
  type: 'wait',
  seconds: doubled(deferrals, FIRST_SECONDS, LONGEST_SECONDS),
});
