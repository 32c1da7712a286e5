import type { Conversion } from '../sql/copy.ts';
import { convertText, isText } from './convert-text.ts';
import { LoadError } from './load-error.ts';
import type { LoadColumn } from './table-columns.ts';

/**
 * A field as PostgreSQL is to read it for the column; null for NULL. What Redshift would refuse is refused here where
 * PostgreSQL takes more than it; the rest is left to PostgreSQL.
 *
 * @throws LoadError with Redshift's reason
 */
export const convertField = (field: string | null, column: LoadColumn, rules: Conversion): string | null => {
  const value = field === null || field === rules.nullAs ? null : converted(field, column, rules);
  if (value === null && column.isNotNull) throw new LoadError('Missing data for not-null field', column.name);
  return value;
};

/** Fields of other types than text that hold nothing but blanks are always NULL. */
const converted = (field: string, column: LoadColumn, rules: Conversion): string | null => {
  if (isText(column)) return convertText(field, column, rules);
  const text = field.trim();
  if (text === '') return null;
  return CONVERSIONS[column.type]?.(text, column, rules) ?? text;
};

type Convert = (text: string, column: LoadColumn, rules: Conversion) => string;

const integer =
  (type: string): Convert =>
  (text, { name }) => {
    const at = /^[+-]?\d+$/.test(text) ? -1 : text.search(/(?<!^)[+-]|[^\d+-]|[+-]$/);
    if (at >= 0) throw new LoadError(`Invalid digit, Value '${text[at]}', Pos ${at}, Type: ${type}`, name);
    return text;
  };

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** COPY cuts off the digits that are too many, where INSERT rounds. */
const decimal: Convert = (text, { name, modifier }, { roundsDecimals }) => {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (whole + fraction === '') {
    const at = Math.max(0, text.search(/[^\d+-.]/));
    throw new LoadError(`Invalid digit, Value '${text[at]}', Pos ${at}, Type: Decimal`, name);
  }
  if (roundsDecimals || modifier < 0) return text;
  const { before, after } = shifted(whole, fraction, Number(exponent));
  return `${sign}${before || '0'}.${after.slice(0, (modifier - 4) & 0x7ff)}`;
};

/** The digits before and after the point when it is moved by the exponent. */
const shifted = (whole: string, fraction: string, exponent: number): { before: string; after: string } => {
  const zeros = '0'.repeat(Math.abs(exponent));
  const digits = exponent < 0 ? zeros + whole + fraction : whole + fraction + zeros;
  const point = exponent < 0 ? whole.length : whole.length + exponent;
  return { before: digits.slice(0, point), after: digits.slice(point) };
};

const boolean: Convert = (text, { name }) => {
  if (/^(?:t|true|y|yes|1|f|false|n|no|0)$/i.test(text)) return text;
  throw new LoadError('Unknown boolean format', name);
};

const date: Convert = (text, { name }, { dateFormat }) => {
  if (dateFormat === 'auto' || /^\d{4}-\d{2}-\d{2}(?:$|[ T])/.test(text)) return text;
  throw new LoadError(
    text.length < 10 ? 'Invalid Date Format - length must be 10 or more' : 'Invalid date format [YYYY-MM-DD]',
    name,
  );
};

const TIMESTAMP = /^\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$/;
const TIMESTAMPTZ = /^\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[+-]\d{2}(?::?\d{2})?)?)?$/;

const timestamp =
  (pattern: RegExp): Convert =>
  (text, { name }, { timeFormat }) => {
    if (timeFormat === 'epochsecs') return sinceEpoch(text, 1000, name);
    if (timeFormat === 'epochmillisecs') return sinceEpoch(text, 1, name);
    if (timeFormat === 'auto' || pattern.test(text)) return text;
    throw invalidTimestamp(name);
  };

const sinceEpoch = (text: string, unitMs: number, column: string): string => {
  const time = new Date(/^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) * unitMs : Number.NaN);
  if (Number.isNaN(time.getTime())) throw invalidTimestamp(column);
  return time.toISOString();
};

const invalidTimestamp = (column: string): LoadError =>
  new LoadError('Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]', column);

/** By PostgreSQL's name of the type. */
const CONVERSIONS: Readonly<Record<string, Convert>> = {
  int2: integer('Short'),
  int4: integer('Integer'),
  int8: integer('Long'),
  numeric: decimal,
  bool: boolean,
  date,
  timestamp: timestamp(TIMESTAMP),
  timestamptz: timestamp(TIMESTAMPTZ),
};
