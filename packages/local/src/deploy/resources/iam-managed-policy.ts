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
      parts.identities.putManagedPolicy(arn, document);
      for (const role of roles) parts.identities.attachRolePolicy(role, arn);
    };
    return {
      physicalId: arn,
      attributes: { PolicyArn: arn },
      create: put,
      update: (existing) => {
        detach(arn, existing.properties, parts);
        put();
      },
      delete: (existing) => {
        detach(arn, existing.properties, parts);
        parts.identities.deleteManagedPolicy(arn);
      },
    };
  },
};

const detach = (arn: string, properties: Properties, { identities }: StageParts): void => {
  for (const role of properties.strings('Roles')) identities.detachRolePolicy(role, arn);
};
