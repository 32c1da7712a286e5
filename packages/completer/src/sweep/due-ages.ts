const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** A statement runs for at most 24 hours; when this old, with a margin, it has ended, and is looked at every hour only. */
export const OLD_AGE_MS = 25 * HOUR_MS;

/** Of a statement's age, the most that may pass between two looks, and between its unheard end and the report of that. */
const SHARE_OF_AGE = 10;

/** Looks are made by runs, one a minute by default, so each may come that late. */
const WAIT_FOR_RUN_MS = MINUTE_MS;

const nextAge = (age: number): number => age + Math.max(MINUTE_MS, Math.floor(age / SHARE_OF_AGE) - WAIT_FOR_RUN_MS);

/**
 * Ages at which an open statement is looked at, in milliseconds, ascending: every minute while it is young, then after
 * ever longer times, each with the wait for a run no more than a tenth of the age. About 80 looks in 25 hours.
 */
export const DUE_AGES: readonly number[] = (() => {
  const ages: number[] = [];
  for (let age = MINUTE_MS; age < OLD_AGE_MS; age = nextAge(age)) ages.push(age);
  return [...ages, OLD_AGE_MS];
})();
