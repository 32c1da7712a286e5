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

  /** Undefined when resources of this kind have no policies here. */
  verdict(
    { action, resource }: NeededPermission,
    context: RequestContext,
    subject: TrustSubject,
    account: { readonly accountId: string; readonly rootArn: string },
  ): ResourceVerdict | undefined {
    const document = this.#find(resource);
    if (document === null) return undefined;
    const statements = document ? this.#statementsOf(document) : [];
    const root: TrustSubject = { type: 'aws', arns: [account.rootArn], accountId: account.accountId };
    return {
      direct: evaluate(statements, { action, resource, context, subject }),
      trustsAccount: evaluate(statements, { action, resource, context, subject: root }) === 'allowed',
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
