import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct, IDependable } from 'constructs';
import { acknowledge } from './acknowledge';
import { describe } from './description';
import { policyMissing, trustMissing, warnOfRole } from './role-of-others';

/** The role that a handler runs with. */
export interface HandlerRole {
  readonly role: iam.IRole;
  /** The property that supplied it; undefined where it was made here. */
  readonly suppliedBy?: string;
}

export interface HandlerRoleProps {
  /** Beginning of the ids of what is made. */
  readonly handler: 'Drain' | 'Invoker' | 'Sweep';
  readonly purpose: string;
  readonly supplied: iam.IRole | undefined;
  readonly property: string;
  /** Who may assume it, beside Lambda. */
  readonly assumedBy: readonly iam.IRole[];
}

export const handlerRole = (scope: Construct, props: HandlerRoleProps): HandlerRole => {
  const { handler, purpose, supplied, property, assumedBy } = props;
  if (supplied) {
    if (assumedBy.length > 0) warnOfRole(scope, property, trustMissing(scope, supplied, assumedBy));
    return { role: supplied, suppliedBy: property };
  }
  const principals = assumedBy.map(({ roleArn }) => new iam.ArnPrincipal(roleArn));
  const lambda = new iam.ServicePrincipal('lambda.amazonaws.com');
  const role = new iam.Role(scope, `${handler}Role`, {
    description: describe(scope, purpose),
    assumedBy: principals.length > 0 ? new iam.CompositePrincipal(lambda, ...principals) : lambda,
  });
  return { role };
};

export interface RoleRights {
  readonly handler: HandlerRoleProps['handler'];
  readonly statements: readonly iam.PolicyStatement[];
  /** Findings of rule checkers in the statements, and why they are as they should be. */
  readonly acknowledgements: Record<string, string>;
}

/**
 * Gives the role its rights. A supplied one may serve others, or belong to another stack, which must not come to need this one:
 * it gets them in a policy of its own.
 *
 * @returns what must be there before the function comes, beside the role
 */
export const letRole = (scope: Construct, { role, suppliedBy }: HandlerRole, rights: RoleRights): IDependable[] => {
  const { handler, statements, acknowledgements } = rights;
  if (suppliedBy === undefined) {
    for (const statement of statements) role.addToPrincipalPolicy(statement);
    acknowledge(role, acknowledgements);
    return [];
  }
  const policy = new iam.Policy(scope, `${handler}Policy`, { statements: [...statements] });
  role.attachInlinePolicy(policy);
  acknowledge(policy, acknowledgements);
  warnOfRole(scope, suppliedBy, policyMissing(Stack.of(scope), policy));
  return [policy];
};
