import * as z from 'zod/mini';
import { MalformedMessage } from './failure.ts';
import { isDeeperThan, MAX_LEVELS } from './levels.ts';
import { describeReceived, kindOf, pathText } from './received.ts';

/** What a schema found first: where, what should have stood there, and what did. */
export interface Finding {
  readonly place: string;
  readonly problem: string;
  readonly received: unknown;
}

/** Checks `value`; returns it typed, or hands the first finding to `refuse`, which throws. */
export const check = <S extends z.ZodMiniType>(
  schema: S,
  value: unknown,
  refuse: (finding: Finding) => never,
): z.output<S> => {
  const result = z.safeParse(schema, value, { error: problemOf });
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0] as z.core.$ZodIssue;
  return refuse({ place: pathText(path), problem: message, received: valueAt(path, value) });
};

/**
 * Checks what another part of the system sent: a breach is a MalformedMessage that names `what`, the field in it and what
 * stood there. Of objects only that they are one: in a message that is not what it should be, anything may be inside.
 */
export const checkMessage = <S extends z.ZodMiniType>(schema: S, value: unknown, what: string): z.output<S> => {
  if (isDeeperThan(MAX_LEVELS, value)) {
    throw new MalformedMessage(what, `must be nested no deeper than ${MAX_LEVELS} levels`);
  }
  return check(schema, value, ({ place, problem, received }) => {
    const shown = place === '' || typeof received === 'object' ? kindOf(received) : describeReceived(place, received);
    throw new MalformedMessage([what, place].filter(Boolean).join('.'), `${problem}; received ${shown}`);
  });
};

const valueAt = (path: readonly PropertyKey[], value: unknown): unknown =>
  path.reduce((inner, key) => (inner as Record<PropertyKey, unknown>)[key], value);

// zod/mini carries no texts (they are most of zod's size); these are ours. What a schema says itself goes first.
const problemOf = (issue: z.core.$ZodRawIssue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article(issue.expected)}`;
    case 'invalid_value':
      return `must be ${oneOf(issue.values)}`;
    case 'invalid_union':
      return issue.discriminator ? `must be ${oneOf(issue['options'] as unknown[])}` : 'is not valid';
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'is not valid';
    case 'too_small':
      return issue.minimum === 1 && countedThings(issue)
        ? 'must not be empty'
        : `must be at least ${bound(issue, issue.minimum)}`;
    case 'too_big':
      return `must be at most ${bound(issue, issue.maximum)}`;
    default:
      return 'is not valid';
  }
};

const NAMES: Readonly<Record<string, string>> = { record: 'object', int: 'whole number' };

const article = (type: string): string => {
  const name = NAMES[type] ?? type;
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
};

const oneOf = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(' or ');

const COUNTED: Readonly<Record<string, string>> = { string: 'characters', array: 'items' };

const countedThings = ({ origin }: { origin: string }): string | undefined => COUNTED[origin];

const bound = (issue: { origin: string }, limit: number | bigint): string => {
  const things = countedThings(issue);
  return things ? `${limit} ${things} long` : String(limit);
};
