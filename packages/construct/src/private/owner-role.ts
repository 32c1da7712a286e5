import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ANY_RESOURCE_OF_FOLLOWING, acknowledge } from './acknowledge';
import { policyMissing, trustMissing, warnOfRole } from './role-of-others';
import { AS_OWNER, followStatements } from './role-policies';
import type { TargetConnection } from './target-connection';

/** A target's owner role, who assumes it, and what it needs. */
export interface OwnerRoleProps {
  readonly ownerRole: iam.IRole;
  readonly target: TargetConnection;
  /** The roles of the invoker and of the completers. */
  readonly assumedBy: readonly iam.IRole[];
}

/**
 * Lets a role that is not the invoker's own statements: in a policy beside those that it has, as it may serve several
 * taskers; and by its trust, if it is a role of this stack. What cannot be done from here a warning prints.
 *
 * @returns what must be there before the invoker comes
 */
export const prepareOwnerRole = (scope: Construct, props: OwnerRoleProps): iam.Policy => {
  const { ownerRole, target } = props;
  const policy = new iam.Policy(scope, 'OwnerPolicy', {
    statements: [followStatements(AS_OWNER), ...target.statements],
  });
  ownerRole.attachInlinePolicy(policy);
  acknowledge(policy, { ...ANY_RESOURCE_OF_FOLLOWING, ...target.acknowledgements });
  warnOfRole(scope, 'ownerRole', [
    ...trustMissing(scope, ownerRole, props.assumedBy),
    ...policyMissing(Stack.of(scope), policy),
    ...missingEvents(scope, ownerRole),
  ]);
  return policy;
};

/** https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-monitoring-events.html */
const missingEvents = (scope: Construct, ownerRole: iam.IRole): string[] => {
  const { account } = ownerRole.env;
  const { account: here } = Stack.of(scope);
  if (Token.isUnresolved(account) || Token.isUnresolved(here) || account === here) return [];
  return [
    `events of its statements come to its account, ${account}. A rule there must send them (source aws.redshift-data) to the default event bus here; without that the sweep alone finds how they ended`,
  ];
};
