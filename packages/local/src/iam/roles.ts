import { createHash } from 'node:crypto';
import { AwsError } from '../common/aws-error.ts';
import type { PolicyDocument } from '../common/service.ts';
import { parsePolicy, type Statement } from './policy.ts';

/** A role as the template describes it. */
export interface RoleDescription {
  readonly name: string;
  readonly arn: string;
  readonly trustPolicy: PolicyDocument;
  /** @default 3600 */
  readonly maxSessionDurationSeconds?: number;
  /** What its sessions have as `aws:PrincipalTag/…`. */
  readonly tags?: Readonly<Record<string, string>>;
  /** ARN of the managed policy beyond which the role's other policies grant nothing. */
  readonly permissionsBoundary?: string;
  /** Inline policies by name. */
  readonly policies?: Readonly<Record<string, PolicyDocument>>;
  readonly managedPolicyArns?: readonly string[];
}

/** A role as a caller of AssumeRole, or a request of its sessions, needs to know it. */
export interface Role {
  readonly name: string;
  readonly arn: string;
  /** `AROA…`, the first half of a session's user id. */
  readonly id: string;
  readonly maxSessionDurationSeconds: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly trust: readonly Statement[];
}

/** A statement as a role has it. */
export interface Grant {
  readonly type: 'identity-based' | 'permissions boundary';
  /** Name of an inline policy, ARN of a managed one. */
  readonly policy: string;
  /** Place of the statement in its policy, from 0. */
  readonly index: number;
  readonly statement: Statement;
}

/** What a role may do: what its policies say and, if it has one, its permissions boundary. */
export interface Grants {
  readonly identity: readonly Grant[];
  readonly boundary: readonly Grant[] | undefined;
}

type Statements = readonly Statement[];

interface StoredRole extends Role {
  readonly permissionsBoundary: string | undefined;
  /** What the role itself names; put anew with it. */
  readonly own: Attachments;
  /** What was added by policies that name the role. */
  readonly added: Attachments;
}

interface Attachments {
  readonly inline: Map<string, Statements>;
  readonly managed: Set<string>;
}

/** AWS's default for roles that do not say. */
const DEFAULT_MAX_SESSION_SECONDS = 3600;

/** The account's roles and managed policies. */
export class Roles {
  readonly #roles = new Map<string, StoredRole>();
  readonly #managed = new Map<string, Statements>();
  /** Made when first asked for after a change. */
  readonly #grants = new Map<string, Grants>();

  /**
   * Takes the place of a role of that name; policies that were put on it one by one stay.
   *
   * @throws NotSupportedError naming what the stage does not evaluate in a policy
   */
  putRole(role: RoleDescription): void {
    const { name, arn, trustPolicy, maxSessionDurationSeconds = DEFAULT_MAX_SESSION_SECONDS, tags = {} } = role;
    const inline = Object.entries(role.policies ?? {}).map(
      ([policy, document]) => [policy, identity(document)] as const,
    );
    this.#roles.set(name, {
      name,
      arn,
      id: roleId(arn),
      maxSessionDurationSeconds,
      tags,
      trust: parsePolicy(trustPolicy, 'trust'),
      permissionsBoundary: role.permissionsBoundary,
      own: { inline: new Map(inline), managed: new Set(role.managedPolicyArns) },
      added: this.#roles.get(name)?.added ?? { inline: new Map(), managed: new Set() },
    });
    this.#grants.clear();
  }

  deleteRole(name: string): void {
    this.#roles.delete(name);
    this.#grants.clear();
  }

  /**
   * An inline policy, beside those that the role itself names.
   *
   * @throws NotSupportedError naming what the stage does not evaluate in the policy
   * @throws AwsError `NoSuchEntity`
   */
  putRolePolicy(roleName: string, policyName: string, document: PolicyDocument): void {
    this.#get(roleName).added.inline.set(policyName, identity(document));
    this.#grants.clear();
  }

  deleteRolePolicy(roleName: string, policyName: string): void {
    this.#roles.get(roleName)?.added.inline.delete(policyName);
    this.#grants.clear();
  }

  /** Changes it for all roles that have it. */
  putManagedPolicy(arn: string, document: PolicyDocument): void {
    this.#managed.set(arn, identity(document));
    this.#grants.clear();
  }

  deleteManagedPolicy(arn: string): void {
    this.#managed.delete(arn);
    this.#grants.clear();
  }

  /** @throws AwsError `NoSuchEntity` */
  attachRolePolicy(roleName: string, policyArn: string): void {
    this.#get(roleName).added.managed.add(policyArn);
    this.#grants.clear();
  }

  detachRolePolicy(roleName: string, policyArn: string): void {
    this.#roles.get(roleName)?.added.managed.delete(policyArn);
    this.#grants.clear();
  }

  roles(): readonly Role[] {
    return [...this.#roles.values()];
  }

  roleByArn(roleArn: string): Role | undefined {
    return this.#find(roleArn);
  }

  /** Nothing for a role that does not exist (any more): its sessions may do nothing. */
  grantsOf(roleArn: string): Grants {
    const known = this.#grants.get(roleArn);
    if (known) return known;
    const role = this.#find(roleArn);
    const grants = role ? this.#collect(role) : { identity: [], boundary: undefined };
    this.#grants.set(roleArn, grants);
    return grants;
  }

  #collect({ own, added, permissionsBoundary }: StoredRole): Grants {
    const inline = new Map([...own.inline, ...added.inline]);
    const managed = [...new Set([...own.managed, ...added.managed])].map(
      (arn) => [arn, this.#managedPolicy(arn)] as const,
    );
    const identity = [...inline, ...managed].flatMap(([policy, statements]) =>
      grants('identity-based', policy, statements),
    );
    const boundary =
      permissionsBoundary === undefined
        ? undefined
        : grants('permissions boundary', permissionsBoundary, this.#managedPolicy(permissionsBoundary));
    return { identity, boundary };
  }

  /** One that is gone grants nothing. */
  #managedPolicy(arn: string): Statements {
    return this.#managed.get(arn) ?? [];
  }

  #get(name: string): StoredRole {
    const role = this.#roles.get(name);
    if (role) return role;
    throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, { status: 404 });
  }

  #find(roleArn: string): StoredRole | undefined {
    const role = this.#roles.get(roleArn.slice(roleArn.lastIndexOf('/') + 1));
    return role?.arn === roleArn ? role : undefined;
  }
}

const identity = (document: PolicyDocument): Statements => parsePolicy(document, 'identity');

const grants = (type: Grant['type'], policy: string, statements: Statements): readonly Grant[] =>
  statements.map((statement, index) => ({ type, policy, index, statement }));

/** The same for the same role, so that runs can be compared. */
export const roleId = (arn: string): string =>
  `AROA${createHash('sha256').update(arn).digest('hex').slice(0, 17).toUpperCase()}`;
