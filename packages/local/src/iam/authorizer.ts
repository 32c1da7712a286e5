import type { Account } from '../common/account.ts';
import { parseArn } from '../common/arn.ts';
import type { Clock } from '../common/clock.ts';
import type { ApiCall, Caller, NeededPermission, PolicyDocument } from '../common/service.ts';
import { accessDenied } from './access-denied.ts';
import type { Decision } from './access-log.ts';
import { type RequestContext, requestContext } from './context.ts';
import { decide, decideForService, type ResourceVerdict } from './decision.ts';
import { covers, evaluate, verdictOf } from './evaluate.ts';
import { globalKeysOf } from './global-keys.ts';
import { type Identities, type RoleSession, serviceSubject } from './identities.ts';
import { parsePolicy, type Statement } from './policy.ts';
import { type Asker, ResourcePolicies, type ResourcePolicyLookup, verdictOfResource } from './resource-policies.ts';
import type { Grant } from './roles.ts';

type BoundCaller = Exclude<Caller, { type: 'administrator' }>;
type Call = Pick<ApiCall, 'service' | 'operation' | 'caller'>;

/** A permission with the condition keys of its request. */
type Request = Omit<NeededPermission, 'context'> & { readonly context: RequestContext };

/** Of services whose actions do not begin with the name that signatures know them by. */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

/**
 * Decides whether a caller may do what a call needs, from the policies of its role, of its session and of the resource. What it decides about
 * sessions of roles is kept with the roles.
 */
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
  check(call: Call, needed: readonly NeededPermission[]): void {
    const { caller } = call;
    if (caller.type === 'role') this.#checkRole(call, caller, needed);
    if (caller.type === 'service') this.#checkService(call, caller, needed);
  }

  #checkService(call: Call, caller: Caller & { type: 'service' }, needed: readonly NeededPermission[]): void {
    for (const permission of needed) {
      const denial = decideForService(this.#resourceVerdict(caller, this.#requestOf(call, caller, permission)));
      if (denial) throw accessDenied(call.service, caller.arn, permission, denial);
    }
  }

  #checkRole(call: Call, caller: RoleSession, needed: readonly NeededPermission[]): void {
    const allowed: Decision[] = [];
    for (const permission of needed) {
      const decision = this.#decideForRole(caller, this.#requestOf(call, caller, permission));
      if (decision.denial) {
        this.#identities.accessLog.record(call, caller.roleArn, [decision]);
        throw accessDenied(call.service, caller.arn, permission, decision.denial);
      }
      allowed.push(decision);
    }
    this.#identities.accessLog.record(call, caller.roleArn, allowed);
  }

  #decideForRole(caller: RoleSession, request: Request): Decision {
    const { identity, boundary } = this.#identities.grantsOf(caller.roleArn);
    const granted = { identity: applying(identity, request), boundary: boundary && applying(boundary, request) };
    // Several session policies are one set, as several identity policies are; without any, the session has all of the role's rights.
    const session =
      caller.sessionPolicies.length === 0
        ? undefined
        : evaluate(this.#sessionStatements(caller.sessionPolicies), request);
    const resource = this.#resourceVerdict(caller, request);
    const verdicts = {
      identity: verdictOf(granted.identity.map(statementOf)),
      boundary: granted.boundary && verdictOf(granted.boundary.map(statementOf)),
      session,
      resource,
    };
    return { request, granted, session, resource, denial: decide(verdicts) };
  }

  #resourceVerdict(caller: BoundCaller, request: Request): ResourceVerdict | undefined {
    const asker = this.#askerOf(caller);
    if (request.action !== 'sts:AssumeRole') return this.#resourcePolicies.verdict(request, asker);
    const trust = this.#identities.roleByArn(request.resource)?.trust ?? [];
    return { ...verdictOfResource(trust, request, asker), mustGrant: true, policy: 'role trust' };
  }

  #askerOf(caller: BoundCaller): Asker {
    if (caller.type === 'service') return { subject: serviceSubject(caller.arn, this.#account), isBounded: false };
    const { arn, roleArn } = caller;
    const isBounded = this.#identities.grantsOf(roleArn).boundary !== undefined;
    return { subject: { type: 'aws', arn, roleArn, accountId: this.#account.accountId }, isBounded };
  }

  #sessionStatements(documents: readonly PolicyDocument[]): readonly Statement[] {
    const known = this.#sessionPolicies.get(documents);
    if (known) return known;
    const statements = documents.flatMap((document) => parsePolicy(document, 'session'));
    this.#sessionPolicies.set(documents, statements);
    return statements;
  }

  #requestOf({ service }: Call, caller: BoundCaller, { action, resource, context }: NeededPermission): Request {
    const global = globalKeysOf(caller, {
      account: this.#account,
      now: this.#clock.now(),
      role: caller.type === 'role' ? this.#identities.roleByArn(caller.roleArn) : undefined,
      isForwarded: !action.startsWith(`${PREFIXES[service] ?? service}:`),
    });
    const given = requestContext(global, this.#keysOfResource(resource), context, encryptionContextKeys(context));
    return { action, resource, context: given };
  }

  /** The ARNs of buckets have no account, but their owner has. */
  #keysOfResource(resource: string): Record<string, string> {
    const arn = parseArn(resource);
    return arn ? { 'aws:ResourceAccount': arn.accountId || this.#account.accountId } : {};
  }
}

const ENCRYPTION_CONTEXT = 'kms:EncryptionContext:';

/** The names of what a call to KMS has as encryption context. */
const encryptionContextKeys = (context: NeededPermission['context'] = {}): NeededPermission['context'] => {
  const keys = Object.keys(context).filter((key) => key.startsWith(ENCRYPTION_CONTEXT));
  return keys.length === 0
    ? {}
    : { 'kms:EncryptionContextKeys': keys.map((key) => key.slice(ENCRYPTION_CONTEXT.length)) };
};

const statementOf = ({ statement }: Grant): Statement => statement;

const applying = (grants: readonly Grant[], request: Request): readonly Grant[] =>
  grants.filter(({ statement }) => covers(statement, request));
