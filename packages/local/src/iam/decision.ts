import type { Verdict } from './evaluate.ts';
import type { NamedAs } from './principals.ts';

/** Which kind of policy said no, and how. */
export interface Denial {
  readonly policy: 'identity-based' | 'permissions boundary' | 'session' | 'resource-based' | 'role trust';
  readonly verdict: 'explicitDeny' | 'implicitDeny';
}

/** What a resource's own policy says to a request. */
export interface ResourceVerdict {
  readonly isDenied: boolean;
  /** How the asker is named by what allows it; the closest name counts. */
  readonly grantedAs: NamedAs | undefined;
  /** For keys and roles: without a word of theirs the account's own policies count for nothing. */
  readonly mustGrant: boolean;
  readonly policy: 'resource-based' | 'role trust';
}

/** What each kind of policy says to one request of a role session. Absent are kinds of which there is no policy. */
export interface Verdicts {
  readonly identity: Verdict;
  readonly boundary?: Verdict | undefined;
  readonly session?: Verdict | undefined;
  readonly resource?: ResourceVerdict | undefined;
}

/**
 * The decision within one account. A Deny anywhere decides. A resource's Allow for the session itself needs nothing else; one for its role
 * stands in for the role's identity policies, within boundary and session policies.
 *
 * @returns undefined when the request is allowed
 */
export const decide = ({ identity, boundary, session, resource }: Verdicts): Denial | undefined => {
  if (identity === 'explicitDeny') return { policy: 'identity-based', verdict: identity };
  if (resource?.isDenied) return { policy: resource.policy, verdict: 'explicitDeny' };
  if (boundary === 'explicitDeny') return { policy: 'permissions boundary', verdict: boundary };
  if (session === 'explicitDeny') return { policy: 'session', verdict: session };
  if (resource?.grantedAs === 'itself') return undefined;
  if (resource?.mustGrant && resource.grantedAs === undefined)
    return { policy: resource.policy, verdict: 'implicitDeny' };
  if (identity !== 'allowed' && resource?.grantedAs !== 'role') return { policy: 'identity-based', verdict: identity };
  if (boundary === 'implicitDeny') return { policy: 'permissions boundary', verdict: boundary };
  if (session === 'implicitDeny') return { policy: 'session', verdict: session };
  return undefined;
};

/** An AWS service acting for itself has no policies: those of resources alone bind it. */
export const decideForService = (resource: ResourceVerdict | undefined): Denial | undefined => {
  if (!resource || (!resource.isDenied && resource.grantedAs !== undefined)) return undefined;
  return { policy: resource.policy, verdict: resource.isDenied ? 'explicitDeny' : 'implicitDeny' };
};
