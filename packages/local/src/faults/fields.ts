import { AwsError } from '../common/aws-error.ts';

/** What the value of a field has to be. */
export interface FieldKind {
  /** Completes “must be”. */
  readonly what: string;
  readonly holds: (value: unknown) => boolean;
}

export type FieldKinds = Readonly<Record<string, FieldKind>>;

const isWhole = (value: unknown, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;

export const wholeNumber = (least: number, most = Number.MAX_SAFE_INTEGER): FieldKind => ({
  what:
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${least}`
      : `a whole number from ${least} to ${most}`,
  holds: (value) => isWhole(value, least, most),
});

export const oneOf = (names: readonly string[]): FieldKind => ({
  what: `one of ${names.join(', ')}`,
  holds: (value) => names.includes(value as string),
});

export const part: FieldKind = {
  what: 'a number above 0 and up to 1',
  holds: (value) => typeof value === 'number' && value > 0 && value <= 1,
};

export const text: FieldKind = { what: 'a text', holds: (value) => typeof value === 'string' && value !== '' };

export const identifier: FieldKind = {
  what: 'up to 64 letters, digits, "-", "_" and "."',
  holds: (value) => typeof value === 'string' && /^[\w.-]{1,64}$/.test(value),
};

export const textMatch: FieldKind = {
  what: 'a text or a regular expression',
  holds: (value) => value instanceof RegExp || text.holds(value),
};

/** @throws AwsError `ValidationException` naming the first field that is unknown or wrong, and what was received */
export const checkFields = (given: Readonly<Record<string, unknown>>, kinds: FieldKinds, of: string): void => {
  for (const [field, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const kind = Object.hasOwn(kinds, field) ? kinds[field] : undefined;
    if (!kind) throw invalid(`${field} is no field of ${of}; its fields are ${Object.keys(kinds).join(', ')}`);
    if (!kind.holds(value)) throw invalid(`${field} must be ${kind.what}; received ${shown(value)}`);
  }
};

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

const LONGEST_SHOWN = 100;

/** What was received, shortened. */
export const shown = (value: unknown): string => {
  const whole =
    value instanceof RegExp || value === undefined ? String(value) : (JSON.stringify(value) ?? typeof value);
  return whole.length <= LONGEST_SHOWN ? whole : `${whole.slice(0, LONGEST_SHOWN)}…`;
};
