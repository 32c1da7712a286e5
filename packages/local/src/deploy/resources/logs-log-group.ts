import { arnIn } from '../../common/arn.ts';
import { nameOf, type ResourceType } from '../resource.ts';

export const logsLogGroup: ResourceType = (resource, { account, parts }) => {
  const { properties } = resource;
  const name = nameOf(resource, 'LogGroupName', { longest: 512 });
  const key = properties.string('KmsKeyId');
  const retentionInDays = properties.integer('RetentionInDays', { from: 1, to: 3653 });
  properties.only('LogGroupClass', 'STANDARD');
  properties.withoutEffect('Tags');
  return {
    physicalId: name,
    attributes: { Arn: arnIn(account, 'logs', `log-group:${name}:*`) },
    create: () => {
      const kmsKeyArn = key === undefined ? undefined : parts.keys.arnOf(key);
      if (key !== undefined && kmsKeyArn === undefined) throw new Error(`the KMS key ${key} does not exist`);
      const settings = { ...(kmsKeyArn && { kmsKeyArn }), ...(retentionInDays !== undefined && { retentionInDays }) };
      parts.logs.putLogGroup({ name, ...settings });
    },
  };
};
