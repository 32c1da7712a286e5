import type { ResourceType } from '../resource.ts';

export const kmsAlias: ResourceType = {
  replacement: ['AliasName'],
  plan: ({ properties }, { parts: { keys } }) => {
    const alias = properties.requiredString('AliasName');
    const key = properties.requiredString('TargetKeyId');
    if (!/^alias\/(?!aws\/)[\w/-]+$/.test(alias))
      properties.refuse('AliasName', `must be alias/NAME and not begin with alias/aws/, got ${alias}`);
    return {
      physicalId: alias,
      attributes: {},
      create: () => keys.createAlias(alias, key),
      update: () => keys.updateAlias(alias, key),
      delete: () => keys.deleteAlias(alias),
    };
  },
};
