import { Cron } from 'croner';

interface Field {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
  /** What else a member of the field's list may be. */
  readonly special?: RegExp;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const MINUTES: Field = { from: 0, to: 59 };
const HOURS: Field = { from: 0, to: 23 };
const DAY_OF_MONTH: Field = { from: 1, to: 31, special: /^(?:L|LW|(?:[1-9]|[12]\d|3[01])W)$/ };
const MONTH: Field = { from: 1, to: 12, names: MONTHS };
const DAY_OF_WEEK: Field = { from: 1, to: 7, names: DAYS, special: /^(?:L|(?:[1-7]|[A-Z]{3})L)$/ };
const YEAR: Field = { from: 1970, to: 2199 };

/** One weekday of a month, alone in its field: `3#2`, `TUE#2`. */
const NTH_WEEKDAY = /^(\w+)#[1-5]$/;

/** When a cron expression of EventBridge fires after a time (epoch milliseconds, as the answer); undefined: never again. */
export type NextFiring = (after: number) => number | undefined;

/** The six fields of `cron(…)`, in UTC; undefined for what EventBridge refuses. */
export const parseCron = (fields: string): NextFiring | undefined => {
  const [minutes = '', hours = '', day = '', month = '', weekday = '', year = '', ...more] = fields
    .trim()
    .toUpperCase()
    .split(/\s+/);
  const isKnown =
    more.length === 0 &&
    isList(minutes, MINUTES) &&
    isList(hours, HOURS) &&
    isList(month, MONTH) &&
    isList(year, YEAR) &&
    areDays(day, weekday);
  if (!isKnown) return undefined;
  // The library says of the last day of a week nothing: it is Saturday.
  const lastDay = weekday.replaceAll(/(^|,)L(?=,|$)/g, '$17');
  return nextOf(`0 ${minutes} ${hours} ${day} ${month} ${lastDay} ${year}`);
};

/** `sloppyRanges` lets it read `5/15`, which is EventBridge's way to write steps. */
const nextOf = (pattern: string): NextFiring | undefined => {
  try {
    const options = {
      timezone: 'UTC',
      mode: '7-part',
      alternativeWeekdays: true,
      sloppyRanges: true,
      paused: true,
    } as const;
    const cron = new Cron(pattern, options);
    return (after) => cron.nextRun(new Date(after))?.getTime();
  } catch {
    return undefined;
  }
};

/** One of the two has to be left open by `?`, and only one. */
const areDays = (day: string, weekday: string): boolean => {
  if ((day === '?') === (weekday === '?')) return false;
  const nth = NTH_WEEKDAY.exec(weekday);
  return day === '?'
    ? nth
      ? isValue(nth[1] ?? '', DAY_OF_WEEK)
      : isList(weekday, DAY_OF_WEEK)
    : isList(day, DAY_OF_MONTH);
};

const isList = (text: string, field: Field): boolean => text.split(',').every((member) => isMember(member, field));

/** `*`, a value, a range `a-b`, each with a step `/n`, or what is special to the field. */
const isMember = (text: string, field: Field): boolean => {
  if (field.special?.test(text))
    return text.endsWith('L') && text.length > 1 ? isValue(text.slice(0, -1), field) : true;
  const [base = '', step, ...more] = text.split('/');
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (base === '*') return true;
  const [from = '', to, ...others] = base.split('-');
  if (others.length > 0 || !isValue(from, field)) return false;
  return to === undefined || (isValue(to, field) && numberOf(from, field) <= numberOf(to, field));
};

const isValue = (text: string, field: Field): boolean => {
  const number = numberOf(text, field);
  return number >= field.from && number <= field.to;
};

const numberOf = (text: string, { from, names = [] }: Field): number => {
  const index = names.indexOf(text);
  if (index >= 0) return index + from;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
};
