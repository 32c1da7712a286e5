import { arnIn } from '../../common/arn.ts';
import { resourceUuid } from '../naming.ts';
import type { ResourceType } from '../resource.ts';

export const kmsKey: ResourceType = {
  replacement: ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'],
  plan: (resource, { account, parts: { keys } }) => {
    const { properties } = resource;
    const policy = properties.has('KeyPolicy') ? properties.policy('KeyPolicy', 'key') : undefined;
    const description = properties.string('Description');
    properties.only('Enabled', true);
    properties.only('KeySpec', 'SYMMETRIC_DEFAULT');
    properties.only('KeyUsage', 'ENCRYPT_DECRYPT');
    properties.only('MultiRegion', false);
    properties.only('Origin', 'AWS_KMS');
    properties.withoutEffect('EnableKeyRotation', 'PendingWindowInDays', 'RotationPeriodInDays', 'Tags');
    const keyId = resourceUuid(resource, account.accountId, account.region);
    const put = () => void keys.create({ keyId, ...(policy && { policy }), ...(description && { description }) });
    return {
      physicalId: keyId,
      attributes: { Arn: arnIn(account, 'kms', `key/${keyId}`), KeyId: keyId },
      create: put,
      update: put,
      delete: () => keys.delete(keyId),
    };
  },
};
