import { arnIn } from '../../common/arn.ts';
import { nameOf, type ResourceType } from '../resource.ts';

export const logsLogGroup: ResourceType = {
  replacement: ['LogGroupName'],
  plan: (resource, { account, parts: { keys, logs } }) => {
    const { properties } = resource;
    const name = nameOf(resource, 'LogGroupName', { longest: 512 });
    const key = properties.string('KmsKeyId');
    const retentionInDays = properties.integer('RetentionInDays', { from: 1, to: 3653 });
    properties.only('LogGroupClass', 'STANDARD');
    properties.withoutEffect('Tags');
    const put = () => {
      const kmsKeyArn = key === undefined ? undefined : keys.arnOf(key);
      if (key !== undefined && kmsKeyArn === undefined) throw new Error(`the KMS key ${key} does not exist`);
      const settings = { ...(kmsKeyArn && { kmsKeyArn }), ...(retentionInDays !== undefined && { retentionInDays }) };
      logs.putLogGroup({ name, ...settings });
    };
    return {
      physicalId: name,
      attributes: { Arn: arnIn(account, 'logs', `log-group:${name}:*`) },
      create: () => {
        if (logs.hasLogGroup(name)) throw new Error(`${name} already exists`);
        put();
      },
      update: put,
      delete: () => logs.deleteLogGroup(name),
    };
  },
};
