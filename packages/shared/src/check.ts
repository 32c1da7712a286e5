import * as z from 'zod/mini';
import { MalformedMessage } from './failure.ts';

/** What a schema found first: where, and what should have stood there. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  readonly problem: string;
}

export const pathText = (path: readonly PropertyKey[]): string => path.map(String).join('.');

/** Checks `value`; returns it typed, or hands the first finding to `refuse`, which throws. */
export const check = <S extends z.ZodMiniType>(
  schema: S,
  value: unknown,
  refuse: (finding: Finding) => never,
): z.output<S> => {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  return refuse({ path: issue?.path ?? [], problem: issue ? problemOf(issue) : 'is not valid' });
};

/** Checks what another part of the system sent: a breach is a MalformedMessage that names `what` and the field in it. */
export const checkMessage = <S extends z.ZodMiniType>(schema: S, value: unknown, what: string): z.output<S> =>
  check(schema, value, ({ path, problem }) => {
    throw new MalformedMessage([what, pathText(path)].filter(Boolean).join('.'), problem);
  });

// zod/mini carries no texts (they are most of zod's size); these are ours, in the words of the request's fields.
const problemOf = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article(issue.expected)}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'unrecognized_keys':
      return `has an unknown field ${JSON.stringify(issue.keys[0])}`;
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? 'must not be empty'
        : `must be at least ${bound(issue, issue.minimum)}`;
    case 'too_big':
      return `must be at most ${bound(issue, issue.maximum)}`;
    case 'invalid_format':
      return issue.message === 'Invalid input' ? 'is not of the right form' : issue.message;
    default:
      return issue.message === 'Invalid input' ? 'is not valid' : issue.message;
  }
};

const article = (type: string): string =>
  type === 'int' ? 'a whole number' : `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;

const bound = (issue: { origin: string }, limit: number | bigint): string =>
  issue.origin === 'string'
    ? `${limit} characters long`
    : issue.origin === 'array'
      ? `${limit} items long`
      : String(limit);
