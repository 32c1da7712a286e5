import type { Token } from './lexer.ts';
import { stringValueOf } from './token-reader.ts';

/** By Redshift's names, the names that PostgreSQL knows. https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  millennium: ['millennium', 'millennia', 'mil', 'mils'],
  century: ['century', 'centuries', 'c', 'cent', 'cents'],
  decade: ['decade', 'decades', 'dec', 'decs'],
  epoch: ['epoch'],
  year: ['year', 'years', 'y', 'yr', 'yrs'],
  quarter: ['quarter', 'quarters', 'qtr', 'qtrs'],
  month: ['month', 'months', 'mon', 'mons'],
  week: ['week', 'weeks', 'w'],
  dow: ['dayofweek', 'dow', 'dw', 'weekday'],
  doy: ['dayofyear', 'doy', 'dy', 'yearday'],
  day: ['day', 'days', 'd'],
  hour: ['hour', 'hours', 'h', 'hr', 'hrs'],
  minute: ['minute', 'minutes', 'm', 'min', 'mins'],
  second: ['second', 'seconds', 's', 'sec', 'secs'],
  millisecond: [
    'millisecond',
    'milliseconds',
    'ms',
    'msec',
    'msecs',
    'msecond',
    'mseconds',
    'millisec',
    'millisecs',
    'millisecon',
  ],
  microsecond: ['microsecond', 'microseconds', 'microsec', 'microsecs', 'usecond', 'useconds', 'us', 'usec', 'usecs'],
};

const BY_NAME = new Map(Object.entries(NAMES).flatMap(([part, names]) => names.map((name) => [name, part])));
/** No part of a time that can be added or counted. */
const ONLY_EXTRACTED = new Set(['epoch', 'dow', 'doy']);

/** The part that an argument names, quoted or not; undefined for none. */
export const datePart = (argument: readonly Token[]): string | undefined => {
  const [token] = argument;
  if (argument.length !== 1 || !token) return undefined;
  const name = token.kind === 'word' ? token.text : stringValueOf(token);
  return name === undefined ? undefined : BY_NAME.get(name.toLowerCase());
};

export const countablePart = (argument: readonly Token[]): string | undefined => {
  const part = datePart(argument);
  return part !== undefined && ONLY_EXTRACTED.has(part) ? undefined : part;
};
