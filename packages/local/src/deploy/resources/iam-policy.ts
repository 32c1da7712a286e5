import type { Identities } from '../../iam/identities.ts';
import { physicalName } from '../naming.ts';
import type { Properties } from '../properties.ts';
import type { ResourceType } from '../resource.ts';

export const iamPolicy: ResourceType = {
  replacement: [],
  plan: (resource, { parts: { identities } }) => {
    const { properties } = resource;
    const name = properties.requiredString('PolicyName');
    const document = properties.policy('PolicyDocument', 'identity');
    const roles = properties.strings('Roles');
    if (roles.length === 0) properties.refuse('Roles', 'is required: the stage knows neither users nor groups');
    const put = () => {
      for (const role of roles) identities.putRolePolicy(role, name, document);
    };
    return {
      physicalId: physicalName(resource, { longest: 128 }),
      attributes: {},
      create: put,
      update: (existing) => {
        takeAway(identities, existing.properties);
        put();
      },
      delete: (existing) => takeAway(identities, existing.properties),
    };
  },
};

const takeAway = (identities: Identities, properties: Properties): void => {
  for (const role of properties.strings('Roles'))
    identities.deleteRolePolicy(role, properties.requiredString('PolicyName'));
};
