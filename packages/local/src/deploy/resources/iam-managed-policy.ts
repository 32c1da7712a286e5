import { iamArn } from '../../common/arn.ts';
import type { Properties } from '../properties.ts';
import { nameOf, type ResourceType } from '../resource.ts';
import type { StageParts } from '../stage-parts.ts';

export const iamManagedPolicy: ResourceType = {
  replacement: ['Description', 'ManagedPolicyName', 'Path'],
  plan: (resource, { account, managedPolicies, parts }) => {
    const { properties } = resource;
    const name = nameOf(resource, 'ManagedPolicyName', { longest: 128 });
    const arn = iamArn(account, `policy${properties.string('Path') ?? '/'}${name}`);
    const document = properties.policy('PolicyDocument', 'identity');
    const roles = properties.strings('Roles');
    properties.withoutEffect('Description', 'Tags');
    // Roles name it by ARN; they are planned later, since they refer to it.
    managedPolicies.set(arn, document);
    const put = () => {
      for (const role of roles) parts.identities.putRolePolicy(role, arn, document);
    };
    return {
      physicalId: arn,
      attributes: { PolicyArn: arn },
      create: put,
      update: (existing) => {
        takeAway(arn, existing.properties, parts);
        put();
      },
      delete: (existing) => takeAway(arn, existing.properties, parts),
    };
  },
};

const takeAway = (arn: string, properties: Properties, { identities }: StageParts): void => {
  for (const role of properties.strings('Roles')) identities.deleteRolePolicy(role, arn);
};
