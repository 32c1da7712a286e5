import type { NeededPermission, PolicyDocument } from '../common/service.ts';
import type { RequestContext } from './context.ts';
import { evaluate, type Verdict } from './evaluate.ts';
import { parsePolicy, type Statement } from './policy.ts';
import type { TrustSubject } from './principals.ts';

/** Finds the policy of a resource: undefined when it has none, null when there can be none, or no such resource. */
export type ResourcePolicyLookup = (resourceArn: string) => PolicyDocument | undefined | null;

/** What a resource's own policy says to a request. */
export interface ResourceVerdict {
  /** For the asker by name. */
  readonly direct: Verdict;
  /** Whether it hands the decision to the IAM policies of the account; what a KMS key's policy has to do for them to count. */
  readonly trustsAccount: boolean;
}

/** Reads each policy document once. */
export class ResourcePolicies {
  readonly #find: ResourcePolicyLookup;
  readonly #parsed = new WeakMap<PolicyDocument, readonly Statement[]>();

  constructor(find: ResourcePolicyLookup) {
    this.#find = find;
  }

  /**
   * Undefined when resources of this kind have no policies here.
   *
   * @param subject with its account: a denial for the account is one for everybody in it, while an Allow for it only leaves the decision to the
   * account's own policies
   */
  verdict(
    { action, resource }: NeededPermission,
    context: RequestContext,
    subject: TrustSubject,
    root: TrustSubject,
  ): ResourceVerdict | undefined {
    const document = this.#find(resource);
    if (document === null) return undefined;
    const statements = document ? this.#statementsOf(document) : [];
    const ask = (asker: TrustSubject) => evaluate(statements, { action, resource, context, subject: asker });
    const byName = subject.type === 'aws' ? { ...subject, accountId: '' } : subject;
    return {
      direct: ask(subject) === 'explicitDeny' ? 'explicitDeny' : ask(byName),
      trustsAccount: ask(root) === 'allowed',
    };
  }

  #statementsOf(document: PolicyDocument): readonly Statement[] {
    const known = this.#parsed.get(document);
    if (known) return known;
    const statements = parsePolicy(document, 'key');
    this.#parsed.set(document, statements);
    return statements;
  }
}
