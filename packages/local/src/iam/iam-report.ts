import type { Access, AccessLog, StatementName } from './access-log.ts';
import { decide } from './decision.ts';
import { verdictOf } from './evaluate.ts';
import type { Identities } from './identities.ts';
import type { Patterns } from './policy.ts';
import type { Grant, Role } from './roles.ts';

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

export const iamReport = (identities: Identities): IamReport => ({
  roles: identities.roles().map((role) => roleReport(role, identities)),
  unrecorded: identities.accessLog.unrecorded,
});

const roleReport = ({ name, arn }: Role, identities: Identities): RoleReport => {
  const { identity, boundary = [] } = identities.grantsOf(arn);
  const { accessLog } = identities;
  const accesses = accessLog.of(arn);
  return {
    name,
    arn,
    statements: [...identity, ...boundary].map((grant) => statementReport(grant, accesses, accessLog)),
    denied: accesses.flatMap((access) =>
      access.denial
        ? countsOf(access).map((count) => ({ ...count, reason: `${access.denial?.policy}: ${access.denial?.verdict}` }))
        : [],
    ),
  };
};

const statementReport = (grant: Grant, accesses: readonly Access[], log: AccessLog): StatementReport => {
  const { type, policy, index, statement } = grant;
  const name = log.nameOf(grant);
  const isAllow = statement.effect === 'Allow';
  const about = accesses.filter(({ denial, matched }) => isAllow === (denial === undefined) && matched.has(name));
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
      about.some(({ matched }) => matched.get(name)?.has(place)),
    ),
    deniedWithout: isAllow ? about.filter((access) => isDeniedWithout(access, name, log)).flatMap(countsOf) : [],
  };
};

const listed = ({ not, patterns }: Patterns, name: string, notName: string): Record<string, readonly string[]> => ({
  [not ? notName : name]: patterns.map(({ text }) => text),
});

type Used = (pattern: Patterns['patterns'][number], place: number) => boolean;

const unused = (set: Patterns | undefined, isUsed: Used): readonly string[] =>
  set === undefined || set.not
    ? []
    : set.patterns.filter((pattern, place) => !isUsed(pattern, place)).map(({ text }) => text);

/** The decision again, from the statements that made it but for one. */
const isDeniedWithout = (access: Access, name: StatementName, log: AccessLog): boolean => {
  const { granted, session, resource } = access;
  const verdict = (grants: readonly Grant[]) => {
    // A policy may say the same twice: one of them is taken away.
    const place = grants.findIndex((grant) => log.nameOf(grant) === name);
    return verdictOf(grants.filter((_grant, index) => index !== place).map(({ statement }) => statement));
  };
  const boundary = granted.boundary && verdict(granted.boundary);
  return decide({ identity: verdict(granted.identity), boundary, session, resource }) !== undefined;
};

const countsOf = ({ service, operation, action, resources, others }: Access): readonly AccessCount[] => {
  const counts = [...resources].map(([resource, count]) => ({ resource, count }));
  const rest = others > 0 ? [{ resource: null, count: others }] : [];
  return [...counts, ...rest].map((count) => ({ operation: `${service}:${operation}`, action, ...count }));
};
