import { physicalName } from '../naming.ts';
import type { ResourceType } from '../resource.ts';

export const iamPolicy: ResourceType = ({ stackName, logicalId, properties }, { parts }) => {
  const name = properties.requiredString('PolicyName');
  const document = properties.policy('PolicyDocument', 'identity');
  const roles = properties.strings('Roles');
  if (roles.length === 0) properties.refuse('Roles', 'is required: the stage knows neither users nor groups');
  return {
    physicalId: physicalName(stackName, logicalId, { longest: 128 }),
    attributes: {},
    create: () => {
      for (const role of roles) parts.identities.putRolePolicy(role, name, document);
    },
  };
};
