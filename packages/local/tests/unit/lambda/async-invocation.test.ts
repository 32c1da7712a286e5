import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addRole } from '../../helpers/gateway.ts';
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
    stage.put(FAILING, { deadLetterArn: queues.arnOf('dead'), maximumRetryAttempts: 0 });

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
    stage.put(FAILING, { roleArn, deadLetterArn: queues.arnOf('dead'), maximumRetryAttempts: 0 });

    // Act
    await send();
    await called(stage, 'sqs:SendMessage');

    // Assess
    expect(stage.gateway.calls.entries().at(-1)).toMatchObject({ outcome: 'AccessDeniedException' });
    expect(await queues.counts('dead')).toEqual({ waiting: 0, inFlight: 0 });
  });

  it('waits while the function is throttled', async () => {
    // Prepare
    stage.put(FAILING, { deadLetterArn: queues.arnOf('dead'), reservedConcurrency: 0, maximumEventAgeSeconds: 60 });

    // Act
    await send();
    for (let second = 0; second < 60; second++) {
      stage.clock.advance(1000);
      await new Promise(setImmediate);
    }
    const [message] = await queues.receive('dead');

    // Assess
    expect(message?.MessageAttributes).toMatchObject({ ErrorCode: { StringValue: '429' } });
    expect(attempts()).toHaveLength(0);
  });
});
