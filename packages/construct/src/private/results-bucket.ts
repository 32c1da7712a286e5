import { createHash } from 'node:crypto';
import { Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { objectsOf } from './acknowledge';
import type { CompleterRoles } from './completers';
import { letRole } from './handler-role';
import { refuse } from './validation';

/** Wildcards would let in elsewhere, and S3's clients may take dots for steps of a path. */
const NO_PREFIX = /^\/|[*?]|(^|\/)\.{1,2}(\/|$)/;

/** Lets drain and sweep, either of which may have to, write results under the prefix, and do nothing else there. */
export const letWriteResults = (
  scope: Construct,
  { drain, sweep }: CompleterRoles,
  bucket: IBucket,
  prefix = '',
): void => {
  if (!Token.isUnresolved(prefix) && NO_PREFIX.test(prefix)) {
    refuse(
      'grantResultsTo.prefix',
      'must not begin with a slash, nor have * or ?, nor . or .. between slashes',
      prefix,
    );
  }
  const pattern = prefix === '' || prefix.endsWith('/') ? `${prefix}*` : `${prefix}/*`;
  const id = `Results${createHash('sha256').update(`${bucket.node.path} ${pattern}`).digest('hex').slice(0, 8)}`;
  if (scope.node.tryFindChild(id)) return;
  const place = new Construct(scope, id);
  letRole(place, drain, { handler: 'Drain', ...rightsOn(place, bucket, pattern) });
  letRole(place, sweep, { handler: 'Sweep', ...rightsOn(place, bucket, pattern) });
};

/** An upload in parts that fails is taken back; of one that succeeds the parts are decrypted to become one object. */
const rightsOn = (scope: Construct, bucket: IBucket, pattern: string) => {
  const objects = bucket.arnForObjects(pattern);
  const write = new PolicyStatement({ actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resources: [objects] });
  const key = bucket.encryptionKey;
  const useKey = key && [
    new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
  ];
  return { statements: [write, ...(useKey ?? [])], acknowledgements: objectsOf(Stack.of(scope), objects) };
};
