import { arnIn } from '../../common/arn.ts';
import { stableUuid } from '../naming.ts';
import type { ResourceType } from '../resource.ts';

export const kmsKey: ResourceType = ({ stackName, logicalId, properties }, { account, parts }) => {
  const policy = properties.has('KeyPolicy') ? properties.policy('KeyPolicy', 'key') : undefined;
  const description = properties.string('Description');
  properties.only('Enabled', true);
  properties.only('KeySpec', 'SYMMETRIC_DEFAULT');
  properties.only('KeyUsage', 'ENCRYPT_DECRYPT');
  properties.only('MultiRegion', false);
  properties.only('Origin', 'AWS_KMS');
  properties.withoutEffect('EnableKeyRotation', 'PendingWindowInDays', 'RotationPeriodInDays', 'Tags');
  const keyId = stableUuid(account.accountId, account.region, stackName, logicalId);
  return {
    physicalId: keyId,
    attributes: { Arn: arnIn(account, 'kms', `key/${keyId}`), KeyId: keyId },
    create: () => void parts.keys.create({ keyId, ...(policy && { policy }), ...(description && { description }) }),
  };
};
