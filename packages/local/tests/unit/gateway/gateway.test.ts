import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/common/aws-error.ts';
import { silentLog } from '../../../src/common/log.ts';
import { Gateway } from '../../../src/gateway/gateway.ts';
import { startSqsAndS3 } from '../../../src/services/sqs-and-s3.ts';
import {
  account,
  addRole,
  recordingService,
  sessionOf,
  startGateway,
  type TestGateway,
} from '../../helpers/gateway.ts';

let stage: TestGateway;
const toClose: (() => unknown)[] = [];
beforeEach(async () => {
  stage = await startGateway();
});
afterEach(async () => {
  await stage.close();
  for (const close of toClose.splice(0)) await close();
});

const withQueues = async () => {
  const services = await startSqsAndS3(account, { endpoint: () => stage.endpoint });
  toClose.push(() => services.close());
  for (const service of [services.sqs, services.s3]) stage.gateway.register(service);
};
const clientOf = <T extends { destroy(): void }>(client: T): T => {
  toClose.push(() => client.destroy());
  return client;
};
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('The gateway', () => {
  it('serves SQS with queue URLs that lead back to it', async () => {
    // Prepare
    await withQueues();
    const sqs = clientOf(new SQSClient(stage.client()));

    // Act
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    const missing = await refusal(sqs.send(new SendMessageCommand({ QueueUrl: `${QueueUrl}x`, MessageBody: 'x' })));

    // Assess
    expect(QueueUrl).toBe(`${stage.endpoint}/${account.accountId}/q`);
    expect(Messages?.[0]?.Body).toBe('hello');
    expect(missing).toMatchObject({ name: 'QueueDoesNotExist' });
  });

  it('serves S3, dots in keys being letters', async () => {
    // Prepare
    await withQueues();
    const s3 = clientOf(new S3Client({ ...stage.client(), forcePathStyle: true }));
    const object = { Bucket: 'data', Key: 'a/../b c+é.csv' };

    // Act
    await s3.send(new CreateBucketCommand({ Bucket: 'data' }));
    await s3.send(new PutObjectCommand({ ...object, Body: 'x,y' }));
    const { Body } = await s3.send(new GetObjectCommand(object));
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'data', Prefix: 'a/' }));
    const missing = await refusal(s3.send(new GetObjectCommand({ ...object, Key: 'none' })));
    const noHead = await refusal(s3.send(new HeadObjectCommand({ ...object, Key: 'none' })));

    // Assess
    expect(await Body?.transformToString()).toBe('x,y');
    expect(Contents?.map(({ Key }) => Key)).toEqual([object.Key]);
    expect([missing, noHead]).toEqual([
      expect.objectContaining({ name: 'NoSuchKey' }),
      expect.objectContaining({ name: 'NotFound' }),
    ]);
  });

  it.each([
    ['PutObject', 's3:PutObject'],
    ['GetObject', 's3:GetObject'],
  ])('wants %s of S3 allowed', async (operation, action) => {
    // Prepare
    await withQueues();
    const admin = clientOf(new S3Client({ ...stage.client(), forcePathStyle: true }));
    await admin.send(new CreateBucketCommand({ Bucket: 'data' }));
    const role = addRole(stage, 'weak', { Effect: 'Allow', NotAction: action, Resource: '*' });
    const s3 = clientOf(new S3Client({ ...stage.client(sessionOf(stage, role)), forcePathStyle: true }));
    const object = { Bucket: 'data', Key: 'k' };

    // Act
    const error = await refusal(
      operation === 'PutObject'
        ? s3.send(new PutObjectCommand({ ...object, Body: 'x' }))
        : s3.send(new GetObjectCommand(object)),
    );

    // Assess
    expect(error).toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(`${action} on resource: "arn:aws:s3:::data/k"`),
    });
  });

  it('hands an invocation to Lambda and its outcome back', async () => {
    // Prepare
    const lambdaService = recordingService('lambda', () => ({
      StatusCode: 200,
      Payload: '{"n":1}',
      FunctionError: 'Unhandled',
    }));
    stage.gateway.register(lambdaService);
    const lambda = clientOf(new LambdaClient(stage.client()));
    const FunctionName = `arn:aws:lambda:eu-central-1:${account.accountId}:function:f`;

    // Act
    const output = await lambda.send(
      new InvokeCommand({
        FunctionName,
        Qualifier: 'live',
        Payload: '{"a":"é"}',
        ClientContext: 'e30=',
        LogType: 'Tail',
      }),
    );

    // Assess
    expect(lambdaService.received[0]?.input).toEqual({
      FunctionName,
      Qualifier: 'live',
      InvocationType: 'RequestResponse',
      Payload: '{"a":"é"}',
      LogType: 'Tail',
      ClientContext: 'e30=',
    });
    expect([output.Payload?.transformToString(), output.FunctionError]).toEqual(['{"n":1}', 'Unhandled']);
  });

  it('refuses a service that it does not serve, by name, as its clients can read it', async () => {
    // Act
    const reply = await fetch(stage.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization:
          'AWS4-HMAC-SHA256 Credential=A/20260101/eu-central-1/sns/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: 'Action=ListTopics&Version=2010-03-31',
    });

    // Assess
    expect([reply.status, await reply.text()]).toEqual([
      404,
      expect.stringContaining(
        '<Code>UnknownOperationException</Code><Message>The local stage does not serve sns; it serves',
      ),
    ]);
  });

  it('knows the caller by the access key', async () => {
    // Prepare
    const service = recordingService(
      'sqs',
      () => ({}),
      () => [{ action: 'sqs:SendMessage', resource: 'arn:aws:sqs:x:1:q' }],
    );
    stage.gateway.register(service);
    const role = addRole(stage, 'sender', { Effect: 'Allow', Action: 'sqs:*', Resource: '*' });
    const sqs = clientOf(new SQSClient(stage.client(sessionOf(stage, role))));

    // Act
    await sqs.send(new PurgeQueueCommand({ QueueUrl: stage.endpoint }));

    // Assess
    expect(service.received[0]?.caller).toMatchObject({ type: 'role', roleArn: role });
  });

  it('takes a large body and refuses one that is too large, without breaking the connection', async () => {
    // Prepare
    stage.gateway.register(recordingService('dynamodb', ({ input }) => ({ Length: String(input.Text).length })));
    const post = (bytes: number) =>
      fetch(stage.endpoint, {
        method: 'POST',
        headers: { 'x-amz-target': 'DynamoDB_20120810.PutItem' },
        body: JSON.stringify({ Text: 'x'.repeat(bytes) }),
      });

    // Act
    const [large, tooLarge] = [await post(15 * 2 ** 20), await post(17 * 2 ** 20)];

    // Assess
    expect(await large.json()).toEqual({ Length: 15 * 2 ** 20 });
    expect([tooLarge.status, await tooLarge.json()]).toEqual([
      413,
      expect.objectContaining({ __type: 'RequestEntityTooLarge' }),
    ]);
  });

  it('dates its answers by the clock of the stage, which SDK clients follow', async () => {
    // Prepare
    const ahead = 3_600_000;
    stage.clock.advance(ahead);

    // Act
    const answer = await fetch(stage.endpoint);

    // Assess
    expect(Date.parse(answer.headers.get('date') ?? '')).toBeGreaterThan(Date.now() + ahead / 2);
  });

  it('says which port is in use', async () => {
    // Prepare
    const port = Number(new URL(stage.endpoint).port);
    const second = new Gateway({ account, clock: stage.clock, identities: stage.identities, log: silentLog });

    // Act
    const error = await refusal(second.listen(port));

    // Assess
    expect(error).toMatchObject({ message: `Port ${port} of 127.0.0.1 is in use; name another one or none.` });
  });

  it('answers a fault of its own with 500 and logs no message that might quote a payload', async () => {
    // Prepare
    stage.gateway.register(
      recordingService('states', () => {
        throw new TypeError('secret');
      }),
    );

    // Act
    const reply = await fetch(stage.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSStepFunctions.ListExecutions' },
    });

    // Assess
    expect([reply.status, await reply.json()]).toEqual([500, expect.objectContaining({ __type: 'InternalFailure' })]);
    expect(JSON.stringify(stage.logged)).toContain('a service of the stage failed');
    expect(JSON.stringify(stage.logged)).not.toContain('secret');
  });
});

describe('The record of calls', () => {
  it('holds who called what, with which rights, from where, and how it ended', async () => {
    // Prepare
    const needed = [{ action: 'sqs:SendMessage', resource: 'arn:aws:sqs:x:1:q' }];
    const answer = ({ input }: { input: Readonly<Record<string, unknown>> }) => {
      if (input.MessageBody === 'bad') throw new AwsError('InvalidMessageContents', 'no');
      return {};
    };
    stage.gateway.register(recordingService('sqs', answer, () => needed));
    const seen: string[] = [];
    const stop = stage.gateway.calls.onCall(({ outcome }) => seen.push(outcome));
    const sqs = clientOf(new SQSClient(stage.client()));
    const caller = { type: 'administrator', arn: 'me' } as const;

    // Act
    await refusal(sqs.send(new SendMessageCommand({ QueueUrl: stage.endpoint, MessageBody: 'bad' })));
    await stage.gateway.call({ caller, service: 'sqs', operation: 'SendMessage', input: { MessageBody: 'good' } });
    stop();
    await stage.gateway.call({ caller, service: 'sqs', operation: 'PurgeQueue', input: {} });

    // Assess
    expect(
      stage.gateway.calls
        .entries()
        .map(({ operation, outcome, via, needed: rights }) => [operation, outcome, via, rights]),
    ).toEqual([
      ['SendMessage', 'InvalidMessageContents', 'http', needed],
      ['SendMessage', 'ok', 'stage', needed],
      ['PurgeQueue', 'ok', 'stage', needed],
    ]);
    expect([...stage.gateway.calls.counts()]).toEqual([
      ['sqs:SendMessage', 2],
      ['sqs:PurgeQueue', 1],
    ]);
    expect(seen).toEqual(['InvalidMessageContents', 'ok']);
  });
});
