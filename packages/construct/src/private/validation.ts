import { Duration, Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/** What was received, short enough for a message. */
const shown = (value: unknown): string => {
  const text = typeof value === 'number' || value instanceof Duration ? String(value) : textOf(value);
  return text && text.length > 80 ? `${text.slice(0, 80)}…` : String(text);
};

/** Constructs know each other, so there is no JSON of them. */
const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'function') return '(a function)';
  try {
    return JSON.stringify(value);
  } catch {
    return `(a ${(value as object).constructor.name})`;
  }
};

/** @throws Error always */
export const refuse = (property: string, rule: string, value: unknown): never => {
  throw new Error(`${property}: ${rule}; received ${shown(value)}`);
};

/** @throws Error unless the text matches or is a token. */
export const checkText = (property: string, value: string, pattern: RegExp, rule: string): void => {
  if (Token.isUnresolved(value)) return;
  if (typeof value !== 'string' || !pattern.test(value)) refuse(property, rule, value);
};

/** @throws Error unless the number is whole and within the range, absent, or a token. */
export const checkWholeNumber = (property: string, value: number | undefined, min: number, max = Infinity): void => {
  if (value === undefined || Token.isUnresolved(value)) return;
  if (Number.isInteger(value) && value >= min && value <= max) return;
  refuse(property, `must be a whole number${max === Infinity ? `, ${min} or more` : ` from ${min} to ${max}`}`, value);
};

const LONGEST_LAMBDA_SECONDS = 900;

/**
 * Whether it is a time whose length synthesis knows.
 * @throws Error where it is none.
 */
export const isKnownTime = (property: string, value: Duration | undefined): value is Duration => {
  if (value === undefined) return false;
  if (typeof value !== 'object' || !('toSeconds' in value)) refuse(property, 'must be a Duration', value);
  return !value.isUnresolved();
};

/** @throws Error unless AWS Lambda accepts the timeout, or it is absent or a token. */
export const checkFunctionTimeout = (property: string, value: Duration | undefined, min: number): void => {
  if (!isKnownTime(property, value)) return;
  const seconds = value.toSeconds({ integral: false });
  if (!Number.isInteger(seconds) || seconds < min || seconds > LONGEST_LAMBDA_SECONDS) {
    refuse(property, `must be whole seconds from ${min} seconds to 15 minutes`, value);
  }
};

/** @throws Error unless the duration is whole minutes within the range, or absent or a token. */
export const checkWholeMinutes = (property: string, value: Duration | undefined, min: number, max: number): void => {
  if (!isKnownTime(property, value)) return;
  const minutes = value.toMinutes({ integral: false });
  if (Number.isInteger(minutes) && minutes >= min && minutes <= max) return;
  refuse(property, `must be whole minutes, ${min} to ${max}`, value);
};

/** @throws Error unless the duration is no longer than the other, or one of them is a token. */
export const checkNoLonger = (property: string, value: Duration, longest: Duration, rule: string): void => {
  if (value.isUnresolved() || longest.isUnresolved() || value.toSeconds() <= longest.toSeconds()) return;
  refuse(property, `${rule} (${String(longest)})`, value);
};

/** @throws Error telling the reason unless the number is no more than the other, or one of them is a token. */
const checkAtMost = (property: string, value: number, most: number, reason: string): void => {
  if (Token.isUnresolved(value) || Token.isUnresolved(most) || value <= most) return;
  refuse(property, `must be at most ${most}: ${reason}`, value);
};

/** How often a message is received, how often at most, and how long it is there. */
interface Receives {
  readonly maxReceiveCount: number;
  readonly visibility: Duration;
  readonly retention: Duration;
  /** Where the visibility comes from, in words. */
  readonly because: string;
}

/**
 * A message that is received as often as it may be must still be there: else it would vanish where nobody sees it.
 *
 * @throws Error unless it is
 */
export const checkReceives = (property: string, receives: Receives): void => {
  const { maxReceiveCount, visibility, retention, because } = receives;
  const mostReceives = Math.ceil(retention.toSeconds() / visibility.toSeconds()) - 1;
  const minutes = String(visibility.toMinutes({ integral: false }));
  const days = String(retention.toDays({ integral: false }));
  const rule = `${because} a message is received every ${minutes} minutes, and after ${days} days the queue drops it: before it could come into the dead-letter queue`;
  checkAtMost(property, maxReceiveCount, mostReceives, rule);
};

/** @throws Error telling the reason unless the number is no less than the other, is absent, or one of them is a token. */
export const checkAtLeast = (property: string, value: number | undefined, least: number, reason: string): void => {
  if (value === undefined || Token.isUnresolved(value) || Token.isUnresolved(least) || value >= least) return;
  refuse(property, `must be at least ${least}, as ${reason}`, value);
};

/** @throws Error telling the reason unless the duration is whole days, and enough of them, or absent or a token. */
export const checkWholeDays = (property: string, value: Duration | undefined, min: number, reason: string): void => {
  if (!isKnownTime(property, value)) return;
  const days = value.toDays({ integral: false });
  if (!Number.isInteger(days) || days < min) refuse(property, `must be whole days, ${min} or more: ${reason}`, value);
};

/**
 * An alias has a key's interface, but a role that is allowed to use an alias's ARN may use no key.
 *
 * @throws Error for an alias.
 */
export const checkKeyNotAlias = (property: string, value: IKey | undefined): void => {
  if (value === undefined) return;
  if ('aliasName' in value || value.keyArn.includes(':alias/')) {
    refuse(property, 'must be a key, not an alias of one', value.node.path);
  }
};
