import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allow, deny, policyOf, type Statement } from '../../helpers/authorizer.ts';
import { addRole, sessionOf } from '../../helpers/gateway.ts';
import { type RunningStacks, startStacks } from '../../helpers/stacks.ts';

const ALL = 'arn:aws:s3:::data/*';

describe('The policy of a bucket', () => {
  let stage: RunningStacks;
  beforeEach(async () => {
    stage = await startStacks();
  });
  afterEach(() => stage.close());

  const deploy = (...statements: readonly Statement[]) =>
    stage.deploy({
      Stack: {
        Resources: {
          Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } },
          ...(statements.length > 0 && {
            Policy: {
              Type: 'AWS::S3::BucketPolicy',
              Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: policyOf(...statements) },
            },
          }),
        },
      },
    });

  /** What a role with these rights is told when it writes, and when it reads. */
  const outcomes = async (...own: readonly Statement[]): Promise<readonly string[]> => {
    const { accessKeyId, secretAccessKey, sessionToken } = sessionOf(stage, addRole(stage, 'r', ...own));
    const s3 = new S3Client({
      endpoint: stage.gateway.endpoint,
      region: stage.account.region,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      forcePathStyle: true,
      maxAttempts: 1,
    });
    const told = (sent: Promise<unknown>) =>
      sent.then(
        () => 'ok',
        (error: Error) => error.message.replace(/.*"(?= )/, ''),
      );
    const object = { Bucket: 'data', Key: 'k' };
    const answers = [
      await told(s3.send(new PutObjectCommand({ ...object, Body: 'x' }))),
      await told(s3.send(new GetObjectCommand(object))),
    ];
    s3.destroy();
    return answers;
  };

  it('allows a role what it does not allow itself', async () => {
    // Prepare
    const role = `arn:aws:iam::${stage.account.accountId}:role/r`;
    await deploy(allow(['s3:PutObject', 's3:GetObject'], ALL, { Principal: { AWS: role } }));

    // Act
    const answers = await outcomes();

    // Assess
    expect(answers).toEqual(['ok', 'ok']);
  });

  it('denies what the role allows, until it is gone', async () => {
    // Prepare
    await deploy(deny('s3:GetObject', ALL, { Principal: '*' }));
    const may = allow('s3:*', '*');

    // Act
    const [written, read] = await outcomes(may);
    await deploy();
    const after = await outcomes(may);

    // Assess
    expect(written).toBe('ok');
    expect(read).toBe(' with an explicit deny in a resource-based policy');
    expect(after).toEqual(['ok', 'ok']);
  });

  it('of enforceSSL is met by every call', async () => {
    // Prepare
    const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
    await deploy({ Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:*', Resource: ALL, Condition });

    // Act
    const answers = await outcomes(allow('s3:*', '*'));

    // Assess
    expect(answers).toEqual(['ok', 'ok']);
  });
});
