import { conditionHolds } from './conditions.ts';
import type { RequestContext } from './context.ts';
import { matchesAction, matchesArn, noVariables, type Variables } from './match.ts';
import type { Patterns, Statement } from './policy.ts';
import { principalsInclude, type TrustSubject } from './principals.ts';

export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
  /** Who asks; only policies with principals look at it. */
  readonly subject?: TrustSubject;
}

export type Verdict = 'allowed' | 'explicitDeny' | 'implicitDeny';

/** What a set of statements, taken together, says to a request: a Deny beats every Allow, silence denies. */
export const evaluate = (statements: readonly Statement[], request: AccessRequest): Verdict => {
  const effects = new Set(statements.filter((statement) => applies(statement, request)).map(({ effect }) => effect));
  if (effects.has('Deny')) return 'explicitDeny';
  return effects.has('Allow') ? 'allowed' : 'implicitDeny';
};

const applies = (statement: Statement, request: AccessRequest): boolean => {
  const variables = statement.hasVariables ? variablesOf(request.context) : noVariables;
  return (
    includes(statement.actions, (pattern) => matchesAction(pattern, request.action)) &&
    includes(statement.resources, (pattern) => matchesArn(pattern, request.resource, variables)) &&
    concerns(statement, request.subject) &&
    statement.conditions.every((condition) => conditionHolds(condition, request.context, variables))
  );
};

const includes = (set: Patterns | undefined, matches: (pattern: string) => boolean): boolean =>
  set === undefined || set.patterns.some(matches) !== set.not;

const concerns = ({ principals }: Statement, subject: TrustSubject | undefined): boolean =>
  principals === undefined || (subject !== undefined && principalsInclude(principals, subject));

/** Only keys with a single value can stand in a policy variable. */
const variablesOf =
  (context: RequestContext): Variables =>
  (key) => {
    const value = context.get(key.toLowerCase());
    return typeof value === 'string' ? value : undefined;
  };
