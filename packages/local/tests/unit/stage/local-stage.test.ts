import { createServer } from 'node:net';
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeStatementCommand, ExecuteStatementCommand, RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeStateMachineCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Metric } from '../../../src/metrics/metrics.ts';
import { LocalStage } from '../../../src/stage.ts';
import { type TemporaryDirectory, temporaryDirectory, writeAssembly } from '../../helpers/assembly.ts';
import { leftBehind } from '../../helpers/left-behind.ts';
import { FUNCTION_CODE, FUNCTION_KEY, smallApp } from '../../helpers/small-app.ts';

const TMPDIR = process.env.TMPDIR;

let directory: TemporaryDirectory;
let temporary: TemporaryDirectory;

/** The stage's own temporary files go to a directory that nothing else uses, so that what is left can be seen. */
beforeAll(() => {
  directory = temporaryDirectory();
  temporary = temporaryDirectory();
  writeAssembly(directory.path, { SmallApp: smallApp }, { assets: { [FUNCTION_KEY]: FUNCTION_CODE } });
  process.env.TMPDIR = temporary.path;
});

afterAll(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  directory.remove();
  temporary.remove();
});

/** This process has the directory in its environment too. */
const left = () => leftBehind(temporary.path).filter((line) => !line.includes('vitest'));

const clientOf = ({ endpoint, region }: LocalStage) => ({
  endpoint,
  region,
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
});

describe('LocalStage', () => {
  let stage: LocalStage;
  let outputs: Readonly<Record<string, string>>;
  let resources: Readonly<Record<string, string>>;

  beforeAll(async () => {
    stage = await LocalStage.deploy(directory.path);
    const stack = stage.stacks.SmallApp;
    outputs = stack?.outputs as Record<string, string>;
    resources = stack?.resources ?? {};
  });

  afterAll(async () => {
    await stage?.close();
    expect(left()).toEqual([]);
  });

  it('plays account 000000000000 and region us-east-1 where the assembly names none', () => {
    expect({ accountId: stage.accountId, region: stage.region }).toEqual({
      accountId: '000000000000',
      region: 'us-east-1',
    });
  });

  it('gives outputs and physical ids as CloudFormation does', () => {
    expect(outputs).toEqual({
      QueueUrl: resources.Queue,
      QueueArn: `arn:aws:sqs:us-east-1:000000000000:${resources.Queue?.split('/').at(-1)}`,
      Machine: resources.Machine,
    });
    expect(Object.keys(resources).sort()).toEqual(Object.keys(smallApp.Resources).sort());
    expect(resources.Queue).toMatch(`${stage.endpoint}/000000000000/SmallApp-Queue-`);
  });

  it('makes the table with its keys, its encryption and its time to live', async () => {
    const client = new DynamoDBClient(clientOf(stage));
    const { Table } = await client.send(new DescribeTableCommand({ TableName: resources.Table }));
    const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: resources.Table }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: `arn:aws:dynamodb:us-east-1:000000000000:table/${resources.Table}`,
      KeySchema: [{ AttributeName: 'pk' }, { AttributeName: 'sk' }],
      SSEDescription: { KMSMasterKeyArn: expect.stringContaining(resources.Key ?? 'no key') },
    });
    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
  });

  it('makes the queue with its attributes, its policy and its dead-letter queue', async () => {
    const command = new GetQueueAttributesCommand({ QueueUrl: outputs.QueueUrl, AttributeNames: ['All'] });
    const { Attributes } = await new SQSClient(clientOf(stage)).send(command);
    expect(Attributes).toMatchObject({ QueueArn: outputs.QueueArn, VisibilityTimeout: '60' });
    expect(JSON.parse(Attributes?.RedrivePolicy ?? '')).toEqual({
      deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${resources.DeadLetters?.split('/').at(-1)}`,
      maxReceiveCount: 3,
    });
    expect(JSON.parse(Attributes?.Policy ?? '')).toMatchObject({ Statement: [{ Resource: outputs.QueueArn }] });
  });

  it('makes key, alias and bucket', async () => {
    const { KeyMetadata } = await new KMSClient(clientOf(stage)).send(
      new DescribeKeyCommand({ KeyId: 'alias/small-app' }),
    );
    const { Buckets } = await new S3Client(clientOf(stage)).send(new ListBucketsCommand());
    expect(KeyMetadata?.KeyId).toBe(resources.Key);
    expect(Buckets?.map(({ Name }) => Name)).toEqual([resources.Bucket]);
  });

  it('runs the function from its asset, with its environment', async () => {
    const client = new LambdaClient(clientOf(stage));
    const FunctionName = resources.Function;
    const { Payload } = await client.send(new InvokeCommand({ FunctionName, Payload: '{"name":"you"}' }));
    const { LoggingConfig } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(JSON.parse(Payload?.transformToString() ?? '')).toEqual({
      greeting: 'hello you',
      table: resources.Table,
    });
    expect(LoggingConfig?.LogGroup).toBe(resources.LogGroup);
  });

  it('substitutes in the definition of the state machine', async () => {
    const { definition } = await new SFNClient(clientOf(stage)).send(
      new DescribeStateMachineCommand({ stateMachineArn: outputs.Machine }),
    );
    expect(JSON.parse(definition ?? '')).toMatchObject({
      States: {
        Greet: {
          Parameters: { FunctionName: `arn:aws:lambda:us-east-1:000000000000:function:${resources.Function}` },
        },
      },
    });
  });

  it('carries an execution through the function, and its end through the rule to the queue', async () => {
    const sfn = new SFNClient(clientOf(stage));
    const { executionArn } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn: outputs.Machine, input: '{"name":"you"}' }),
    );
    const { Messages } = await new SQSClient(clientOf(stage)).send(
      new ReceiveMessageCommand({ QueueUrl: outputs.QueueUrl, WaitTimeSeconds: 20 }),
    );
    expect(JSON.parse(Messages?.[0]?.Body ?? '')).toMatchObject({
      source: 'aws.states',
      detail: { executionArn, status: 'SUCCEEDED', output: expect.stringContaining('hello you') as string },
    });
  });

  it('reports what its roles were granted and needed, to programs and over HTTP', async () => {
    // Act
    const report = stage.iamReport();
    const overHttp = await (await fetch(`${stage.endpoint}/_stage/iam`)).json();

    // Assess
    const roles = report.roles.map(({ statements, denied }) => ({ statements, denied }));
    expect(roles).toMatchObject([
      { denied: [], statements: [{ used: true, unusedActions: [] }] },
      { denied: [], statements: [{ used: true, deniedWithout: [{ operation: 'lambda:Invoke', count: 1 }] }] },
    ]);
    expect(overHttp).toEqual(report);
  });

  it('counts what its functions do, for programs, over HTTP and for clients of CloudWatch', async () => {
    // Prepare
    const FunctionName = resources.Function ?? '';
    const lambda = new LambdaClient(clientOf(stage));
    const cloudWatch = new CloudWatchClient(clientOf(stage));
    const before = stage.metrics.sum('AWS/Lambda', 'Invocations', { FunctionName });

    // Act
    await lambda.send(new InvokeCommand({ FunctionName, Payload: '{}' }));
    const url = `${stage.endpoint}/_stage/metrics?namespace=AWS/Lambda&name=Invocations`;
    const listed = (await (await fetch(url)).json()) as { metrics: readonly Metric[] };
    const { Metrics: found = [] } = await cloudWatch.send(new ListMetricsCommand({ MetricName: 'Invocations' }));
    for (const client of [lambda, cloudWatch]) client.destroy();

    // Assess
    expect(stage.metrics.sum('AWS/Lambda', 'Invocations', { FunctionName })).toBe(before + 1);
    expect(listed.metrics).toContainEqual(
      expect.objectContaining({ dimensions: { FunctionName }, sum: before + 1, unit: 'Count' }),
    );
    expect(found).toContainEqual(
      expect.objectContaining({ Dimensions: [{ Name: 'FunctionName', Value: FunctionName }] }),
    );
  });

  it('knows the warehouse of the template and no other', async () => {
    const client = new RedshiftDataClient(clientOf(stage));
    const execute = (ClusterIdentifier: string) =>
      client.send(new ExecuteStatementCommand({ ClusterIdentifier, Database: 'dev', DbUser: 'u', Sql: 'select 1' }));
    await expect(execute('c1')).resolves.toMatchObject({ ClusterIdentifier: 'c1' });
    await expect(execute('c2')).rejects.toThrow();
  });

  it('lets a test script what becomes of a statement', async () => {
    // Prepare
    const script = stage.redshift.script({ sql: 'call scripted()', like: 'diskFull' });
    const client = new RedshiftDataClient(clientOf(stage));
    const target = { ClusterIdentifier: 'c1', Database: 'dev', DbUser: 'u' };

    // Act
    const { Id } = await client.send(
      new ExecuteStatementCommand({ ...target, Sql: 'call scripted()', WaitTimeSeconds: 20 }),
    );
    const described = await client.send(new DescribeStatementCommand({ Id }));
    stage.redshift.clearScripts();
    const left = await (await fetch(`${stage.endpoint}/_stage/redshift/scripts`)).json();

    // Assess
    expect(described).toMatchObject({ Status: 'FAILED', Error: expect.stringContaining('Disk Full') as string });
    expect(script.used).toBe(1);
    expect(left).toEqual({ scripts: [] });
  });

  it('records who called what', () => {
    expect(stage.calls.counts().get('dynamodb:CreateTable')).toBe(1);
    const created = stage.calls.entries().find(({ operation }) => operation === 'CreateTable');
    expect(created?.caller.arn).toBe('cloudformation.amazonaws.com');
  });

  it('does not meet another stage of the same assembly', async () => {
    const other = await LocalStage.deploy(directory.path, { postgres: stage.postgres });
    try {
      expect(other.endpoint).not.toBe(stage.endpoint);
      const client = new SQSClient(clientOf(other));
      await client.send(new GetQueueAttributesCommand({ QueueUrl: other.stacks.SmallApp?.resources.Queue }));
    } finally {
      await other.close();
    }
    const { Table } = await new DynamoDBClient(clientOf(stage)).send(
      new DescribeTableCommand({ TableName: resources.Table }),
    );
    expect(Table?.TableStatus).toBe('ACTIVE');
  });
});

describe('LocalStage.deploy', () => {
  let failing: TemporaryDirectory;

  afterEach(() => {
    failing?.remove();
    expect(left()).toEqual([]);
  });

  const deployed = (template: object, environment?: string) => {
    failing = temporaryDirectory();
    writeAssembly(failing.path, { Stack: template }, environment === undefined ? {} : { environment });
    return failing.path;
  };

  it('rejects a directory that is no assembly', async () => {
    await expect(LocalStage.deploy('/nowhere/cdk.out')).rejects.toMatchObject({ name: 'AssemblyError' });
  });

  it('rejects what it does not know before it starts anything', async () => {
    const assembly = deployed({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
    // A server that does not answer would be noticed, if it were asked.
    const refused = LocalStage.deploy(assembly, { postgres: 'postgres://nobody@127.0.0.1:1/none' });
    await expect(refused).rejects.toMatchObject({
      name: 'RefusedAssemblyError',
      message: 'Stack/Topic (AWS::SNS::Topic): resource type is not supported',
    });
  });

  it('names the resource that could not be made, and leaves nothing', async () => {
    const Mapping = {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: 'nobody', EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:none' },
    };
    await expect(LocalStage.deploy(deployed({ Resources: { Mapping } }))).rejects.toMatchObject({
      name: 'DeploymentError',
      message: expect.stringContaining('Stack/Mapping (AWS::Lambda::EventSourceMapping): ') as string,
    });
  });

  it('rejects when PostgreSQL does not answer', async () => {
    const refused = LocalStage.deploy(directory.path, { postgres: 'postgres://nobody:pw@127.0.0.1:1/none' });
    await expect(refused).rejects.toThrow('No PostgreSQL answers at postgres://nobody@127.0.0.1:1/none');
  });

  it('rejects when the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await expect(LocalStage.deploy(directory.path, { port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is in use`);
    server.close();
  });

  it('gives up when aborted, with the reason of the signal', async () => {
    const abort = new AbortController();
    const deployment = LocalStage.deploy(directory.path, { signal: abort.signal });
    abort.abort(new Error('changed my mind'));
    await expect(deployment).rejects.toThrow('changed my mind');
  });

  it('plays the account and region that the assembly names', async () => {
    const assembly = deployed(
      { Resources: { Key: { Type: 'AWS::KMS::Key' } }, Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Key', 'Arn'] } } } },
      'aws://123456789012/cn-north-1',
    );
    const stage = await LocalStage.deploy(assembly);
    await stage.close();
    expect(stage.stacks.Stack?.outputs.Arn).toMatch(/^arn:aws-cn:kms:cn-north-1:123456789012:key\//);
  });
});
