import {
  AddPermissionCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Service } from '../../../src/common/service.ts';
import { Keys } from '../../../src/services/kms.ts';
import { startSqsAndS3 } from '../../../src/services/sqs-and-s3.ts';
import { account, addRole, sessionOf, startGateway, type TestGateway } from '../../helpers/gateway.ts';
import { queuesOf } from '../../helpers/queues.ts';

let stage: TestGateway;
let keys: Keys;
let queues: ReturnType<typeof queuesOf>;
let sqs: Service;
let closeQueues: () => Promise<void>;
beforeEach(async () => {
  stage = await startGateway();
  keys = new Keys({ account, clock: stage.clock });
  const services = await startSqsAndS3(account, { endpoint: () => stage.endpoint, keys });
  sqs = services.sqs;
  closeQueues = () => services.close();
  for (const service of [services.sqs, keys]) stage.gateway.register(service);
  queues = queuesOf(stage);
});
afterEach(async () => {
  queues.sqs.destroy();
  await stage.close();
  await closeQueues();
});

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const set = (Attributes: Record<string, string>) =>
  queues.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queues.urlOf('q'), Attributes }));

describe('SQS', () => {
  it('keeps no message for a caller that has gone meanwhile', async () => {
    await queues.create('q', { VisibilityTimeout: '600' });
    await queues.sqs.send(new SendMessageCommand({ QueueUrl: queues.urlOf('q'), MessageBody: 'kept' }));
    const http = { method: 'POST', url: '/', headers: {}, body: Buffer.alloc(0), signal: AbortSignal.abort() };

    const reply = await sqs.perform({
      service: 'sqs',
      operation: 'ReceiveMessage',
      input: { QueueUrl: queues.urlOf('q'), WaitTimeSeconds: 20 },
      caller: { type: 'administrator', arn: 'arn:aws:iam::000000000000:root' },
      requestId: 'r1',
      http,
    });

    expect(reply).toEqual({ output: {} });
    expect(await queues.receive('q')).toMatchObject([{ Body: 'kept' }]);
  });

  it('shows ARNs of the account of the stage, and moves messages to a dead-letter queue named by one', async () => {
    // Prepare
    await queues.create('dead');
    await queues.create('q', {
      VisibilityTimeout: '0',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queues.arnOf('dead'), maxReceiveCount: 1 }),
    });
    await queues.sqs.send(new SendMessageCommand({ QueueUrl: queues.urlOf('q'), MessageBody: 'bad' }));

    // Act
    const { Attributes } = await queues.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queues.urlOf('q'), AttributeNames: ['All'] }),
    );
    await queues.receive('q');
    await queues.sqs.send(new ReceiveMessageCommand({ QueueUrl: queues.urlOf('q') }));
    const [moved] = await queues.receive('dead');

    // Assess
    expect(Attributes?.QueueArn).toBe(queues.arnOf('q'));
    expect(JSON.parse(Attributes?.RedrivePolicy ?? '{}')).toMatchObject({ deadLetterTargetArn: queues.arnOf('dead') });
    expect(moved?.Body).toBe('bad');
  });

  it.each([
    ['kms:GenerateDataKey', 'send'],
    ['kms:Decrypt', 'send'],
    ['kms:Decrypt', 'receive'],
  ])('wants %s of who would %s, on the key of the queue', async (action, what) => {
    // Prepare
    await queues.create('q', { KmsMasterKeyId: keys.create().keyId });
    const role = addRole(stage, 'weak', { Effect: 'Allow', NotAction: action, Resource: '*' });
    const sqs = new SQSClient(stage.client(sessionOf(stage, role)));
    const QueueUrl = queues.urlOf('q');

    // Act
    const error = await refusal(
      what === 'send'
        ? sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
        : sqs.send(new ReceiveMessageCommand({ QueueUrl })),
    );
    sqs.destroy();

    // Assess
    expect(error).toMatchObject({ message: expect.stringContaining(`is not authorized to perform: ${action} on`) });
  });

  it.each([
    ['that is no JSON', '{', 'InvalidAttributeValue', 'Invalid value for the parameter Policy.'],
    [
      'without a principal',
      '{"Statement":[{"Effect":"Allow","Action":"sqs:*","Resource":"*"}]}',
      'InvalidAttributeValue',
      'Invalid value',
    ],
    [
      'with a condition that is not evaluated',
      '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*","Condition":{"StringMatches":{"aws:userid":"b"}}}]}',
      'NotImplemented',
      'StringMatches is not supported',
    ],
  ])('refuses a policy %s', async (_what, Policy, name, message) => {
    // Prepare
    await queues.create('q');

    // Act
    const error = await refusal(set({ Policy }));

    // Assess
    expect(error).toMatchObject({ name, message: expect.stringContaining(message) });
  });

  it.each([-1, 901])('refuses to delay a message by %d seconds', async (DelaySeconds) => {
    await queues.create('q');
    const command = new SendMessageCommand({ QueueUrl: queues.urlOf('q'), MessageBody: 'm', DelaySeconds });

    expect(await refusal(queues.sqs.send(command))).toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('it must be from 0 to 900') as string,
    });
    expect(await queues.counts('q')).toEqual({ waiting: 0, inFlight: 0 });
  });

  it('refuses a key that does not exist, and what it does not do', async () => {
    // Prepare
    await queues.create('q');

    // Act
    const noKey = await refusal(set({ KmsMasterKeyId: 'alias/none' }));
    const add = await refusal(
      queues.sqs.send(
        new AddPermissionCommand({ QueueUrl: queues.urlOf('q'), Label: 'l', AWSAccountIds: ['1'], Actions: ['*'] }),
      ),
    );

    // Assess
    expect(noKey).toMatchObject({
      message: expect.stringContaining('alias/none for parameter KmsMasterKeyId is invalid'),
    });
    expect(add).toMatchObject({ name: 'UnknownOperationException' });
  });
});
