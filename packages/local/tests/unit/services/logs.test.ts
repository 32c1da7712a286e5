import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Keys } from '../../../src/services/kms.ts';
import { MOST_GROUP_BYTES } from '../../../src/services/log-group.ts';
import { Logs } from '../../../src/services/logs.ts';
import { account, addRole, sessionOf, startGateway, type TestGateway } from '../../helpers/gateway.ts';

let stage: TestGateway;
let logs: Logs;
let client: CloudWatchLogsClient;
const group = { logGroupName: '/aws/lambda/f' };
const stream = { ...group, logStreamName: 's1' };

beforeEach(async () => {
  stage = await startGateway();
  logs = new Logs({ account, clock: stage.clock });
  stage.gateway.register(logs);
  client = new CloudWatchLogsClient(stage.client());
});
afterEach(async () => {
  client.destroy();
  await stage.close();
});

const put = async (messages: readonly string[], logStreamName = 's1', timestamp = 1000) => {
  const logEvents = messages.map((message, index) => ({ timestamp: timestamp + index, message }));
  await client.send(new PutLogEventsCommand({ ...group, logStreamName, logEvents }));
};
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('CloudWatch Logs', () => {
  it('changes the retention of a group, and deletes it', async () => {
    const retention = async () =>
      (await client.send(new DescribeLogGroupsCommand({}))).logGroups?.map(({ retentionInDays }) => retentionInDays);
    await client.send(new CreateLogGroupCommand(group));
    await client.send(new PutRetentionPolicyCommand({ ...group, retentionInDays: 7 }));
    expect(await retention()).toEqual([7]);
    await client.send(new DeleteRetentionPolicyCommand(group));
    expect(await retention()).toEqual([undefined]);
    await client.send(new DeleteLogGroupCommand(group));
    expect(await retention()).toEqual([]);
    expect(await refusal(client.send(new DeleteLogGroupCommand(group)))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('keeps what is written to a stream and reads it from both ends', async () => {
    // Prepare
    logs.putLogGroup({ name: group.logGroupName });
    await client.send(new CreateLogStreamCommand(stream));
    await put(['a', 'b', 'c']);

    // Act
    const tail = await client.send(new GetLogEventsCommand({ ...stream, limit: 2 }));
    const before = await client.send(new GetLogEventsCommand({ ...stream, nextToken: tail.nextBackwardToken }));
    const end = await client.send(new GetLogEventsCommand({ ...stream, nextToken: tail.nextForwardToken }));
    await put(['d'], 's1', 2000);
    const later = await client.send(new GetLogEventsCommand({ ...stream, nextToken: end.nextForwardToken }));
    const head = await client.send(new GetLogEventsCommand({ ...stream, startFromHead: true, startTime: 1001 }));

    // Assess
    expect(tail.events?.map(({ message }) => message)).toEqual(['b', 'c']);
    expect(before.events?.map(({ message }) => message)).toEqual(['a']);
    expect(end.events).toEqual([]);
    expect(end.nextForwardToken).toBe(tail.nextForwardToken);
    expect(later.events?.map(({ message }) => message)).toEqual(['d']);
    expect(head.events?.map(({ timestamp }) => timestamp)).toEqual([1001, 1002, 2000]);
  });

  it('follows a stream that was empty when the reader came', async () => {
    // Prepare
    logs.putLogGroup({ name: group.logGroupName });
    await client.send(new CreateLogStreamCommand(stream));

    // Act
    const empty = await client.send(new GetLogEventsCommand(stream));
    await put(['first']);
    const next = await client.send(new GetLogEventsCommand({ ...stream, nextToken: empty.nextForwardToken }));

    // Assess
    expect(next.events?.map(({ message }) => message)).toEqual(['first']);
  });

  it('finds a term in all streams of a group, by time, page by page', async () => {
    // Prepare
    logs.putLogGroup({ name: group.logGroupName });
    for (const logStreamName of ['s1', 's2'])
      await client.send(new CreateLogStreamCommand({ ...group, logStreamName }));
    await put(['ERROR late', 'fine'], 's1', 5000);
    await put(['ERROR early', 'ERROR "x y"'], 's2', 1000);

    // Act
    const first = await client.send(new FilterLogEventsCommand({ ...group, filterPattern: 'ERROR', limit: 2 }));
    const second = await client.send(
      new FilterLogEventsCommand({ ...group, filterPattern: 'ERROR', limit: 2, nextToken: first.nextToken }),
    );
    const ofOne = await client.send(new FilterLogEventsCommand({ ...group, logStreamNamePrefix: 's1' }));

    // Assess
    expect(first.events?.map(({ message }) => message)).toEqual(['ERROR early', 'ERROR "x y"']);
    expect(second.events?.map(({ message, logStreamName }) => [message, logStreamName])).toEqual([
      ['ERROR late', 's1'],
    ]);
    expect(second.nextToken).toBeUndefined();
    expect(ofOne.events).toHaveLength(2);
  });

  it.each(['{ $.level = "ERROR" }', 'a b', '-a', '?a ?b', '%x%'])(
    'refuses the filter pattern %s by name',
    async (filterPattern) => {
      // Prepare
      logs.putLogGroup({ name: group.logGroupName });

      // Act
      const error = await refusal(client.send(new FilterLogEventsCommand({ ...group, filterPattern })));

      // Assess
      expect(error).toMatchObject({ name: 'NotImplemented', message: expect.stringContaining('filterPattern') });
    },
  );

  it('describes groups with the settings of the template, and streams by time', async () => {
    // Prepare
    logs.putLogGroup({ name: '/aws/lambda/f', retentionInDays: 30, kmsKeyArn: 'arn:aws:kms:eu-central-1:1:key/k' });
    logs.putLogGroup({ name: '/other' });
    for (const logStreamName of ['a', 'b']) await client.send(new CreateLogStreamCommand({ ...group, logStreamName }));
    const now = stage.clock.now();
    await put(['x'], 'b', now);
    await put(['x'], 'a', now - 5);

    // Act
    const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/' }));
    const { logStreams } = await client.send(
      new DescribeLogStreamsCommand({ ...group, orderBy: 'LastEventTime', descending: true, limit: 1 }),
    );

    // Assess
    const arn = `arn:aws:logs:eu-central-1:${account.accountId}:log-group:/aws/lambda/f`;
    expect(logGroups).toEqual([
      expect.objectContaining({ ...group, retentionInDays: 30, arn: `${arn}:*`, logGroupArn: arn, storedBytes: 54 }),
    ]);
    expect(logStreams).toEqual([
      expect.objectContaining({ logStreamName: 'b', lastEventTimestamp: now, arn: `${arn}:log-stream:b` }),
    ]);
  });

  it('tells a missing group from a missing stream, and refuses doubles', async () => {
    // Prepare
    logs.putLogGroup({ name: '/there' });

    // Act
    const noGroup = await refusal(client.send(new CreateLogStreamCommand(stream)));
    const noStream = await refusal(
      client.send(
        new PutLogEventsCommand({ ...stream, logGroupName: '/there', logEvents: [{ timestamp: 1, message: 'x' }] }),
      ),
    );
    const double = await refusal(client.send(new CreateLogGroupCommand({ logGroupName: '/there' })));

    // Assess
    expect(noGroup).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
    expect(noStream).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    });
    expect(double).toMatchObject({ name: 'ResourceAlreadyExistsException' });
  });

  it.each([
    ['log-group:/aws/lambda/f:*', 'ok'],
    ['log-group:/aws/lambda/f:log-stream:s1', 'ok'],
    ['log-group:/aws/lambda/f', 'AccessDeniedException'],
    ['log-group:/aws/lambda/other:*', 'AccessDeniedException'],
  ])('a policy on %s for a stream of the group answers %s', async (resource, outcome) => {
    // Prepare
    logs.putLogGroup({ name: group.logGroupName });
    const Resource = `arn:aws:logs:eu-central-1:${account.accountId}:${resource}`;
    const role = addRole(stage, 'writer', { Effect: 'Allow', Action: 'logs:CreateLogStream', Resource });
    const writer = new CloudWatchLogsClient(stage.client(sessionOf(stage, role)));

    // Act
    const error = await refusal(writer.send(new CreateLogStreamCommand(stream)));
    writer.destroy();

    // Assess
    expect((error as Error | undefined)?.name ?? 'ok').toBe(outcome);
  });

  it.each([
    [
      'for this group',
      { Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:*:*:log-group:/aws/*' } } },
      true,
    ],
    [
      'for other groups',
      { Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:*:*:log-group:/other' } } },
      false,
    ],
    ['for other services', { Principal: { Service: 'events.amazonaws.com' } }, false],
    ['to read only', { Action: 'kms:Decrypt' }, false],
  ])('takes a key only when its policy is open to it %s', (_case, change, isTaken) => {
    // Prepare
    const keys = new Keys({ account, clock: stage.clock });
    const statement = {
      Effect: 'Allow',
      Principal: { Service: 'logs.eu-central-1.amazonaws.com' },
      Action: 'kms:*',
      Resource: '*',
    };
    const { arn } = keys.create({ policy: { Version: '2012-10-17', Statement: [{ ...statement, ...change }] } });
    const encrypted = new Logs({ account, clock: stage.clock, keys });

    // Act
    const putGroup = () => encrypted.putLogGroup({ name: group.logGroupName, kmsKeyArn: arn });

    // Assess
    if (isTaken) expect(putGroup).not.toThrow();
    else expect(putGroup).toThrow('The specified KMS key does not exist or is not allowed to be used with Arn');
  });

  it('keeps events for as long as its retention, on the clock of the stage', async () => {
    // Prepare
    const day = 86_400_000;
    logs.putLogGroup({ name: group.logGroupName, retentionInDays: 7 });
    await client.send(new CreateLogStreamCommand(stream));
    await put(['a'], 's1', stage.clock.now());
    stage.clock.advance(5 * day);
    await put(['b'], 's1', stage.clock.now());

    // Act
    stage.clock.advance(3 * day);
    const { events } = await client.send(new FilterLogEventsCommand(group));

    // Assess
    expect(events?.map(({ message }) => message)).toEqual(['b']);
    expect(logs.eventsOf(group.logGroupName)).toHaveLength(1);
  });

  it('drops the oldest events beyond its bound', async () => {
    // Prepare
    logs.putLogGroup({ name: group.logGroupName });
    await client.send(new CreateLogStreamCommand(stream));
    const megabyte = 'x'.repeat(2 ** 20);
    const needed = MOST_GROUP_BYTES / 2 ** 20 + 1;

    // Act
    for (let at = 0; at < needed; at++)
      await stage.gateway.call({
        caller: { type: 'administrator', arn: 'root' },
        service: 'logs',
        operation: 'PutLogEvents',
        input: { ...stream, logEvents: [{ timestamp: at, message: megabyte }] },
      });
    const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({}));
    const { events = [] } = await client.send(new GetLogEventsCommand({ ...stream, startFromHead: true, limit: 1 }));

    // Assess
    expect(logGroups[0]?.storedBytes).toBeLessThanOrEqual(MOST_GROUP_BYTES);
    expect(events[0]?.timestamp).toBeGreaterThan(0);
  });
});
