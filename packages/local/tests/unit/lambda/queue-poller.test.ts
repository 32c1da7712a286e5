import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventSourceMapping } from '../../../src/lambda/index.ts';
import { addRole } from '../../helpers/gateway.ts';
import { BEGIN, type LambdaStage, startLambdaStage } from '../../helpers/lambda.ts';
import { called, queuesOf } from '../../helpers/queues.ts';

let stage: LambdaStage;
let queues: ReturnType<typeof queuesOf>;
beforeEach(async () => {
  stage = await startLambdaStage();
  queues = queuesOf(stage);
});
afterEach(async () => {
  queues.sqs.destroy();
  await stage.close();
});

const mapping = (): EventSourceMapping => ({
  id: 'm',
  functionName: 'f',
  queueArn: queues.arnOf('q'),
  batchSize: 10,
  maximumConcurrency: 2,
  reportsItemFailures: true,
});

const map = (options: Partial<EventSourceMapping> = {}) =>
  stage.lambda.createEventSourceMapping({ ...mapping(), ...options });

const change = (options: Partial<EventSourceMapping>) =>
  stage.lambda.updateEventSourceMapping({ ...mapping(), ...options });

const send = (...bodies: readonly string[]) =>
  queues.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: queues.urlOf('q'),
      Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
    }),
  );

describe('A queue polled for a function', () => {
  it('hands messages over as SQS events and deletes them', async () => {
    // Prepare
    await queues.create('q');
    stage.put('export const handler = async (event) => { console.log(JSON.stringify(event)); };');
    await map();

    // Act
    await queues.sqs.send(
      new SendMessageCommand({
        QueueUrl: queues.urlOf('q'),
        MessageBody: 'hello',
        MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } },
      }),
    );
    await called(stage, 'sqs:DeleteMessageBatch');

    // Assess
    const line = stage.logs.eventsOf('/aws/lambda/f')[1]?.message.split('\tINFO\t')[1] ?? '';
    expect((JSON.parse(line) as { Records: unknown[] }).Records).toEqual([
      {
        messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        receiptHandle: expect.any(String),
        body: 'hello',
        attributes: expect.objectContaining({ ApproximateReceiveCount: '1', SentTimestamp: expect.any(String) }),
        messageAttributes: {
          a: { stringValue: 'b', stringListValues: [], binaryListValues: [], dataType: 'String' },
        },
        md5OfMessageAttributes: expect.any(String),
        md5OfBody: '5d41402abc4b2a76b9719d911017c592',
        eventSource: 'aws:sqs',
        eventSourceARN: queues.arnOf('q'),
        awsRegion: 'eu-central-1',
      },
    ]);
    expect(await queues.counts('q')).toEqual({ waiting: 0, inFlight: 0 });
  });

  it.each([
    ['the named ones of a batch', true, `return { batchItemFailures: failed };`, 1],
    [
      'all, when the answer names a message that is not of the batch',
      true,
      `return { batchItemFailures: [{ itemIdentifier: 'x' }] };`,
      3,
    ],
    ['all, when the function fails', true, `throw new Error('no');`, 3],
    ['all, when the function fails and reports no items', false, `throw new Error('no');`, 3],
    ['none, when a function that reports no items names some', false, `return { batchItemFailures: failed };`, 0],
  ])('leaves in the queue %s', async (_case, reportsItemFailures, ending, left) => {
    // Prepare
    await queues.create('q', { VisibilityTimeout: '600' });
    stage.put(`export const handler = async ({ Records }) => {
      const failed = Records.filter((r) => r.body === 'bad').map((r) => ({ itemIdentifier: r.messageId })); ${ending} };`);
    await send('good', 'bad', 'good');
    await map({ reportsItemFailures });

    // Act
    await called(stage, left === 3 ? 'logs:PutLogEvents' : 'sqs:DeleteMessageBatch');
    await stage.lambda.close();

    // Assess
    expect(await queues.counts('q')).toEqual({ waiting: 0, inFlight: left });
  });

  it('has no more batches at work than its maximum', async () => {
    // Prepare
    await queues.create('q', { VisibilityTimeout: '600' });
    stage.put(
      `export const handler = async (event, context) => { ${BEGIN}
        while (context.getRemainingTimeInMillis() > 200_000) await new Promise((r) => setTimeout(r, 5)); };`,
      { timeoutSeconds: 300 },
    );
    await send('a', 'b', 'c', 'd');

    // Act
    await map({ batchSize: 1, maximumConcurrency: 2 });
    await stage.started(2);
    const atFirst = await queues.counts('q');
    stage.clock.advance(150_000);
    await stage.started(4);

    // Assess
    expect(atFirst).toEqual({ waiting: 2, inFlight: 2 });
  });

  it.each([
    ['of JSON', { body: { kind: ['good'] } }, '{"kind":"good"}', ['{"kind":"bad"}', 'good', '"good"']],
    ['of texts', { body: [{ prefix: 'go' }] }, 'good', ['bad', '{"body":"good"}']],
  ])('deletes what no filter %s lets through', async (_case, pattern, good, others) => {
    // Prepare
    await queues.create('q');
    stage.put(
      'export const handler = async ({ Records }) => { console.log("got", Records[0].body, Records.length); };',
    );
    await send(...others, good);

    // Act
    await map({ filters: [pattern] });
    await called(stage, 'sqs:DeleteMessageBatch', 2);

    // Assess
    expect(stage.logText()).toContain(`got ${good} 1`);
    expect(await queues.counts('q')).toEqual({ waiting: 0, inFlight: 0 });
  });

  it('lets through what one of several filters matches', async () => {
    // Prepare
    await queues.create('q');
    stage.put('export const handler = async ({ Records }) => { console.log("got", Records.length); };');
    await send('{"a":1}', '{"b":2}', '{"c":3}');

    // Act
    await map({ filters: [{ body: { a: [1] } }, { body: { b: [{ exists: true }] } }] });
    await called(stage, 'sqs:DeleteMessageBatch', 2);

    // Assess
    expect(stage.logText()).toContain('got 2');
  });

  it('hands a full batch over before its window is, and deletes all of it', async () => {
    // Prepare
    await queues.create('q');
    stage.put('export const handler = async ({ Records }) => { console.log("got", Records.length); };');
    await send('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j');
    await send('k', 'l', 'm');

    // Act
    await map({ batchSize: 12, batchingWindowSeconds: 300 });
    await called(stage, 'sqs:DeleteMessageBatch', 2);

    // Assess
    expect(stage.logText().match(/got \d+/g)).toEqual(['got 12']);
    expect((await queues.counts('q')).waiting).toBe(0);
  });

  it('leaves what it had gathered to the queue when it ends', async () => {
    // Prepare
    await queues.create('q', { VisibilityTimeout: '600' });
    stage.put('export const handler = async () => { console.log("ran"); };');
    await map({ batchingWindowSeconds: 300 });
    await send('a');
    await called(stage, 'sqs:ReceiveMessage');

    // Act
    await stage.lambda.deleteEventSourceMapping('m');
    stage.clock.advance(300_000);

    // Assess
    expect(stage.logText()).toBe('');
    expect(await queues.counts('q')).toEqual({ waiting: 0, inFlight: 1 });
  });

  it('rests while it is disabled, and begins when it is enabled', async () => {
    // Prepare
    await queues.create('q');
    stage.put('export const handler = async () => { console.log("ran"); };');
    await map({ isEnabled: false });
    await send('a');
    const before = await queues.counts('q');

    // Act
    await change({ isEnabled: true });
    await called(stage, 'sqs:DeleteMessageBatch');

    // Assess
    expect(before).toEqual({ waiting: 1, inFlight: 0 });
    expect(stage.logText()).toContain('ran');
  });

  it('stays as it was when a change is refused', async () => {
    // Prepare
    await queues.create('q');
    await queues.create('short', { VisibilityTimeout: '1' });
    stage.put('export const handler = async () => { console.log("ran"); };');
    await map();

    // Act
    const error = await change({ queueArn: queues.arnOf('short') }).catch((reason: unknown) => reason);
    await send('a');
    await called(stage, 'sqs:DeleteMessageBatch');

    // Assess
    expect(error).toMatchObject({ code: 'InvalidParameterValueException' });
    expect(stage.logText()).toContain('ran');
  });

  it('costs messages their receives while the function is throttled, up to the dead-letter queue', async () => {
    // Prepare
    await queues.create('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queues.arnOf('dead'), maxReceiveCount: 1 });
    await queues.create('q', { VisibilityTimeout: '1', RedrivePolicy });
    stage.put('export const handler = async () => { console.log("ran"); };', {
      reservedConcurrency: 0,
      timeoutSeconds: 1,
    });
    await send('a');

    // Act
    await map();
    const [message] = await queues.receive('dead');

    // Assess
    expect(message?.Body).toBe('a');
    expect(stage.logText()).toBe('');
  });

  it('goes on with the new code when the function is replaced', async () => {
    // Prepare
    await queues.create('q');
    stage.put('export const handler = async () => { console.log("old"); };');
    await map();
    await send('a');
    await called(stage, 'sqs:DeleteMessageBatch');

    // Act
    stage.put('export const handler = async () => { console.log("new"); };');
    await send('b');
    await called(stage, 'sqs:DeleteMessageBatch', 2);

    // Assess
    expect(stage.logText().match(/old|new/g)).toEqual(['old', 'new']);
  });

  it('invokes the alias that the mapping names', async () => {
    // Prepare
    await queues.create('q');
    const handler = (word: string) => `export const handler = async (_, { invokedFunctionArn }) => {
      console.log('${word}', invokedFunctionArn.split(':').slice(-2).join(':')); };`;
    stage.put(handler('published'));
    stage.lambda.publishVersion('f', '1');
    stage.lambda.putAlias('f', 'live', '1');
    stage.put(handler('newer'));

    // Act
    await map({ qualifier: 'live' });
    await send('a');
    await called(stage, 'sqs:DeleteMessageBatch');

    // Assess
    expect(stage.logText()).toContain('published f:live');
  });

  it('stops at once when the mapping is deleted', async () => {
    // Prepare
    await queues.create('q');
    stage.put('export const handler = async () => { console.log("ran"); };');
    await map();

    // Act
    await stage.lambda.deleteEventSourceMapping('m');
    await send('a');

    // Assess
    expect(await queues.receive('q')).toHaveLength(1);
    expect(stage.logText()).toBe('');
  });

  it.each(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'kms:Decrypt'])('needs %s from the role', async (action) => {
    // Prepare
    const { arn } = stage.keys.create();
    await queues.create('q', { KmsMasterKeyId: arn });
    await send('a');
    const roleArn = addRole(
      stage,
      'weak',
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: action, Resource: '*' },
    );
    stage.put('export const handler = async () => undefined;', { roleArn });

    // Act
    await map();
    await called(stage, action === 'sqs:DeleteMessage' ? 'sqs:DeleteMessageBatch' : 'sqs:ReceiveMessage');

    // Assess
    expect(
      stage.gateway.calls.entries().find(({ service, outcome }) => service === 'sqs' && outcome !== 'ok'),
    ).toMatchObject({
      outcome: action === 'kms:Decrypt' ? 'KmsAccessDenied' : 'AccessDeniedException',
      caller: { roleArn },
    });
  });

  it.each([
    [
      'the role may not read the attributes of the queue',
      30,
      { Effect: 'Deny', Action: 'sqs:GetQueueAttributes', Resource: '*' },
      /execution role cannot read the queue/,
    ],
    [
      'the function may run longer than messages stay invisible',
      2,
      { Effect: 'Deny', Action: 'x:x', Resource: '*' },
      /visibility timeout: 2 seconds is less than Function timeout: 3 seconds/,
    ],
  ])('is refused when %s', async (_case, visibility, deny, message) => {
    // Prepare
    await queues.create('q', { VisibilityTimeout: String(visibility) });
    const roleArn = addRole(stage, 'weak', { Effect: 'Allow', Action: '*', Resource: '*' }, deny);
    stage.put('export const handler = async () => undefined;', { roleArn });

    // Act
    const error = await map().catch((reason: unknown) => reason);

    // Assess
    expect(error).toMatchObject({ code: 'InvalidParameterValueException', message: expect.stringMatching(message) });
  });
});
