import { type Access, type AccessLog, keyOf } from './access-log.ts';
import { decide } from './decision.ts';
import { verdictOf } from './evaluate.ts';
import type { Patterns } from './policy.ts';
import type { Grant, Role, Roles } from './roles.ts';

/** Calls of one operation that needed one action on one resource. */
export interface AccessCount {
  /** `service:Operation`, as called. */
  readonly operation: string;
  /** The permission, such as `kms:Decrypt`. */
  readonly action: string;
  /** ARN or `*`; null stands for all resources beyond the first hundred. */
  readonly resource: string | null;
  readonly count: number;
}

export interface DeniedAccess extends AccessCount {
  /** The kind of policy that denied, and how: `identity-based: implicitDeny`. */
  readonly reason: string;
}

/** A statement that a role has, and what it was good for. */
export interface StatementReport {
  /** Name of an inline policy, ARN of a managed one. */
  readonly policy: string;
  readonly type: 'identity-based' | 'permissions boundary';
  /** Place in the policy, from 0. */
  readonly index: number;
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  /** Of `Action` and `NotAction` the one that the statement has; so with resources. */
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  /** Whether it was about an allowed request, as an Allow, or about a denied one, as a Deny. */
  readonly used: boolean;
  /** Requests for which it was. */
  readonly count: number;
  /** Of `actions`, those that matched none of these requests. */
  readonly unusedActions: readonly string[];
  /** Of `resources`, those that matched none of these requests. */
  readonly unusedResources: readonly string[];
  /** What was allowed and would be denied without this one statement. */
  readonly deniedWithout: readonly AccessCount[];
}

export interface RoleReport {
  readonly name: string;
  readonly arn: string;
  readonly statements: readonly StatementReport[];
  /** What the role's sessions were denied. */
  readonly denied: readonly DeniedAccess[];
}

/** What the roles were granted, and what the calls since the start needed of it. Plain JSON. */
export interface IamReport {
  readonly roles: readonly RoleReport[];
  /** Requests that found no room in the record; above 0, what is called unused may have been used. */
  readonly unrecorded: number;
}

export const iamReport = (roles: Roles, log: AccessLog): IamReport => ({
  roles: roles.roles().map((role) => roleReport(role, roles, log.of(role.arn))),
  unrecorded: log.unrecorded,
});

const roleReport = ({ name, arn }: Role, roles: Roles, accesses: readonly Access[]): RoleReport => {
  const { identity, boundary = [] } = roles.grantsOf(arn);
  return {
    name,
    arn,
    statements: [...identity, ...boundary].map((grant) => statementReport(grant, accesses)),
    denied: accesses.flatMap((access) =>
      access.denial
        ? countsOf(access).map((count) => ({ ...count, reason: `${access.denial?.policy}: ${access.denial?.verdict}` }))
        : [],
    ),
  };
};

const statementReport = (grant: Grant, accesses: readonly Access[]): StatementReport => {
  const { type, policy, index, statement } = grant;
  const key = keyOf(grant);
  const isAllow = statement.effect === 'Allow';
  const about = accesses.filter(
    (access) => isAllow === (access.denial === undefined) && grantsIn(access).some((one) => keyOf(one) === key),
  );
  return {
    policy,
    type,
    index,
    ...(statement.sid === undefined ? {} : { sid: statement.sid }),
    effect: statement.effect,
    ...listed(statement.actions, 'actions', 'notActions'),
    ...(statement.resources ? listed(statement.resources, 'resources', 'notResources') : {}),
    used: about.length > 0,
    count: about.reduce((sum, { count }) => sum + count, 0),
    unusedActions: unused(statement.actions, (pattern) =>
      about.some(({ action }) => pattern.matches(action, () => undefined)),
    ),
    unusedResources: unused(statement.resources, (_pattern, place) =>
      about.some(({ matched }) => matched.get(key)?.has(place)),
    ),
    deniedWithout: isAllow ? about.filter((access) => isDeniedWithout(access, key)).flatMap(countsOf) : [],
  };
};

const grantsIn = ({ granted: { identity, boundary = [] } }: Access): readonly Grant[] => [...identity, ...boundary];

const listed = ({ not, patterns }: Patterns, name: string, notName: string): Record<string, readonly string[]> => ({
  [not ? notName : name]: patterns.map(({ text }) => text),
});

type Used = (pattern: Patterns['patterns'][number], place: number) => boolean;

const unused = (set: Patterns | undefined, isUsed: Used): readonly string[] =>
  set === undefined || set.not
    ? []
    : set.patterns.filter((pattern, place) => !isUsed(pattern, place)).map(({ text }) => text);

/** The decision again, from the statements that made it but for one. */
const isDeniedWithout = ({ granted: { identity, boundary }, session, resource }: Access, key: string): boolean => {
  const verdict = (grants: readonly Grant[]) => verdictOf(without(grants, key).map(({ statement }) => statement));
  return (
    decide({ identity: verdict(identity), boundary: boundary && verdict(boundary), session, resource }) !== undefined
  );
};

/** One statement of that key: a policy may say the same twice. */
const without = (grants: readonly Grant[], key: string): readonly Grant[] => {
  const place = grants.findIndex((grant) => keyOf(grant) === key);
  return grants.filter((_grant, index) => index !== place);
};

const countsOf = ({ service, operation, action, resources, others }: Access): readonly AccessCount[] => {
  const counts = [...resources].map(([resource, count]) => ({ resource, count }));
  const rest = others > 0 ? [{ resource: null, count: others }] : [];
  return [...counts, ...rest].map((count) => ({ operation: `${service}:${operation}`, action, ...count }));
};
