import type { Account } from '../common/account.ts';
import { formatArn, iamArn } from '../common/arn.ts';
import type { Credentials, RoleAssumer } from '../common/ports.ts';
import type { Caller, PolicyDocument } from '../common/service.ts';
import { roleNotAssumed } from './access-denied.ts';
import { AccessLog } from './access-log.ts';
import { requestContext } from './context.ts';
import type { TrustSubject } from './principals.ts';
import { verdictOfResource } from './resource-policies.ts';
import { type Role, Roles } from './roles.ts';
import { Sessions } from './sessions.ts';

export type RoleSession = Caller & { readonly type: 'role' };

/** Services that trust policies may also name with the region in it. */
const REGIONAL = ['states.amazonaws.com'];

/** The account's roles, who may become them, and the credentials given out for them. */
export class Identities extends Roles implements RoleAssumer {
  /** What the sessions of the roles were allowed and denied. */
  readonly accessLog = new AccessLog();
  readonly #account: Account;
  readonly #sessions = new Sessions();
  /** Parts that ask again for the same caller get the same keys. */
  readonly #lasting = new WeakMap<Caller, Credentials>();

  constructor(account: Account) {
    super();
    this.#account = account;
  }

  assume(
    roleArn: string,
    servicePrincipal: string,
    sessionName: string,
    context: Readonly<Record<string, string>> = {},
  ): RoleSession {
    const own = {
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': servicePrincipal,
      'aws:SourceAccount': this.#account.accountId,
      'aws:RequestedRegion': this.#account.region,
      'aws:SecureTransport': 'true',
    };
    const subject = serviceSubject(servicePrincipal, this.#account);
    this.trustedRole(roleArn, { subject, name: servicePrincipal, context: { ...own, ...context } });
    const sourceArn = context['aws:SourceArn'];
    return { ...this.sessionOf(roleArn, sessionName), ...(sourceArn === undefined ? {} : { sourceArn }) };
  }

  /** @throws AwsError `AccessDenied` when the role does not exist or its trust policy does not let `asker` become it */
  trustedRole(
    roleArn: string,
    asker: { subject: TrustSubject; name: string; context: Readonly<Record<string, string>> },
  ): Role {
    const role = this.roleByArn(roleArn);
    const request = { action: 'sts:AssumeRole', resource: roleArn, context: requestContext(asker.context) };
    const { isDenied, grantedAs } = verdictOfResource(role?.trust ?? [], request, { ...asker, isBounded: false });
    if (role && !isDenied && grantedAs) return role;
    throw roleNotAssumed(asker.name, roleArn, isDenied);
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

  /** Lets roles in that another endpoint knows: as the account's administrator. */
  takeKeysOfOthers(): void {
    this.#sessions.takesKeysOfOthers = true;
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
}

/** An AWS service, as policies name it. */
export const serviceSubject = (principal: string, { region }: Account): TrustSubject => {
  const regional = REGIONAL.includes(principal) ? [principal.replace('.', `.${region}.`)] : [];
  return { type: 'service', names: [principal, ...regional] };
};
