import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { LocalStage } from '../../../src/stage.ts';
import { type TemporaryDirectory, temporaryDirectory, writeAssembly } from '../../helpers/assembly.ts';
import { FUNCTION_CODE, FUNCTION_KEY, smallApp } from '../../helpers/small-app.ts';

let directory: TemporaryDirectory;
let stage: LocalStage;

/** The small app with a state machine that waits, and everything that can be changed in place changed. */
const app = (round: number) => {
  const { Resources, ...rest } = structuredClone(smallApp) as unknown as {
    Resources: Record<string, { Properties: Record<string, unknown> }>;
  };
  const change = (logicalId: string, properties: object) => {
    Object.assign(Resources[logicalId]?.Properties ?? {}, properties);
  };
  const states = { Wait: { Type: 'Wait', Seconds: 60, Next: 'End' }, End: { Type: 'Pass', Result: round, End: true } };
  change('Machine', { DefinitionString: JSON.stringify({ StartAt: 'Wait', States: states }) });
  change('Queue', { VisibilityTimeout: 60 + round });
  change('Table', { DeletionProtectionEnabled: round > 1 });
  change('Function', { Description: `round ${round}` });
  change('LogGroup', { RetentionInDays: round });
  change('Rule', { State: round > 1 ? 'DISABLED' : 'ENABLED' });
  change('Cluster', { NodeType: `node${round}` });
  change('KeyAlias', { AliasName: `alias/round${round}` });
  return { Resources, ...rest };
};

const synthesize = (templates: Readonly<Record<string, object>>, environment?: string): string =>
  writeAssembly(directory.path, templates, {
    assets: { [FUNCTION_KEY]: FUNCTION_CODE },
    ...(environment && { environment }),
  });

beforeAll(async () => {
  directory = temporaryDirectory();
  stage = await LocalStage.deploy(synthesize({ App: app(1) }), { postgres: inject('postgresUrl') });
});

afterAll(async () => {
  await stage.close();
  directory.remove();
});

const client = () => ({
  endpoint: stage.endpoint,
  region: stage.region,
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
});

describe('LocalStage.update', () => {
  it('strands nothing: rows, messages, executions and statements are there afterwards, and go on', async () => {
    const [dynamoDb, sqs] = [new DynamoDBClient(client()), new SQSClient(client())];
    const [sfn, redshift, lambda] = [
      new SFNClient(client()),
      new RedshiftDataClient(client()),
      new LambdaClient(client()),
    ];
    const { Table, Queue, Machine, Function: FunctionName } = stage.stacks.App?.resources ?? {};
    const Key = { pk: { S: 'a' }, sk: { N: '1' } };
    await dynamoDb.send(new PutItemCommand({ TableName: Table, Item: { ...Key, kept: { BOOL: true } } }));
    await sqs.send(new SendMessageCommand({ QueueUrl: Queue, MessageBody: 'kept' }));
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn: Machine }));
    stage.redshift.script({
      sql: 'select 1 as one',
      durationMs: 60_000,
      columns: [{ name: 'one', type: 'integer' }],
      rows: [[1]],
    });
    const target = { ClusterIdentifier: 'c1', Database: 'dev', DbUser: 'etl' };
    const { Id } = await redshift.send(new ExecuteStatementCommand({ ...target, Sql: 'select 1 as one' }));

    await stage.update(synthesize({ App: app(2) }));

    const { resources, status } = stage.stacks.App ?? {};
    expect({ status, ...resources }).toMatchObject({ status: 'UPDATE_COMPLETE', Table, Queue, Machine });
    const { Item } = await dynamoDb.send(new GetItemCommand({ TableName: Table, Key }));
    expect(Item).toMatchObject({ kept: { BOOL: true } });
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: Queue }));
    expect(Messages).toMatchObject([{ Body: 'kept' }]);
    expect((await redshift.send(new DescribeStatementCommand({ Id }))).Status).toBe('STARTED');
    expect(await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).toMatchObject({
      Description: 'round 2',
    });
    stage.clock.advance(60_000);
    const ended = async () => (await sfn.send(new DescribeExecutionCommand({ executionArn }))).output;
    await expect.poll(ended).toBe('1');
    await expect.poll(async () => (await redshift.send(new DescribeStatementCommand({ Id }))).Status).toBe('FINISHED');
    expect((await redshift.send(new GetStatementResultCommand({ Id }))).Records).toEqual([[{ longValue: 1 }]]);
  });

  it('refuses an assembly of another account or region, and changes nothing', async () => {
    const before = stage.stacks;
    const other = synthesize({ App: app(3) }, 'aws://111111111111/us-east-1');
    await expect(stage.update(other)).rejects.toThrow(
      'the assembly is for account 111111111111 and region us-east-1; the stage plays 000000000000 and us-east-1',
    );
    expect(stage.stacks).toEqual(before);
  });

  it('takes one update after the other, each with the assembly as it is then', async () => {
    const Resources = (name: string) => ({ Resources: { [name]: { Type: 'AWS::SQS::Queue' } } });
    const first = stage.update(synthesize({ App: app(4), One: Resources('One') }));
    const second = stage.update(synthesize({ App: app(4), Two: Resources('Two') }));
    await Promise.all([first, second]);
    expect(Object.keys(stage.stacks)).toEqual(['App', 'Two']);
  });

  it('leaves other stacks alone where it is told to', async () => {
    await stage.update(synthesize({ Three: { Resources: { Three: { Type: 'AWS::SQS::Queue' } } } }), {
      keepOthers: true,
    });
    expect(Object.keys(stage.stacks)).toEqual(['App', 'Two', 'Three']);
  });
});

describe('LocalStage.deleteStack', () => {
  it('deletes what the stack holds, and leaves the others', async () => {
    const Jobs = { Resources: { Jobs: { Type: 'AWS::SQS::Queue' } } };
    await stage.update(synthesize({ App: app(5), Other: Jobs }));
    const QueueUrl = stage.stacks.Other?.resources.Jobs;
    await stage.deleteStack('Other');
    expect(Object.keys(stage.stacks)).toEqual(['App']);
    const sqs = new SQSClient(client());
    await expect(sqs.send(new ReceiveMessageCommand({ QueueUrl }))).rejects.toThrow(/does not exist/);
  });

  it('rejects for a stack that there is not', async () => {
    await expect(stage.deleteStack('Nobody')).rejects.toThrow('Stack with id Nobody does not exist');
  });

  it('leaves a protected table, and says which', async () => {
    await expect(stage.deleteStack('App')).rejects.toThrow(
      /The following resource\(s\) failed to delete: \[.*Table.*\]/,
    );
    expect(stage.stacks.App?.status).toBe('DELETE_FAILED');
  });
});
