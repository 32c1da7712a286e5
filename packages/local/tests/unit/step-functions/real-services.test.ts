import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/common/log.ts';
import type { BusEvent } from '../../../src/common/ports.ts';
import { startDynamoDb } from '../../../src/services/dynamodb.ts';
import { startSqsAndS3 } from '../../../src/services/sqs-and-s3.ts';
import { createStepFunctions, type StepFunctions } from '../../../src/step-functions/index.ts';
import { account, addRole, startGateway, type TestGateway } from '../../helpers/gateway.ts';
import { queuesOf } from '../../helpers/queues.ts';
import { only, Spy } from '../../helpers/step-functions.ts';

let stage: TestGateway;
let sfn: StepFunctions;
let client: SFNClient;
let queues: ReturnType<typeof queuesOf>;
const events = new Spy<BusEvent>();
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  stage = await startGateway();
  const { gateway, clock, identities, endpoint } = stage;
  const stores = await startSqsAndS3(account, { endpoint: () => endpoint });
  const dynamoDb = await startDynamoDb(account);
  const sink = { put: (event: BusEvent) => events.add(event) };
  sfn = createStepFunctions({
    account,
    clock,
    roles: identities,
    calls: gateway,
    endpoint: () => endpoint,
    events: sink,
    log: silentLog,
  });
  for (const service of [sfn, stores.sqs, stores.s3, dynamoDb]) gateway.register(service);
  client = new SFNClient(stage.client());
  queues = queuesOf(stage);
  const s3 = new S3Client({ ...stage.client(), forcePathStyle: true });
  const dynamo = new DynamoDBClient(stage.client());
  closers.push(
    () => sfn.close(),
    () => client.destroy(),
    () => queues.sqs.destroy(),
    () => s3.destroy(),
    () => dynamo.destroy(),
    () => stage.close(),
    () => stores.close(),
    () => dynamoDb.close(),
  );
  await s3.send(new CreateBucketCommand({ Bucket: 'data' }));
  await queues.create('jobs');
  await dynamo.send(
    new CreateTableCommand({
      TableName: 'things',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
});
afterAll(async () => {
  for (const close of closers) await close();
});

const ANYTHING = { Effect: 'Allow', Action: '*', Resource: '*' };
let machines = 0;

/** A role that Step Functions may take on. */
const machineRole = (name: string, ...statements: readonly Record<string, unknown>[]): string => {
  const arn = addRole(stage, name, ...statements);
  const trust = { Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' };
  stage.identities.putRole({ name, arn, trustPolicy: { Version: '2012-10-17', Statement: [trust] } });
  return arn;
};

const deploy = (definition: unknown, statements = [ANYTHING] as readonly Record<string, unknown>[]) => {
  const name = `m${++machines}`;
  const arn = `arn:aws:states:${account.region}:${account.accountId}:stateMachine:${name}`;
  const roleArn = machineRole(`role-of-${name}`, ...statements);
  sfn.putStateMachine({ name, arn, roleArn, definition: JSON.stringify(definition), type: 'STANDARD' });
  return arn;
};

const run = async (stateMachineArn: string, input: unknown = {}) => {
  const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
  const { executionArn } = await client.send(command);
  const { detail } = await events.find(
    (event) => event.detail.executionArn === executionArn && event.detail.status !== 'RUNNING',
  );
  const output = typeof detail.output === 'string' ? (JSON.parse(detail.output) as unknown) : undefined;
  return { ...detail, output } as { status: string; output: unknown; error: string; cause: string };
};

const task = (resource: string, Parameters: unknown, more: Record<string, unknown> = {}) => ({
  Type: 'Task',
  Resource: `arn:aws:states:::${resource}`,
  Parameters,
  ...more,
});

const chain = (...states: readonly Record<string, unknown>[]) => ({
  StartAt: 'S0',
  States: Object.fromEntries(
    states.map((state, index) => [
      `S${index}`,
      { ...state, ...(index === states.length - 1 ? { End: true } : { Next: `S${index + 1}` }) },
    ]),
  ),
});

describe('aws-sdk:s3', () => {
  it('puts, lists and gets objects', async () => {
    const object = { Bucket: 'data', Key: 'a/b.json' };
    const machine = deploy(
      chain(
        task('aws-sdk:s3:putObject', { ...object, 'Body.$': '$' }, { ResultPath: null }),
        task('aws-sdk:s3:listObjectsV2', { Bucket: 'data', Prefix: 'a/' }, { ResultPath: '$.list' }),
        task('aws-sdk:s3:getObject', object, { ResultPath: '$.got' }),
      ),
    );

    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string;
    expect((await run(machine, { n: 1 })).output).toMatchObject({
      list: { Contents: [{ Key: 'a/b.json', Size: 7, LastModified: time }], KeyCount: 1 },
      got: { Body: '{"n":1}', ContentLength: 7, LastModified: time },
    });
  });

  it.each([
    ['S3.NoSuchKeyException', { Bucket: 'data', Key: 'none' }],
    ['S3.NoSuchBucketException', { Bucket: 'nowhere', Key: 'none' }],
  ])('fails with %s', async (error, parameters) => {
    const ended = await run(deploy(only(task('aws-sdk:s3:getObject', parameters))));

    expect(ended).toMatchObject({ status: 'FAILED', error });
    expect(ended.cause).toMatch(/\(Service: S3, Status Code: 404, Request ID: .*\) \(SDK Attempt Count: 1\)$/);
  });

  it('is denied to a role that may not', async () => {
    const ended = await run(deploy(only(task('aws-sdk:s3:getObject', { Bucket: 'data', Key: 'a/b.json' })), []));

    expect(ended).toMatchObject({ status: 'FAILED', error: 'S3.S3Exception' });
  });
});

describe('dynamodb', () => {
  it('puts, updates, gets and deletes an item, and refuses by condition', async () => {
    const of = { TableName: 'things', Key: { id: { S: 'x' } } };
    const machine = deploy(
      chain(
        task('dynamodb:putItem', { TableName: 'things', Item: { id: { S: 'x' }, n: { N: '1' } } }),
        task('dynamodb:updateItem', {
          ...of,
          UpdateExpression: 'SET n = n + :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
          ReturnValues: 'ALL_NEW',
        }),
        task('dynamodb:deleteItem', { ...of, ReturnValues: 'ALL_OLD' }),
      ),
    );
    const conditional = { TableName: 'things', Item: of.Key, ConditionExpression: 'attribute_exists(id)' };

    expect((await run(machine)).output).toEqual({ Attributes: { id: { S: 'x' }, n: { N: '2' } } });
    expect(await run(deploy(only(task('dynamodb:putItem', conditional))))).toMatchObject({
      error: 'DynamoDB.ConditionalCheckFailedException',
    });
    expect(await run(deploy(only(task('aws-sdk:dynamodb:putItem', conditional))))).toMatchObject({
      error: 'DynamoDb.ConditionalCheckFailedException',
    });
  });
});

describe('sqs:sendMessage', () => {
  it('sends to a queue, as the role of the state machine', async () => {
    const state = task('sqs:sendMessage', { QueueUrl: queues.urlOf('jobs'), 'MessageBody.$': '$' });
    const { output } = await run(deploy(only(state)), { job: 1 });
    const [message] = await queues.receive('jobs');

    expect(output).toMatchObject({ MessageId: message?.MessageId, MD5OfMessageBody: message?.MD5OfBody });
    expect(message?.Body).toBe('{"job":1}');
    expect(await run(deploy(only(state), []))).toMatchObject({ error: 'SQS.AmazonSQSException' });
  });
});

describe('states:startExecution.sync:2', () => {
  const child = () => deploy(only({ Type: 'Pass', Result: [2] }));
  const parent = (StateMachineArn: string) => only(task('states:startExecution.sync:2', { StateMachineArn }));
  const allow = (...Action: readonly string[]) => [{ Effect: 'Allow', Action, Resource: '*' }];

  it('needs permission to start the execution, and to describe it', async () => {
    const arn = child();

    expect(await run(deploy(parent(arn), allow('states:StartExecution', 'states:DescribeExecution')))).toMatchObject({
      status: 'SUCCEEDED',
      output: { Output: [2] },
    });
    for (const action of ['states:StartExecution', 'states:DescribeExecution']) {
      const ended = await run(deploy(parent(arn), allow(action)));
      expect(ended).toMatchObject({ error: 'StepFunctions.AWSStepFunctionsException' });
      expect(ended.cause).toContain('is not authorized to perform: states:');
    }
  });

  it('needs permission to make the managed rule, before there is a state machine', async () => {
    const config = (name: string, ...statements: readonly Record<string, unknown>[]) => ({
      name,
      arn: `arn:aws:states:${account.region}:${account.accountId}:stateMachine:${name}`,
      roleArn: machineRole(`rule-${name}`, ...statements),
      definition: JSON.stringify(parent('m')),
      type: 'STANDARD' as const,
    });
    const rule = allow('events:PutRule', 'events:PutTargets', 'events:DescribeRule');

    await expect(sfn.authorize(config('may', ...rule))).resolves.toBeUndefined();
    await expect(sfn.authorize(config('may-not', ...allow('events:PutRule')))).rejects.toMatchObject({
      message: expect.stringContaining('is not authorized to create managed-rule') as string,
    });
  });
});
