import {
  CancelMessageMoveTaskCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  type StartMessageMoveTaskCommandInput,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Keys } from '../../../src/services/kms.ts';
import { startSqsAndS3 } from '../../../src/services/sqs-and-s3.ts';
import { account, addRole, sessionOf, startGateway, type TestGateway } from '../../helpers/gateway.ts';
import { queuesOf } from '../../helpers/queues.ts';

let stage: TestGateway;
let queues: ReturnType<typeof queuesOf>;
let closeQueues: () => Promise<void>;
beforeEach(async () => {
  stage = await startGateway();
  const keys = new Keys({ account, clock: stage.clock });
  const services = await startSqsAndS3(account, { endpoint: () => stage.endpoint, keys });
  closeQueues = () => services.close();
  for (const service of [services.sqs, keys]) stage.gateway.register(service);
  queues = queuesOf(stage);
});
afterEach(async () => {
  queues.sqs.destroy();
  await stage.close();
  await closeQueues();
});

const redriveTo = (name: string, maxReceiveCount: unknown = 1) =>
  JSON.stringify({ deadLetterTargetArn: queues.arnOf(name), maxReceiveCount });
const createSource = (name: string) =>
  queues.create(name, { VisibilityTimeout: '0', RedrivePolicy: redriveTo('dead') });
const send = (name: string, MessageBody: string) =>
  queues.sqs.send(
    new SendMessageCommand({
      QueueUrl: queues.urlOf(name),
      MessageBody,
      MessageAttributes: { kind: { DataType: 'String', StringValue: MessageBody } },
    }),
  );
const receive = async (name: string, more: object = {}): Promise<readonly Message[]> => {
  const command = new ReceiveMessageCommand({
    QueueUrl: queues.urlOf(name),
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
    MessageSystemAttributeNames: ['All'],
    ...more,
  });
  return (await queues.sqs.send(command)).Messages ?? [];
};
/** Sends a message and lets it fail until it is in the dead-letter queue. */
const fail = async (name: string, body: string) => {
  const sent = await send(name, body);
  await receive(name);
  await receive(name);
  return sent;
};
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const start = (input: Partial<StartMessageMoveTaskCommandInput> = {}, sqs = queues.sqs) =>
  sqs.send(new StartMessageMoveTaskCommand({ SourceArn: queues.arnOf('dead'), ...input }));
const tasks = async (MaxResults = 10): Promise<readonly ListMessageMoveTasksResultEntry[]> => {
  const command = new ListMessageMoveTasksCommand({ SourceArn: queues.arnOf('dead'), MaxResults });
  return (await queues.sqs.send(command)).Results ?? [];
};
/** The newest task, when it has ended. */
const ended = async (): Promise<ListMessageMoveTasksResultEntry | undefined> => {
  for (;;) {
    const [task] = await tasks();
    if (task?.Status !== 'RUNNING' && task?.Status !== 'CANCELLING') return task;
  }
};

describe('A dead-letter queue', () => {
  it('gets a message that was received too often as it was, and knows where it came from', async () => {
    // Prepare
    await queues.create('dead');
    await createSource('q');
    const { MessageId } = await send('q', 'bad');

    // Act
    const [first] = await receive('q');
    const second = await receive('q');
    const [dead] = await receive('dead');

    // Assess
    expect(second).toEqual([]);
    expect(dead).toMatchObject({
      MessageId,
      Body: 'bad',
      MessageAttributes: { kind: { StringValue: 'bad' } },
      Attributes: {
        SentTimestamp: first?.Attributes?.SentTimestamp,
        DeadLetterQueueSourceArn: queues.arnOf('q'),
      },
    });
    expect(first?.Attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
  });

  it('gets nothing that is deleted in time', async () => {
    // Prepare
    await queues.create('dead');
    await createSource('q');
    await send('q', 'good');

    // Act
    const [{ ReceiptHandle } = {}] = await receive('q');
    await queues.sqs.send(new DeleteMessageCommand({ QueueUrl: queues.urlOf('q'), ReceiptHandle }));
    await receive('q');

    // Assess
    expect(await queues.counts('dead')).toEqual({ waiting: 0, inFlight: 0 });
  });

  it('lists its sources, page by page', async () => {
    // Prepare
    await queues.create('dead');
    for (const name of ['b', 'a', 'c']) await createSource(name);
    const list = (NextToken?: string) =>
      queues.sqs.send(
        new ListDeadLetterSourceQueuesCommand({ QueueUrl: queues.urlOf('dead'), MaxResults: 2, NextToken }),
      );

    // Act
    await queues.sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: queues.urlOf('c'), Attributes: { RedrivePolicy: '' } }),
    );
    await createSource('d');
    const first = await list();
    const second = await list(first.NextToken);

    // Assess
    expect([first.queueUrls, second.queueUrls]).toEqual([[queues.urlOf('a'), queues.urlOf('b')], [queues.urlOf('d')]]);
    expect(second.NextToken).toBeUndefined();
  });

  it('is not there', async () => {
    const command = new ListDeadLetterSourceQueuesCommand({ QueueUrl: queues.urlOf('none') });
    expect(await refusal(queues.sqs.send(command))).toMatchObject({ name: 'QueueDoesNotExist' });
  });
});

describe('A redrive policy', () => {
  const withPolicy = (RedrivePolicy: string) => refusal(queues.create('q', { RedrivePolicy }));

  it.each([
    ['that is no JSON', () => '{', 'Redrive policy is not a valid JSON map.'],
    [
      'without a queue',
      () => '{"maxReceiveCount":1}',
      'Redrive policy does not contain mandatory attribute: deadLetterTargetArn.',
    ],
    [
      'without a count',
      () => JSON.stringify({ deadLetterTargetArn: queues.arnOf('dead') }),
      'Redrive policy does not contain mandatory attribute: maxReceiveCount.',
    ],
    [
      'with a count of none',
      () => redriveTo('dead', 0),
      'Invalid value for maxReceiveCount: 0, valid values are from 1',
    ],
    ['with a count too high', () => redriveTo('dead', 1001), 'Invalid value for maxReceiveCount: 1001'],
    ['of a queue that does not exist', () => redriveTo('none'), 'Dead letter target does not exist.'],
  ])('%s is refused', async (_what, policy, reason) => {
    // Prepare
    await queues.create('dead');

    // Act
    const error = await withPolicy(policy());

    // Assess
    expect(error).toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining(`Reason: ${reason}`),
    });
  });

  it.each([
    ['denies all', 'denyAll', [], false],
    ['allows another queue', 'byQueue', ['other'], false],
    ['allows the queue', 'byQueue', ['q'], true],
    ['allows all', 'allowAll', [], true],
  ])('is taken or not when the dead-letter queue %s', async (_what, redrivePermission, names, isTaken) => {
    // Prepare
    const sourceQueueArns = names.map((name) => queues.arnOf(name));
    const allow = { redrivePermission, ...(names.length > 0 && { sourceQueueArns }) };
    await queues.create('dead', { RedriveAllowPolicy: JSON.stringify(allow) });

    // Act
    const error = await withPolicy(redriveTo('dead'));

    // Assess
    expect(error === undefined).toBe(isTaken);
  });

  it.each([
    ['{', 'It is not a valid JSON map.'],
    ['{"redrivePermission":"some"}', 'redrivePermission must be allowAll, denyAll or byQueue.'],
    ['{"redrivePermission":"byQueue"}', 'With byQueue, sourceQueueArns must hold 1 to 10 ARNs.'],
    ['{"redrivePermission":"denyAll","sourceQueueArns":["a"]}', 'denyAll takes no sourceQueueArns.'],
  ])('may not be allowed by %s', async (RedriveAllowPolicy, reason) => {
    expect(await refusal(queues.create('dead', { RedriveAllowPolicy }))).toMatchObject({
      message: expect.stringContaining(`for parameter RedriveAllowPolicy is invalid. Reason: ${reason}`),
    });
  });

  it('that was taken away is shown no more', async () => {
    // Prepare
    await queues.create('dead');
    await createSource('q');
    const QueueUrl = queues.urlOf('q');

    // Act
    await queues.sqs.send(
      new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy: '', RedriveAllowPolicy: '' } }),
    );
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
    const { Attributes } = await queues.sqs.send(command);

    // Assess
    expect(Object.keys(Attributes ?? {}).filter((name) => name.startsWith('Redrive'))).toEqual([]);
  });
});

describe('A message move task', () => {
  it('brings messages back to the queues they came from, as new ones', async () => {
    // Prepare
    await queues.create('dead');
    for (const name of ['a', 'b']) await createSource(name);
    const { MessageId } = await fail('a', 'of a');
    await fail('b', 'of b');

    // Act
    const { TaskHandle } = await start();
    const task = await ended();
    const [a] = await receive('a');
    const [b] = await receive('b');

    // Assess
    expect(TaskHandle).toEqual(expect.any(String));
    expect(task).toEqual({
      Status: 'COMPLETED',
      SourceArn: queues.arnOf('dead'),
      ApproximateNumberOfMessagesMoved: 2,
      ApproximateNumberOfMessagesToMove: 2,
      StartedTimestamp: expect.any(Number),
    });
    expect([a, b]).toMatchObject([
      {
        Body: 'of a',
        MessageAttributes: { kind: { StringValue: 'of a' } },
        Attributes: { ApproximateReceiveCount: '1' },
      },
      { Body: 'of b' },
    ]);
    expect(a?.MessageId).not.toBe(MessageId);
    expect(await queues.counts('dead')).toEqual({ waiting: 0, inFlight: 0 });
  });

  it('brings all messages to the queue that is named', async () => {
    // Prepare
    await queues.create('dead');
    await queues.create('other');
    await createSource('q');
    for (let n = 0; n < 12; n++) await send('dead', `m${n}`);

    // Act
    await start({ DestinationArn: queues.arnOf('other') });
    const task = await ended();

    // Assess
    expect(task).toMatchObject({ DestinationArn: queues.arnOf('other'), ApproximateNumberOfMessagesMoved: 12 });
    expect((await queues.counts('other')).waiting).toBe(12);
  });

  it('fails over a message that came from no queue, and leaves it', async () => {
    // Prepare
    await queues.create('dead');
    await createSource('q');
    await send('dead', 'sent here');

    // Act
    await start();
    const task = await ended();

    // Assess
    expect(task).toMatchObject({ Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' });
    expect(await queues.counts('dead')).toEqual({ waiting: 1, inFlight: 0 });
  });

  it('fails when its destination is deleted', async () => {
    // Prepare
    await queues.create('dead');
    await queues.create('other');
    await createSource('q');
    for (const body of ['a', 'b', 'c']) await send('dead', body);

    // Act
    await start({ DestinationArn: queues.arnOf('other'), MaxNumberOfMessagesPerSecond: 2 });
    await queues.sqs.send(new DeleteQueueCommand({ QueueUrl: queues.urlOf('other') }));
    const task = await ended();

    // Assess
    expect(task).toMatchObject({ Status: 'FAILED', FailureReason: 'AWS.SimpleQueueService.NonExistentQueue' });
  });

  it('goes at the wanted speed, alone, until it is cancelled', async () => {
    // Prepare
    await queues.create('dead');
    await createSource('q');
    for (const body of ['a', 'b', 'c']) await fail('q', body);

    // Act
    const { TaskHandle } = await start({ MaxNumberOfMessagesPerSecond: 1 });
    const second = await refusal(start());
    const [running] = await tasks();
    await queues.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    const task = await ended();
    const again = await refusal(queues.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle })));

    // Assess
    expect(second).toMatchObject({ message: expect.stringContaining('There is already a task running.') });
    expect(running).toMatchObject({ Status: 'RUNNING', TaskHandle, MaxNumberOfMessagesPerSecond: 1 });
    expect(task).toMatchObject({ Status: 'CANCELLED', ApproximateNumberOfMessagesToMove: 3 });
    expect(task).not.toHaveProperty('TaskHandle');
    expect(task?.ApproximateNumberOfMessagesMoved).toBeLessThan(3);
    expect(again).toMatchObject({ message: 'Only active tasks can be cancelled.' });
  });

  it('is remembered after others, the newest first', async () => {
    // Prepare
    await queues.create('dead');
    await createSource('q');
    for (let count = 1; count <= 2; count++) {
      for (let n = 0; n < count; n++) await fail('q', 'x');
      await start();
      await ended();
      await receive('q', { VisibilityTimeout: 100 });
    }

    // Act
    const all = await tasks();
    const newest = await tasks(1);

    // Assess
    expect(all.map((task) => task.ApproximateNumberOfMessagesMoved)).toEqual([2, 1]);
    expect(newest).toEqual(all.slice(0, 1));
  });

  it.each([
    [{ SourceArn: 'dead' }, 'You must use this format to specify the SourceArn'],
    [
      { SourceArn: 'arn:aws:sqs:eu-central-1:123456789012:none' },
      "specified for the SourceArn parameter doesn't exist",
    ],
    [{ SourceArn: 'arn:aws:sqs:eu-central-1:123456789012:q' }, 'must be configured as a Dead Letter Queue.'],
    [{ DestinationArn: 'x' }, 'You must use this format to specify the DestinationArn'],
    [
      { DestinationArn: 'arn:aws:sqs:eu-central-1:123456789012:none' },
      "specified for the DestinationArn parameter doesn't exist",
    ],
    [{ DestinationArn: 'arn:aws:sqs:eu-central-1:123456789012:dead' }, 'must be different'],
    [
      { MaxNumberOfMessagesPerSecond: 501 },
      'parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between',
    ],
  ])('is refused with %j', async (input, message) => {
    // Prepare
    await queues.create('dead');
    await createSource('q');

    // Act
    const error = await refusal(start(input));

    // Assess
    expect(error).toMatchObject({ message: expect.stringContaining(message) });
  });

  it('is not known by a handle that is none', async () => {
    // Prepare
    await queues.create('dead');
    const handle = (sourceArn: string) => Buffer.from(JSON.stringify({ taskId: 't', sourceArn })).toString('base64');
    const cancel = (TaskHandle: string) => refusal(queues.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle })));

    // Act and assess
    expect(await cancel('x')).toMatchObject({ message: 'Value for parameter TaskHandle is invalid.' });
    expect(await cancel(handle(queues.arnOf('dead')))).toMatchObject({ message: 'Task does not exist.' });
    expect(await cancel(handle(queues.arnOf('none')))).toMatchObject({
      message: "The resource that you specified for the SourceArn parameter doesn't exist.",
    });
  });

  it.each([
    'sqs:StartMessageMoveTask',
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'sqs:SendMessage',
  ])('needs %s', async (action) => {
    // Prepare
    await queues.create('dead');
    await createSource('q');
    const role = addRole(stage, 'weak', { Effect: 'Allow', NotAction: action, Resource: '*' });
    const sqs = new SQSClient(stage.client(sessionOf(stage, role)));

    // Act
    const error = await refusal(start({}, sqs));
    sqs.destroy();

    // Assess
    expect(error).toMatchObject({
      message: expect.stringMatching(new RegExp(`is not authorized to perform: ${action} on`, 'i')),
    });
  });
});

describe('The visibility of a message', () => {
  const change = (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
    queues.sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: queues.urlOf('q'), ReceiptHandle, VisibilityTimeout }),
    );

  it('is taken by a receive, and given back at once or later', async () => {
    // Prepare
    await queues.create('q', { VisibilityTimeout: '600' });
    await send('q', 'a');

    // Act
    const [first] = await receive('q');
    const hidden = await queues.counts('q');
    await change(first?.ReceiptHandle, 0);
    const [second] = await receive('q', { VisibilityTimeout: 500 });
    await change(second?.ReceiptHandle, 1);
    const [third] = await queues.receive('q');

    // Assess
    expect(hidden).toEqual({ waiting: 0, inFlight: 1 });
    expect([first, second].map((message) => message?.Attributes?.ApproximateReceiveCount)).toEqual(['1', '2']);
    expect(third?.MessageId).toBe(first?.MessageId);
  });
});
