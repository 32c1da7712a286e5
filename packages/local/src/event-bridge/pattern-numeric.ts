import { invalidPattern } from './pattern-error.ts';

/** Numbers beyond this are compared by no range, neither in a pattern nor in an event. */
const LARGEST = 5e9;

type NumberTest = (value: number) => boolean;

/** `[">", 0, "<=", 5]`: one comparison, or a lower and an upper bound. */
export const numeric = (argument: unknown, path: string): NumberTest => {
  if (!Array.isArray(argument)) throw invalidPattern('Value of numeric must be an array.', path);
  const [sign, limit, upperSign, upperLimit] = argument as unknown[];
  const lower = comparison(sign, limit, path);
  if (argument.length <= 2) return inRange(lower);
  if (sign !== '>' && sign !== '>=') throw invalidPattern('Too many elements in numeric expression', path);
  if (upperSign !== '<' && upperSign !== '<=')
    throw invalidPattern(`Bad numeric range operator: ${String(upperSign)}`, path);
  const upper = comparison(upperSign, upperLimit, path);
  if (argument.length > 4) throw invalidPattern('Too many terms in numeric range expression', path);
  if (Number(limit) >= Number(upperLimit)) throw invalidPattern('Bottom must be less than top', path);
  return inRange((value) => lower(value) && upper(value));
};

const COMPARISONS: ReadonlyMap<unknown, (left: number, right: number) => boolean> = new Map([
  ['=', (left, right) => left === right],
  ['<', (left, right) => left < right],
  ['<=', (left, right) => left <= right],
  ['>', (left, right) => left > right],
  ['>=', (left, right) => left >= right],
]);

const comparison = (sign: unknown, limit: unknown, path: string): NumberTest => {
  if (typeof sign !== 'string') throw invalidPattern(`Invalid member in numeric match: ${String(sign)}`, path);
  const compare = COMPARISONS.get(sign);
  if (!compare) throw invalidPattern(`Unrecognized numeric range operator: ${sign}`, path);
  if (typeof limit !== 'number')
    throw invalidPattern(`Value of ${sign === '=' ? 'equals' : sign} must be numeric`, path);
  if (Math.abs(limit) > LARGEST) throw invalidPattern('Value must be between -5.0E9 and 5.0E9, inclusive', path);
  return (value) => compare(value, limit);
};

const inRange =
  (test: NumberTest): NumberTest =>
  (value) =>
    Math.abs(value) <= LARGEST && test(value);
