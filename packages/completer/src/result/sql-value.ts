import type { JsonValue } from '@sfn-redshift/shared';
import { exactNumber } from './exact-number.ts';

/** A value as the Data API sends it: one of its members is there. */
export interface Field {
  readonly isNull?: boolean | undefined;
  readonly booleanValue?: boolean | undefined;
  readonly longValue?: number | undefined;
  readonly doubleValue?: number | undefined;
  readonly stringValue?: string | undefined;
  readonly blobValue?: Uint8Array | undefined;
}

/**
 * The value as JSON, without loss (docs/decisions/0046): SQL's NULL as null, times in ISO 8601, SUPER as what it holds.
 * Numbers that JSON or JavaScript has no number for are texts: decimals always, since a column's values are of one type;
 * whole numbers beyond 2^53; NaN and the infinities.
 */
export const valueOf = (field: Field, type: string): JsonValue => {
  if (field.isNull) return null;
  const { booleanValue, longValue, doubleValue, stringValue, blobValue } = field;
  if (booleanValue !== undefined) return booleanValue;
  if (longValue !== undefined) return longValue;
  if (doubleValue !== undefined) return Number.isFinite(doubleValue) ? doubleValue : String(doubleValue);
  // As Redshift itself writes VARBYTE.
  if (blobValue !== undefined) return Buffer.from(blobValue).toString('hex');
  return stringValue === undefined ? null : textOf(stringValue, type);
};

const textOf = (text: string, type: string): JsonValue => {
  if (type === 'super') return superOf(text);
  return /^(date|time)/.test(type) ? isoTime(text) : text;
};

/** What is no JSON stays the text that it is. */
const superOf = (text: string): JsonValue => {
  try {
    return JSON.parse(text, exactly) as JsonValue;
  } catch {
    return text;
  }
};

const exactly = (_key: string, value: unknown, { source }: { source?: string } = {}): unknown =>
  typeof value === 'number' && source !== undefined ? exactNumber(source) : value;

/** `2024-02-29 17:33:51.50+05:30`: a date, a time, or both; a fraction; an offset. */
const TIME = /^(\d{4}-\d\d-\d\d)?( ?)(\d\d:\d\d:\d\d)?(?:\.(\d+))?([+-]\d\d(?::?\d\d)?)?$/;

/** Years before the first and after the 9999th, which ISO 8601 writes by agreement only, stay as Redshift writes them. */
export const isoTime = (text: string): string => {
  const [, date = '', gap, time = '', fraction = '', offset = ''] = TIME.exec(text) ?? [];
  if (date === '' && time === '') return text;
  const digits = fraction.replace(/0+$/, '');
  return `${date}${gap ? 'T' : ''}${time}${digits && `.${digits}`}${offset && zoneOf(offset)}`;
};

const zoneOf = (offset: string): string => {
  const [sign, hours, minutes] = [offset.slice(0, 1), offset.slice(1, 3), offset.slice(3).replace(':', '') || '00'];
  return hours === '00' && minutes === '00' ? 'Z' : `${sign}${hours}:${minutes}`;
};
