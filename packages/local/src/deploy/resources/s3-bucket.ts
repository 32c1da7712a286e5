import {
  CreateBucketCommand,
  DeleteBucketCommand,
  HeadBucketCommand,
  NotFound,
  type S3Client,
} from '@aws-sdk/client-s3';
import { formatArn } from '../../common/arn.ts';
import type { Properties } from '../properties.ts';
import { urlSuffixOf } from '../pseudo-parameters.ts';
import { nameOf, type ResourceType } from '../resource.ts';

export const s3Bucket: ResourceType = {
  replacement: ['BucketName'],
  plan: (resource, { account, parts: { s3 } }) => {
    const { properties } = resource;
    const Bucket = nameOf(resource, 'BucketName', { longest: 63, lowerCase: true });
    properties.object('VersioningConfiguration')?.only('Status', 'Suspended');
    checkEncryption(properties);
    properties.withoutEffect('OwnershipControls', 'PublicAccessBlockConfiguration', 'Tags');
    const suffix = urlSuffixOf(account);
    return {
      physicalId: Bucket,
      attributes: {
        Arn: formatArn({ ...account, service: 's3', region: '', accountId: '', resource: Bucket }),
        DomainName: `${Bucket}.s3.${suffix}`,
        RegionalDomainName: `${Bucket}.s3.${account.region}.${suffix}`,
      },
      create: async () => {
        // S3 takes the creation of a bucket that one has for done.
        if (await isThere(s3, Bucket)) throw new Error(`${Bucket} already exists`);
        await s3.send(new CreateBucketCommand({ Bucket }));
      },
      update: () => undefined,
      delete: async () => void (await s3.send(new DeleteBucketCommand({ Bucket }))),
    };
  },
};

const isThere = (s3: S3Client, Bucket: string): Promise<boolean> =>
  s3.send(new HeadBucketCommand({ Bucket })).then(
    () => true,
    (error: unknown) => {
      if (error instanceof NotFound) return false;
      throw error;
    },
  );

/** A key of one's own would have to be checked at each read and write. */
const checkEncryption = (properties: Properties): void => {
  const rules = properties.object('BucketEncryption')?.objects('ServerSideEncryptionConfiguration') ?? [];
  for (const rule of rules) {
    rule.object('ServerSideEncryptionByDefault')?.only('SSEAlgorithm', 'AES256');
    rule.withoutEffect('BucketKeyEnabled');
  }
};
