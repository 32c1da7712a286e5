import { createHash } from 'node:crypto';
import type { Account } from '../common/account.ts';
import { formatArn, iamArn } from '../common/arn.ts';
import { AwsError } from '../common/aws-error.ts';
import type { Credentials, RoleAssumer } from '../common/ports.ts';
import type { Caller, PolicyDocument } from '../common/service.ts';
import { requestContext } from './context.ts';
import { evaluate } from './evaluate.ts';
import { parsePolicy, type Statement } from './policy.ts';
import type { TrustSubject } from './principals.ts';
import { Sessions } from './sessions.ts';

export type RoleSession = Caller & { readonly type: 'role' };

/** A role as a caller of AssumeRole needs to know it. */
export interface Role {
  readonly name: string;
  readonly arn: string;
  /** `AROA…`, the first half of a session's user id. */
  readonly id: string;
  readonly maxSessionDurationSeconds: number;
}

interface StoredRole extends Role {
  readonly trust: readonly Statement[];
  readonly policies: Map<string, readonly Statement[]>;
}

/** AWS's default for roles that do not say. */
const DEFAULT_MAX_SESSION_SECONDS = 3600;

/** The account's roles, what they may do, who may become them, and the credentials given out for them. */
export class Identities implements RoleAssumer {
  readonly #account: Account;
  readonly #roles = new Map<string, StoredRole>();
  readonly #sessions = new Sessions();
  /** Parts that ask again for the same caller get the same keys. */
  readonly #lasting = new WeakMap<Caller, Credentials>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** @throws NotSupportedError naming what the stage does not evaluate in the trust policy */
  putRole(role: { name: string; arn: string; trustPolicy: PolicyDocument; maxSessionDurationSeconds?: number }): void {
    const { name, arn, trustPolicy, maxSessionDurationSeconds = DEFAULT_MAX_SESSION_SECONDS } = role;
    const trust = parsePolicy(trustPolicy, 'trust');
    const policies = this.#roles.get(name)?.policies ?? new Map<string, readonly Statement[]>();
    this.#roles.set(name, { name, arn, id: roleId(arn), maxSessionDurationSeconds, trust, policies });
  }

  deleteRole(name: string): void {
    this.#roles.delete(name);
  }

  /**
   * Inline policies and attached managed ones alike; the name tells them apart.
   *
   * @throws NotSupportedError naming what the stage does not evaluate in the policy
   */
  putRolePolicy(roleName: string, policyName: string, document: PolicyDocument): void {
    const role = this.#roles.get(roleName);
    if (!role) throw noSuchRole(roleName);
    role.policies.set(policyName, parsePolicy(document, 'identity'));
  }

  deleteRolePolicy(roleName: string, policyName: string): void {
    this.#roles.get(roleName)?.policies.delete(policyName);
  }

  /** Nothing for a role that does not exist (any more): its sessions may do nothing. */
  policiesOf(roleArn: string): readonly Statement[] {
    return [...(this.#byArn(roleArn)?.policies.values() ?? [])].flat();
  }

  roleOf(caller: RoleSession): Role | undefined {
    return this.#byArn(caller.roleArn);
  }

  assume(
    roleArn: string,
    servicePrincipal: string,
    sessionName: string,
    context: Readonly<Record<string, string>> = {},
  ): RoleSession {
    const subject: TrustSubject = { type: 'service', name: servicePrincipal };
    const own = { 'aws:PrincipalIsAWSService': 'true', 'aws:SourceAccount': this.#account.accountId };
    this.trustedRole(roleArn, { subject, name: servicePrincipal, context: { ...own, ...context } });
    return this.sessionOf(roleArn, sessionName);
  }

  /** @throws AwsError `AccessDenied` when the role does not exist or its trust policy does not let `asker` become it */
  trustedRole(
    roleArn: string,
    asker: { subject: TrustSubject; name: string; context: Readonly<Record<string, string>> },
  ): Role {
    const role = this.#byArn(roleArn);
    const request = {
      action: 'sts:AssumeRole',
      resource: roleArn,
      context: requestContext(asker.context),
      subject: asker.subject,
    };
    if (role && evaluate(role.trust, request) === 'allowed') return role;
    throw new AwsError(
      'AccessDenied',
      `User: ${asker.name} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      { status: 403 },
    );
  }

  sessionOf(roleArn: string, sessionName: string, sessionPolicies: readonly PolicyDocument[] = []): RoleSession {
    const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const resource = `assumed-role/${roleName}/${sessionName}`;
    const arn = formatArn({ ...this.#account, service: 'sts', region: '', resource });
    return { type: 'role', arn, roleArn, sessionName, sessionPolicies };
  }

  /** Keys that last as long as the stage. */
  credentialsFor(caller: Caller): Credentials {
    const known = this.#lasting.get(caller);
    if (known) return known;
    const credentials = this.#sessions.issue(caller);
    this.#lasting.set(caller, credentials);
    return credentials;
  }

  /** Keys that end at a time of the stage's clock (epoch milliseconds). */
  temporaryCredentialsFor(caller: Caller, expiry: { readonly expiresAt: number; readonly now: number }): Credentials {
    return this.#sessions.issue(caller, expiry);
  }

  /**
   * Whom a key makes its bearer; keys that the stage has not given out, or none, act as the account's administrator.
   *
   * @param now epoch milliseconds of the stage's clock; without it nothing counts as expired
   * @throws AwsError for the stage's own keys, when they are expired or unknown
   */
  resolve(accessKeyId: string | undefined, now = -Infinity): Caller {
    return (accessKeyId && this.#sessions.find(accessKeyId, now)) || this.#administrator();
  }

  #administrator(): Caller {
    return { type: 'administrator', arn: iamArn(this.#account, 'root') };
  }

  #byArn(roleArn: string): StoredRole | undefined {
    const role = this.#roles.get(roleArn.slice(roleArn.lastIndexOf('/') + 1));
    return role?.arn === roleArn ? role : undefined;
  }
}

/** The same for the same role, so that runs can be compared. */
export const roleId = (arn: string): string =>
  `AROA${createHash('sha256').update(arn).digest('hex').slice(0, 17).toUpperCase()}`;

const noSuchRole = (name: string): AwsError =>
  new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, { status: 404 });
