import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import {
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsApp } from '../../helpers/events-app.ts';
import { ADMINISTRATOR, account } from '../../helpers/gateway.ts';
import { called } from '../../helpers/queues.ts';
import { type RunningStacks, startStacks } from '../../helpers/stacks.ts';

const DAY = 86_400_000;

let stage: RunningStacks;
let ids: Readonly<Record<string, string>>;
let events: EventBridgeClient;
let sfn: SFNClient;
let sqs: SQSClient;

beforeAll(async () => {
  stage = await startStacks();
  await stage.deploy({ Stack: eventsApp });
  ids = stage.stack().resources;
  const client = { endpoint: stage.gateway.endpoint, region: account.region, credentials: ADMINISTRATOR };
  events = new EventBridgeClient(client);
  sfn = new SFNClient(client);
  sqs = new SQSClient(client);
});
afterAll(async () => {
  for (const client of [events, sfn, sqs]) client?.destroy();
  await stage?.close();
});

const put = (detail: object) =>
  events.send(
    new PutEventsCommand({
      Entries: [{ Source: 'shop', DetailType: 'Order Placed', Detail: JSON.stringify(detail) }],
    }),
  );
/** What a function has logged with that first word. */
const logged = (logicalId: string, word: string): readonly string[] =>
  stage.parts.logs
    .eventsOf(`/aws/lambda/${ids[logicalId]}`)
    .flatMap(({ message }) => new RegExp(`\tINFO\t${word} (.*)`).exec(message)?.[1] ?? []);
/** Resolves when what the calls so far, and each further one, may have changed holds. */
const when = (holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const check = () => holds() && resolve();
    stage.gateway.calls.onCall(check);
    check();
  });
const receive = async (logicalId: string, VisibilityTimeout = 30) => {
  const command = new ReceiveMessageCommand({
    QueueUrl: ids[logicalId],
    WaitTimeSeconds: 10,
    VisibilityTimeout,
    MessageAttributeNames: ['All'],
  });
  const { Messages: [message = {}] = [] } = await sqs.send(command);
  return message;
};
const endedMove = async () => {
  for (;;) {
    const { Results = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arnOf('DeadLetters') }));
    if (Results[0]?.Status !== 'RUNNING') return Results[0];
  }
};
const arnOf = (logicalId: string) =>
  `arn:aws:sqs:${account.region}:${account.accountId}:${ids[logicalId]?.split('/').at(-1)}`;

describe('A deployed app of rules', () => {
  it('brings an event to every target in its own form', async () => {
    // Act
    await put({ id: 7 });
    await when(() => logged('Listener', 'got').length > 0 && logged('Worker', 'done').length > 0);
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: ids.Machine }));
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn: executions[0]?.executionArn }));

    // Assess
    expect(logged('Listener', 'got')).toEqual(['{"id":7}']);
    expect(logged('Worker', 'done')).toEqual(['7']);
    expect(JSON.parse(execution.input ?? '')).toEqual({ order: 7, text: `order 7 by ${ids.Orders}` });
  });

  it('deletes what the filter of the mapping holds back', async () => {
    // Prepare
    const before = stage.gateway.calls.counts().get('sqs:DeleteMessageBatch') ?? 0;

    // Act
    await put({ id: 8, test: true });
    await called(stage, 'sqs:DeleteMessageBatch', before + 1);

    // Assess
    expect(logged('Worker', 'done')).not.toContain('8');
  });

  it('keeps what could not be delivered or processed, and brings it back', async () => {
    // Prepare
    const { messageLog } = stage.disturbances;
    const mark = messageLog.latestId;

    // Act: no permission lets the rule invoke the function; the worker fails over the message
    await put({ id: 9, bad: true });
    await messageLog.waitFor({ after: mark, outcome: 'received' });
    await stage.disturbances.makeVisible(ids.Queue ?? '');
    const lost = await receive('LostEvents');
    const dead = await receive('DeadLetters', 0);
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf('DeadLetters') }));
    const task = await endedMove();

    // Assess
    expect(lost).toMatchObject({
      MessageAttributes: {
        ERROR_CODE: { StringValue: 'NO_PERMISSIONS' },
        RULE_ARN: { StringValue: expect.stringContaining(`rule/${ids.Forbidden}`) },
      },
    });
    expect(JSON.parse(dead.Body ?? '{}')).toMatchObject({ detail: { id: 9 } });
    expect(task).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 });
  });

  it('fires a schedule once for each night that has passed', async () => {
    // Prepare
    const before = logged('Listener', 'got').length;

    // Act
    stage.clock.advance(3 * DAY);
    await when(() => logged('Listener', 'got').length >= before + 3);

    // Assess
    const got = logged('Listener', 'got').slice(before);
    const times = got.map((text) => (JSON.parse(text) as { readonly time: string }).time).sort();
    const nights = times.map((time) => Date.parse(time) / DAY);
    expect(times.map((time) => time.slice(11))).toEqual(Array<string>(3).fill('02:30:00Z'));
    expect(nights.map((night) => night - (nights[0] ?? 0))).toEqual([0, 1, 2]);
  });
});
