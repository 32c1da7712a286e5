import { Annotations, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ANY_RESOURCE_OF_FOLLOWING, acknowledge } from './acknowledge';
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
  const missing = [...missingTrust(scope, props), ...missingPolicy(scope, policy), ...missingEvents(scope, ownerRole)];
  if (missing.length > 0) {
    Annotations.of(scope).addWarningV2('sfn-redshift-tasker:ownerRole', `ownerRole: ${missing.join('; ')}`);
  }
  return policy;
};

/** Of a role of another stack the trust cannot be changed from here: the stacks would need each other. */
const missingTrust = (scope: Construct, { ownerRole, assumedBy }: OwnerRoleProps): string[] => {
  const principals = assumedBy.map(({ roleArn }) => new iam.ArnPrincipal(roleArn));
  const trust = new iam.PolicyStatement({ actions: ['sts:AssumeRole'], principals });
  if (iam.Role.isRole(ownerRole) && Stack.of(ownerRole) === Stack.of(scope) && ownerRole.assumeRolePolicy) {
    ownerRole.assumeRolePolicy.addStatements(trust);
    return [];
  }
  const json = JSON.stringify(Stack.of(scope).resolve(trust.toStatementJson()));
  return [`the trust of a role that is not of this stack is not known here. It must hold: ${json}`];
};

/** A role that is imported from another account, or as one not to be changed, takes no policies. */
const missingPolicy = (scope: Construct, policy: iam.Policy): string[] => {
  const { roles } = policy.node.defaultChild as iam.CfnPolicy;
  const stack = Stack.of(scope);
  if (stack.resolve(roles) !== undefined) return [];
  const json = JSON.stringify((stack.resolve(policy.document) as { Statement: unknown }).Statement);
  return [`its policy cannot be changed from here. It must hold: ${json}`];
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
