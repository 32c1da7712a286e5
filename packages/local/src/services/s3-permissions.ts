import type { Account } from '../common/account.ts';
import { formatArn } from '../common/arn.ts';
import type { ApiCall, NeededPermission } from '../common/service.ts';

/** Where the action is not named as the operation is. */
const BUCKET_ACTIONS: Readonly<Record<string, string>> = {
  CreateBucket: 's3:CreateBucket',
  DeleteBucket: 's3:DeleteBucket',
  DeleteBucketLifecycle: 's3:PutLifecycleConfiguration',
  GetBucketLifecycleConfiguration: 's3:GetLifecycleConfiguration',
  HeadBucket: 's3:ListBucket',
  ListObjects: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  PutBucketLifecycleConfiguration: 's3:PutLifecycleConfiguration',
};

const OBJECT_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  AbortMultipartUpload: ['s3:AbortMultipartUpload'],
  DeleteObject: ['s3:DeleteObject'],
  DeleteObjects: ['s3:DeleteObject'],
  GetObject: ['s3:GetObject'],
  GetObjectAttributes: ['s3:GetObject', 's3:GetObjectAttributes'],
  HeadObject: ['s3:GetObject'],
};

/** The actions of a call on its bucket, its objects and the source of a copy. What is left writes objects. */
export const s3Permissions = (
  { operation, input }: Pick<ApiCall, 'operation' | 'input'>,
  account: Account,
): readonly NeededPermission[] => {
  const { Bucket, Key, Keys, Prefix, CopySource } = input as unknown as S3Input;
  if (operation === 'ListBuckets') return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  const arn = (path: string) => formatArn({ ...account, service: 's3', region: '', accountId: '', resource: path });
  const onBucket = BUCKET_ACTIONS[operation];
  if (onBucket)
    return [
      {
        action: onBucket,
        resource: arn(Bucket),
        ...(Prefix === undefined ? {} : { context: { 's3:prefix': Prefix } }),
      },
    ];
  const actions = OBJECT_ACTIONS[operation] ?? ['s3:PutObject'];
  const targets = (Keys ?? [Key ?? '']).map((key) => arn(`${Bucket}/${key}`));
  const onSource = CopySource === undefined ? [] : [{ action: 's3:GetObject', resource: arn(CopySource) }];
  return [...onSource, ...targets.flatMap((resource) => actions.map((action) => ({ action, resource })))];
};

/** What the gateway reads from the URL, the headers and, for DeleteObjects, the body. */
interface S3Input {
  readonly Bucket: string;
  readonly Key?: string;
  readonly Keys?: readonly string[];
  readonly Prefix?: string;
  readonly CopySource?: string;
}
