import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventInvokeConfig } from '../../../src/lambda/index.ts';
import { account, addRole, recordingService } from '../../helpers/gateway.ts';
import { BEGIN, type LambdaStage, startLambdaStage } from '../../helpers/lambda.ts';
import { called, queuesOf } from '../../helpers/queues.ts';

let stage: LambdaStage;
let client: LambdaClient;
let queues: ReturnType<typeof queuesOf>;
beforeEach(async () => {
  stage = await startLambdaStage();
  client = new LambdaClient(stage.client());
  queues = queuesOf(stage);
  await queues.create('dead');
});
afterEach(async () => {
  client.destroy();
  queues.sqs.destroy();
  await stage.close();
});

const ARN = `arn:aws:lambda:${account.region}:${account.accountId}:function:f`;
const FUNCTION = { name: 'f', qualifier: undefined };
const configure = (config: EventInvokeConfig) => stage.lambda.putEventInvokeConfig(FUNCTION, config);

/** That many messages of the queue `dead`, however they come. */
const received = async (count: number) => {
  const messages = [...(await queues.receive('dead'))];
  while (messages.length < count) messages.push(...(await queues.receive('dead')));
  return messages;
};

const FAILING = `export const handler = async () => { ${BEGIN} throw new Error('no'); };`;
const send = () =>
  client.send(new InvokeCommand({ FunctionName: 'f', InvocationType: 'Event', Payload: JSON.stringify({ n: 1 }) }));
const attempts = () => stage.logs.eventsOf('/aws/lambda/f').filter(({ message }) => message.startsWith('START'));

/** The attempt has ended, its log is written, and whatever follows is waiting. */
const attempted = async (count: number) => {
  await called(stage, 'logs:PutLogEvents', count);
  await new Promise(setImmediate);
};

describe('An asynchronous invocation', () => {
  it('is accepted at once and runs by itself', async () => {
    // Prepare
    stage.put(`export const handler = async (event) => { ${BEGIN} };`);

    // Act
    const { StatusCode, Payload } = await send();

    // Assess
    expect({ StatusCode, bytes: Payload?.length ?? 0 }).toEqual({ StatusCode: 202, bytes: 0 });
    await stage.started(1);
  });

  it('is tried twice again under the same request id, a minute and two minutes later, then goes to the dead-letter queue', async () => {
    // Prepare
    stage.put(FAILING, { deadLetterArn: queues.arnOf('dead') });
    await send();

    // Act
    await attempted(1);
    stage.clock.advance(60_000);
    await attempted(2);
    stage.clock.advance(60_000);
    const early = attempts().length;
    stage.clock.advance(60_000);
    const [message] = await queues.receive('dead');

    // Assess
    const ids = attempts().map(({ message: line }) => line.split(' ')[2]);
    expect(early).toBe(2);
    expect(ids).toHaveLength(3);
    expect(new Set(ids)).toEqual(new Set([message?.MessageAttributes?.RequestID?.StringValue]));
    expect(message?.Body).toBe('{"n":1}');
    expect(message?.MessageAttributes).toMatchObject({
      ErrorCode: { DataType: 'Number', StringValue: '200' },
      ErrorMessage: { StringValue: 'no' },
    });
  });

  it('is not tried again when the function says so', async () => {
    // Prepare
    stage.put(FAILING, { deadLetterArn: queues.arnOf('dead') });
    configure({ maximumRetryAttempts: 0 });

    // Act
    await send();
    const messages = await queues.receive('dead');

    // Assess
    expect(messages).toHaveLength(1);
    expect(attempts()).toHaveLength(1);
  });

  it('is lost when the role of the function may not send to the dead-letter queue', async () => {
    // Prepare
    const roleArn = addRole(stage, 'weak', { Effect: 'Allow', Action: 'logs:*', Resource: '*' });
    stage.put(FAILING, { roleArn, deadLetterArn: queues.arnOf('dead') });
    configure({ maximumRetryAttempts: 0 });

    // Act
    await send();
    await called(stage, 'sqs:SendMessage');

    // Assess
    expect(stage.gateway.calls.entries().at(-1)).toMatchObject({ outcome: 'AccessDeniedException' });
    expect(await queues.counts('dead')).toEqual({ waiting: 0, inFlight: 0 });
  });

  it('waits while the function is throttled, until it is too old', async () => {
    // Prepare
    stage.put(`export const handler = async () => { ${BEGIN} await new Promise(() => undefined); };`, {
      deadLetterArn: queues.arnOf('dead'),
      reservedConcurrency: 1,
      timeoutSeconds: 900,
    });
    configure({ maximumEventAgeSeconds: 60, onFailure: queues.arnOf('dead') });
    await send();
    await stage.started(1);

    // Act
    await send();
    for (let second = 0; second < 60; second++) {
      stage.clock.advance(1000);
      await new Promise(setImmediate);
    }
    const messages = await received(2);

    // Assess
    const letter = messages.find(({ MessageAttributes }) => MessageAttributes);
    const record = messages.find(({ MessageAttributes }) => !MessageAttributes);
    expect(letter?.MessageAttributes).toMatchObject({
      ErrorCode: { StringValue: '429' },
      ErrorMessage: { StringValue: 'Rate Exceeded.' },
    });
    expect(JSON.parse(record?.Body ?? '')).toEqual({
      version: '1.0',
      timestamp: expect.any(String),
      requestContext: {
        requestId: letter?.MessageAttributes?.RequestID?.StringValue,
        functionArn: `${ARN}:$LATEST`,
        condition: 'EventAgeExceeded',
        approximateInvokeCount: expect.any(Number),
      },
      requestPayload: { n: 1 },
    });
    expect(stage.metrics.sum('AWS/Lambda', 'Throttles', { FunctionName: 'f' })).toBeGreaterThan(1);
    expect(stage.metrics.sum('AWS/Lambda', 'AsyncEventsDropped', { FunctionName: 'f' })).toBe(1);
  });

  it('is given up at once when the function may never run', async () => {
    // Prepare
    stage.put(FAILING, { reservedConcurrency: 0 });
    configure({ onFailure: queues.arnOf('dead') });

    // Act
    await send();
    const [message] = await queues.receive('dead');

    // Assess
    expect(JSON.parse(message?.Body ?? '')).toMatchObject({
      requestContext: { condition: 'ZeroReservedConcurrency', approximateInvokeCount: 0 },
    });
  });
});

describe('A destination of asynchronous invocations', () => {
  it('gets a record of a failure when no attempt is left', async () => {
    // Prepare
    stage.put(FAILING);
    configure({ maximumRetryAttempts: 1, onFailure: queues.arnOf('dead'), onSuccess: queues.arnOf('other') });

    // Act
    await send();
    await attempted(1);
    stage.clock.advance(60_000);
    const [message] = await queues.receive('dead');

    // Assess
    expect(JSON.parse(message?.Body ?? '')).toEqual({
      version: '1.0',
      timestamp: expect.stringMatching(/Z$/),
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionArn: `${ARN}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: 2,
      },
      requestPayload: { n: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'Error', errorMessage: 'no', trace: expect.any(Array) },
    });
  });

  it('that is a function gets the record of a success as its event', async () => {
    // Prepare
    const target = stage.put('export const handler = async (event) => { console.log(JSON.stringify(event)); };', {
      name: 'g',
    });
    stage.put('export const handler = async () => ({ done: true });');
    configure({ onSuccess: target.arn });

    // Act
    await send();
    await called(stage, 'logs:PutLogEvents', 2);

    // Assess
    expect(JSON.parse(/\{.*\}/.exec(stage.logText('g'))?.[0] ?? '')).toMatchObject({
      requestContext: { condition: 'Success', approximateInvokeCount: 1 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST' },
      responsePayload: { done: true },
    });
  });

  it.each([
    ['Success', 'export const handler = async () => 1;'],
    ['Failure', FAILING],
  ])('that is the event bus gets an event: %s', async (kind, source) => {
    // Prepare
    const bus = `arn:aws:events:${account.region}:${account.accountId}:event-bus/default`;
    const events = recordingService('events', () => ({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] }));
    stage.gateway.register(events);
    stage.put(source);
    configure({ maximumRetryAttempts: 0, onSuccess: bus, onFailure: bus });

    // Act
    await send();
    await called(stage, 'events:PutEvents');

    // Assess
    expect(events.received[0]?.input).toEqual({
      Entries: [
        {
          Source: 'lambda',
          DetailType: `Lambda Function Invocation Result - ${kind}`,
          Resources: [bus, `${ARN}:$LATEST`],
          Detail: expect.stringContaining('"version":"1.0"'),
          EventBusName: bus,
        },
      ],
    });
  });

  it('that cannot be reached is counted, as is a dead-letter queue', async () => {
    // Prepare
    stage.put(FAILING, { deadLetterArn: queues.arnOf('missing') });
    configure({ maximumRetryAttempts: 0, onFailure: queues.arnOf('missing') });

    // Act
    await send();
    await stage.metrics.waitFor({ namespace: 'AWS/Lambda', name: 'DestinationDeliveryFailures' });

    // Assess
    const count = (name: string) => stage.metrics.sum('AWS/Lambda', name, { FunctionName: 'f' });
    expect(count('DestinationDeliveryFailures')).toBe(1);
    expect(count('DeadLetterErrors')).toBe(1);
    expect(count('AsyncEventsReceived')).toBe(1);
    expect(count('AsyncEventsDropped')).toBe(1);
  });

  it('is forgotten with its function', async () => {
    // Prepare
    stage.put(FAILING);
    configure({ maximumRetryAttempts: 0, onFailure: queues.arnOf('dead') });
    await stage.lambda.deleteFunction('f');
    stage.put(FAILING);

    // Act
    await send();
    await attempted(1);

    // Assess
    expect(await queues.counts('dead')).toEqual({ waiting: 0, inFlight: 0 });
  });
});
