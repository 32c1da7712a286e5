import type { RequestContext } from './context.ts';
import type { Pattern, ResolveVariable } from './match.ts';
import type { Patterns, Statement } from './policy.ts';
import { namedBy, type TrustSubject } from './principals.ts';

export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
  /** Who asks; only policies with principals look at it. */
  readonly subject?: TrustSubject;
}

export type Verdict = 'allowed' | 'explicitDeny' | 'implicitDeny';

/** What a set of statements, taken together, says to a request. */
export const evaluate = (statements: readonly Statement[], request: AccessRequest): Verdict =>
  verdictOf(applying(statements, request));

/** The statements that are about a request. */
export const applying = (statements: readonly Statement[], request: AccessRequest): readonly Statement[] =>
  statements.filter((statement) => covers(statement, request) && concerns(statement, request.subject));

/** A Deny beats every Allow, silence denies. */
export const verdictOf = (applied: readonly Statement[]): Verdict => {
  if (applied.some(({ effect }) => effect === 'Deny')) return 'explicitDeny';
  return applied.length > 0 ? 'allowed' : 'implicitDeny';
};

/** Whether a statement is about a request, whoever makes it. */
export const covers = (statement: Statement, request: Omit<AccessRequest, 'subject'>): boolean => {
  const resolve = variablesOf(request.context);
  return (
    includes(statement.actions, (action) => action.matches(request.action, resolve)) &&
    includes(statement.resources, (resource) => resource.matches(request.resource, resolve)) &&
    statement.conditions.every((condition) => condition.holds(request.context, resolve))
  );
};

const includes = (set: Patterns | undefined, matches: (pattern: Pattern) => boolean): boolean =>
  set === undefined || set.patterns.some(matches) !== set.not;

const concerns = ({ principals }: Statement, subject: TrustSubject | undefined): boolean =>
  principals === undefined || (subject !== undefined && namedBy(principals, subject) !== undefined);

/** Only keys with a single value can stand in a policy variable. */
export const variablesOf =
  (context: RequestContext): ResolveVariable =>
  (key) => {
    const value = context.get(key.toLowerCase());
    return typeof value === 'string' ? value : undefined;
  };
