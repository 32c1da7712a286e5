import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** What a role that was not made here lacks, in words; nothing where it could be given. */
export type Missing = string[];

/** Of a role of another stack the trust cannot be made to name roles of this one: the stacks would need each other. */
export const trustMissing = (scope: Construct, role: iam.IRole, assumedBy: readonly iam.IRole[]): Missing => {
  const principals = assumedBy.map(({ roleArn }) => new iam.ArnPrincipal(roleArn));
  const trust = new iam.PolicyStatement({ actions: ['sts:AssumeRole'], principals });
  const knows = (other: Stack) => Stack.of(role) === other;
  if (iam.Role.isRole(role) && role.assumeRolePolicy) {
    if (knows(Stack.of(scope)) || assumedBy.every((other) => knows(Stack.of(other)))) {
      role.assumeRolePolicy.addStatements(trust);
      return [];
    }
  }
  const json = JSON.stringify(Stack.of(scope).resolve(trust.toStatementJson()));
  return [`the trust of a role that is not of this stack is not known here. It must hold: ${json}`];
};

/** A role that is imported from another account, or as one not to be changed, takes no policies. */
export const policyMissing = (stack: Stack, policy: iam.Policy): Missing => {
  const { roles } = policy.node.defaultChild as iam.CfnPolicy;
  if (stack.resolve(roles) !== undefined) return [];
  const json = JSON.stringify((stack.resolve(policy.document) as { Statement: unknown }).Statement);
  return [`its policy cannot be changed from here. It must hold: ${json}`];
};

/** @param property that supplied the role */
export const warnOfRole = (scope: Construct, property: string, missing: Missing): void => {
  if (missing.length === 0) return;
  Annotations.of(scope).addWarningV2(`sfn-redshift-tasker:${property}`, `${property}: ${missing.join('; ')}`);
};
