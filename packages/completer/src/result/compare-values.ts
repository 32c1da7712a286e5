import type { CheckedValue, JsonValue } from '@sfn-redshift/shared';
import { decimalOf } from './exact-number.ts';
import { isoTime } from './sql-value.ts';

const NUMERIC = /^(int\d|float\d|numeric|decimal|oid)/;
const MOMENT = /^(date|time)/;

/**
 * How a value of a column stands to what it is compared with: below, equal (0), above; undefined where the two are of
 * different kinds, or order says nothing, as with booleans that differ. Numbers are compared exactly, also as texts of
 * digits; times as times; texts by their characters' codes.
 */
export const compareValues = (value: JsonValue, type: string, wanted: CheckedValue): number | undefined => {
  if (value === null || wanted === null) return value === wanted ? 0 : undefined;
  if (typeof value === 'object') return undefined;
  if (NUMERIC.test(type)) return compareNumbers(String(value), String(wanted));
  if (typeof value !== typeof wanted) return undefined;
  if (typeof value === 'string' && typeof wanted === 'string') return compareTexts(value, type, wanted);
  if (typeof value === 'number') return compareNumbers(String(value), String(wanted));
  return value === wanted ? 0 : undefined;
};

const compareTexts = (value: string, type: string, wanted: string): number => {
  if (!MOMENT.test(type)) return order(value, wanted);
  const other = isoTime(wanted);
  const hasOffsets = type === 'timestamptz' && !(value.endsWith('Z') && other.endsWith('Z'));
  // A fraction comes where the Z would be.
  return hasOffsets ? Date.parse(value) - Date.parse(other) : order(withoutZ(value), withoutZ(other));
};

const withoutZ = (time: string): string => time.replace(/Z$/, '');

const order = (one: string | number, other: string | number): number => (one === other ? 0 : one < other ? -1 : 1);

/** What is no number, NaN among it, equals itself only. */
const compareNumbers = (one: string, other: string): number | undefined => {
  const [a, b] = [decimalOf(one), decimalOf(other)];
  if (!a || !b) return one === other ? 0 : undefined;
  const [signA, signB] = [signOf(a), signOf(b)];
  if (signA !== signB || signA === 0) return order(signA, signB);
  const byLength = order(a.digits.length + a.exponent, b.digits.length + b.exponent);
  return signA * (byLength || order(a.digits, b.digits));
};

const signOf = ({ sign, digits }: { readonly sign: string; readonly digits: string }): number =>
  digits === '0' ? 0 : sign === '-' ? -1 : 1;
