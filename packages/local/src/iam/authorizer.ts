import type { Account } from '../common/account.ts';
import { iamArn, parseArn } from '../common/arn.ts';
import type { Clock } from '../common/clock.ts';
import type { ApiCall, Caller, NeededPermission, PolicyDocument } from '../common/service.ts';
import { accessDenied, type Denial } from './access-denied.ts';
import { type RequestContext, requestContext } from './context.ts';
import { evaluate } from './evaluate.ts';
import { globalKeysOf } from './global-keys.ts';
import type { Identities, RoleSession } from './identities.ts';
import { parsePolicy, type Statement } from './policy.ts';
import type { TrustSubject } from './principals.ts';
import { ResourcePolicies, type ResourcePolicyLookup, type ResourceVerdict } from './resource-policies.ts';

type BoundCaller = Exclude<Caller, { type: 'administrator' }>;

/** Decides whether a caller may do what a call needs, from the policies of its role, of its session and of the resource. */
export class Authorizer {
  readonly #account: Account;
  readonly #clock: Clock;
  readonly #identities: Identities;
  readonly #resourcePolicies: ResourcePolicies;
  readonly #sessionPolicies = new WeakMap<readonly PolicyDocument[], readonly Statement[]>();

  constructor(deps: {
    account: Account;
    clock: Clock;
    identities: Identities;
    resourcePolicyOf?: ResourcePolicyLookup;
  }) {
    this.#account = deps.account;
    this.#clock = deps.clock;
    this.#identities = deps.identities;
    this.#resourcePolicies = new ResourcePolicies(deps.resourcePolicyOf ?? (() => null));
  }

  /**
   * The administrator passes. AWS services acting for themselves have no policies: those of the resources alone bind them.
   *
   * @throws AwsError in the form of the called service, for the first permission that is missing
   */
  check(call: Pick<ApiCall, 'service' | 'caller'>, needed: readonly NeededPermission[]): void {
    const { caller, service } = call;
    if (caller.type === 'administrator') return;
    for (const permission of needed) {
      const context = this.#contextOf(caller, permission);
      const resource = this.#resourceVerdict(caller, permission, context);
      const denial =
        caller.type === 'service'
          ? denialOfService(resource)
          : this.#denialOfRole(caller, permission, context, resource);
      if (denial) throw accessDenied(service, caller.arn, permission, denial);
    }
  }

  /** Of identity and resource policy one has to allow; a key's policy has to, by itself or by leaving it to the account. */
  #denialOfRole(
    caller: RoleSession,
    permission: NeededPermission,
    context: RequestContext,
    resource: ResourceVerdict | undefined,
  ): Denial | undefined {
    const request = { ...permission, context };
    const identity = evaluate(this.#identities.policiesOf(caller.roleArn), request);
    if (identity === 'explicitDeny') return { policy: 'identity-based', verdict: identity };
    if (resource?.direct === 'explicitDeny') return { policy: 'resource-based', verdict: 'explicitDeny' };
    if (resource?.direct !== 'allowed') {
      if (resource && !resource.trustsAccount && isKey(permission))
        return { policy: 'resource-based', verdict: 'implicitDeny' };
      if (identity !== 'allowed') return { policy: 'identity-based', verdict: identity };
    }
    // Several session policies are one set, as several identity policies are; without any, the session has all of the role's rights.
    if (caller.sessionPolicies.length === 0) return undefined;
    const session = evaluate(this.#sessionStatements(caller.sessionPolicies), request);
    return session === 'allowed' ? undefined : { policy: 'session', verdict: session };
  }

  #resourceVerdict(
    caller: BoundCaller,
    permission: NeededPermission,
    context: RequestContext,
  ): ResourceVerdict | undefined {
    const { accountId } = this.#account;
    const subject: TrustSubject =
      caller.type === 'service'
        ? { type: 'service', name: caller.arn }
        : { type: 'aws', arns: [caller.arn, caller.roleArn], accountId };
    const root: TrustSubject = { type: 'aws', arns: [iamArn(this.#account, 'root')], accountId };
    return this.#resourcePolicies.verdict(permission, context, subject, root);
  }

  #sessionStatements(documents: readonly PolicyDocument[]): readonly Statement[] {
    const known = this.#sessionPolicies.get(documents);
    if (known) return known;
    const statements = documents.flatMap((document) => parsePolicy(document, 'session'));
    this.#sessionPolicies.set(documents, statements);
    return statements;
  }

  #contextOf(caller: BoundCaller, permission: NeededPermission): RequestContext {
    const roleId = caller.type === 'role' ? (this.#identities.roleOf(caller)?.id ?? '') : '';
    return requestContext(
      globalKeysOf(caller, { account: this.#account, now: this.#clock.now(), roleId }),
      { 'aws:ResourceAccount': parseArn(permission.resource)?.accountId || undefined },
      permission.context,
    );
  }
}

const isKey = ({ action }: NeededPermission): boolean => action.startsWith('kms:');

const denialOfService = (resource: ResourceVerdict | undefined): Denial | undefined =>
  resource === undefined || resource.direct === 'allowed'
    ? undefined
    : { policy: 'resource-based', verdict: resource.direct };
