import { iamArn } from '../../common/arn.ts';
import { nameOf, type ResourceType } from '../resource.ts';

export const iamManagedPolicy: ResourceType = (resource, { account, managedPolicies, parts }) => {
  const { properties } = resource;
  const name = nameOf(resource, 'ManagedPolicyName', { longest: 128 });
  const arn = iamArn(account, `policy${properties.string('Path') ?? '/'}${name}`);
  const document = properties.policy('PolicyDocument', 'identity');
  const roles = properties.strings('Roles');
  properties.withoutEffect('Description', 'Tags');
  // Roles name it by ARN; they are planned later, since they refer to it.
  managedPolicies.set(arn, document);
  return {
    physicalId: arn,
    attributes: { PolicyArn: arn },
    create: () => {
      for (const role of roles) parts.identities.putRolePolicy(role, arn, document);
    },
  };
};
