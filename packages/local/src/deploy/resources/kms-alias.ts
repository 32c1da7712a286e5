import type { ResourceType } from '../resource.ts';

export const kmsAlias: ResourceType = ({ properties }, { parts }) => {
  const alias = properties.requiredString('AliasName');
  const key = properties.requiredString('TargetKeyId');
  if (!/^alias\/(?!aws\/)[\w/-]+$/.test(alias))
    properties.refuse('AliasName', `must be alias/NAME and not begin with alias/aws/, got ${alias}`);
  return { physicalId: alias, attributes: {}, create: () => parts.keys.createAlias(alias, key) };
};
