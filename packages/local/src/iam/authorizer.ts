import type { Account } from '../common/account.ts';
import { parseArn } from '../common/arn.ts';
import type { Clock } from '../common/clock.ts';
import type { ApiCall, NeededPermission, PolicyDocument } from '../common/service.ts';
import { accessDenied, type Denial } from './access-denied.ts';
import { type RequestContext, requestContext } from './context.ts';
import { evaluate } from './evaluate.ts';
import type { Identities, RoleSession } from './identities.ts';
import { parsePolicy, type Statement } from './policy.ts';

/** Decides whether a caller may do what a call needs, from the policies of its role and of its session. */
export class Authorizer {
  readonly #account: Account;
  readonly #clock: Clock;
  readonly #identities: Identities;
  readonly #sessionPolicies = new WeakMap<readonly PolicyDocument[], readonly Statement[]>();

  constructor(deps: { account: Account; clock: Clock; identities: Identities }) {
    this.#account = deps.account;
    this.#clock = deps.clock;
    this.#identities = deps.identities;
  }

  /**
   * The administrator and AWS services acting for themselves pass: what would bind them are resource policies.
   *
   * @throws AwsError in the form of the called service, for the first permission that is missing
   */
  check(call: Pick<ApiCall, 'service' | 'caller'>, needed: readonly NeededPermission[]): void {
    const { caller, service } = call;
    if (caller.type !== 'role') return;
    for (const permission of needed) {
      const denial = this.#denialOf(caller, permission);
      if (denial) throw accessDenied(service, caller.arn, permission, denial);
    }
  }

  #denialOf(caller: RoleSession, permission: NeededPermission): Denial | undefined {
    const request = { ...permission, context: this.#contextOf(caller, permission) };
    const identity = evaluate(this.#identities.policiesOf(caller.roleArn), request);
    if (identity !== 'allowed') return { policy: 'identity-based', verdict: identity };
    // Several session policies are one set, as several identity policies are; without any, the session has all of the role's rights.
    if (caller.sessionPolicies.length === 0) return undefined;
    const session = evaluate(this.#sessionStatements(caller.sessionPolicies), request);
    return session === 'allowed' ? undefined : { policy: 'session', verdict: session };
  }

  #sessionStatements(documents: readonly PolicyDocument[]): readonly Statement[] {
    const known = this.#sessionPolicies.get(documents);
    if (known) return known;
    const statements = documents.flatMap((document) => parsePolicy(document, 'session'));
    this.#sessionPolicies.set(documents, statements);
    return statements;
  }

  #contextOf(caller: RoleSession, permission: NeededPermission): RequestContext {
    return requestContext(
      this.globalKeys(caller),
      { 'aws:ResourceAccount': ownerOf(permission.resource) },
      permission.context,
    );
  }

  /** The condition keys that every request of a role session has. */
  globalKeys(caller: RoleSession): Readonly<Record<string, string>> {
    const now = this.#clock.now();
    return {
      'aws:PrincipalArn': caller.roleArn,
      'aws:PrincipalAccount': parseArn(caller.roleArn)?.accountId ?? this.#account.accountId,
      'aws:PrincipalType': 'AssumedRole',
      'aws:PrincipalIsAWSService': 'false',
      'aws:userid': `${this.#identities.roleOf(caller)?.id ?? ''}:${caller.sessionName}`,
      'aws:RequestedRegion': this.#account.region,
      // The stage speaks plain HTTP; what runs on it is meant to speak TLS on AWS.
      'aws:SecureTransport': 'true',
      'aws:ViaAWSService': 'false',
      'aws:SourceIp': '127.0.0.1',
      'aws:CurrentTime': new Date(now).toISOString(),
      'aws:EpochTime': String(Math.floor(now / 1000)),
    };
  }
}

const ownerOf = (resource: string): string | undefined => parseArn(resource)?.accountId || undefined;
