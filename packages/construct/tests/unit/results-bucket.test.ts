import type { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { addTasker, newStack } from '../helpers/synth.ts';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

const bucketIn = (stack: Stack): IBucket => Bucket.fromBucketName(stack, 'Reports', 'reports');

/** What drain and sweep may do with S3 and keys that is not said of the tasker's own. */
const granted = (stack: Stack): Record<string, Statement[]> =>
  Object.fromEntries(
    Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
      .map(([id, { Properties }]) => {
        const statements = Properties.PolicyDocument.Statement as (Statement & { Sid?: string })[];
        return [id.replace(/[0-9A-F]{8}$/, ''), statements.filter(({ Sid }) => Sid === undefined)] as const;
      })
      .filter(([, statements]) => statements.length > 0),
  );

const writing = (path: string) => ({
  Action: ['s3:PutObject', 's3:AbortMultipartUpload'],
  Effect: 'Allow',
  Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::reports/${path}`]] },
});

describe('grantResultsTo', () => {
  it.each([
    [undefined, '*'],
    ['', '*'],
    ['daily', 'daily/*'],
    ['daily/', 'daily/*'],
  ])('lets drain and sweep write under a prefix (%j), and nobody else', (prefix, path) => {
    const stack = newStack();
    addTasker(stack).grantResultsTo(bucketIn(stack), prefix);

    expect(granted(stack)).toEqual({
      TaskerDrainRoleDefaultPolicy: [writing(path)],
      TaskerSweepRoleDefaultPolicy: [writing(path)],
    });
  });

  it('lets them use the key of the bucket', () => {
    const stack = newStack();
    const encryptionKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/k1');
    const bucket = new Bucket(stack, 'Reports', { encryption: BucketEncryption.KMS, encryptionKey });
    addTasker(stack).grantResultsTo(bucket as IBucket);

    expect(granted(stack).TaskerDrainRoleDefaultPolicy?.[1]).toMatchObject({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: 'arn:aws:kms:eu-west-1:111122223333:key/k1',
    });
  });

  it('may be said twice, and of further places', () => {
    const stack = newStack();
    const tasker = addTasker(stack);
    const bucket = bucketIn(stack);
    for (const prefix of ['daily', 'daily/', 'weekly']) tasker.grantResultsTo(bucket, prefix);

    expect(granted(stack).TaskerDrainRoleDefaultPolicy).toEqual([writing('daily/*'), writing('weekly/*')]);
  });

  it('says what a role must hold that cannot be changed', () => {
    const stack = newStack();
    const role = Role.fromRoleArn(stack, 'Other', 'arn:aws:iam::111122223333:role/drain', { mutable: false });
    addTasker(stack, { completer: { role } }).grantResultsTo(bucketIn(stack), 'daily');

    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('must hold: .*s3:AbortMultipartUpload'));
  });

  it.each(['/daily', 'a/*', 'a?', '..', 'a/./b', 'a/..'])('refuses the prefix %j', (prefix) => {
    const stack = newStack();

    expect(() => addTasker(stack).grantResultsTo(bucketIn(stack), prefix)).toThrow(
      `grantResultsTo.prefix: must not begin with a slash, nor have * or ?, nor . or .. between slashes; received ${JSON.stringify(prefix)}`,
    );
  });
});
