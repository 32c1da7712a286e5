import type { NeededPermission, PolicyDocument } from '../common/service.ts';
import type { ResourceVerdict } from './decision.ts';
import { type AccessRequest, covers } from './evaluate.ts';
import { parsePolicy, type Statement } from './policy.ts';
import { type NamedAs, namedBy, type ParsedPrincipals, type TrustSubject } from './principals.ts';

/** Finds the policy of a resource: undefined when it has none, null when there can be none, or no such resource. */
export type ResourcePolicyLookup = (resourceArn: string) => PolicyDocument | undefined | null;

/** An asker, and whether its role has a permissions boundary. */
export interface Asker {
  readonly subject: TrustSubject;
  readonly isBounded: boolean;
}

type Request = Omit<AccessRequest, 'subject'>;

/** Reads each policy document once. */
export class ResourcePolicies {
  readonly #find: ResourcePolicyLookup;
  readonly #parsed = new WeakMap<PolicyDocument, readonly Statement[]>();

  constructor(find: ResourcePolicyLookup) {
    this.#find = find;
  }

  /** Undefined when resources of this kind have no policies here. */
  verdict(request: Request, asker: Asker): ResourceVerdict | undefined {
    const document = this.#find(request.resource);
    if (document === null) return undefined;
    const said = verdictOfResource(document ? this.#statementsOf(document) : [], request, asker);
    return { ...said, mustGrant: isKey(request), policy: 'resource-based' };
  }

  #statementsOf(document: PolicyDocument): readonly Statement[] {
    const known = this.#parsed.get(document);
    if (known) return known;
    const statements = parsePolicy(document, 'key');
    this.#parsed.set(document, statements);
    return statements;
  }
}

const isKey = ({ action }: Pick<NeededPermission, 'action'>): boolean => action.startsWith('kms:');

/** The closest name counts: what is granted to the session itself is not taken back by what is granted to its account. */
const CLOSEST_FIRST: readonly NamedAs[] = ['itself', 'role', 'account'];

/** What the statements of a resource's policy, or of a role's trust policy, say to an asker. */
export const verdictOfResource = (
  statements: readonly Statement[],
  request: Request,
  asker: Asker,
): Pick<ResourceVerdict, 'isDenied' | 'grantedAs'> => {
  const said = statements
    .filter((statement) => covers(statement, request))
    .map(({ effect, principals }) => ({ effect, as: principals && nameIn(principals, asker) }));
  return {
    isDenied: said.some(({ effect, as }) => effect === 'Deny' && as !== undefined),
    grantedAs: CLOSEST_FIRST.find((name) => said.some(({ effect, as }) => effect === 'Allow' && as === name)),
  };
};

/** AWS lets a Deny with NotPrincipal spare nobody whose role has a permissions boundary. */
const nameIn = (principals: ParsedPrincipals, { subject, isBounded }: Asker): NamedAs | undefined =>
  principals.not && isBounded ? 'itself' : namedBy(principals, subject);
