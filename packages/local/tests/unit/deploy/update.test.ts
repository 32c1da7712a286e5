import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeploymentError } from '../../../src/deploy/deployment-error.ts';
import { RefusedAssemblyError } from '../../../src/deploy/refusals.ts';
import { callAsCloudFormation } from '../../../src/deploy/stage-parts.ts';
import { eventsOf, type RunningStacks, startStacks } from '../../helpers/stacks.ts';

let running: RunningStacks;

beforeEach(async () => {
  running = await startStacks();
});

afterEach(async () => {
  await running.close();
});

const queue = (properties: object = {}, more: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: properties,
  ...more,
});
const group = (properties: object = {}, more: object = {}) => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: properties,
  ...more,
});
/** Fails when it is made: what it names does not exist. */
const broken = { Type: 'AWS::Logs::LogGroup', Properties: { KmsKeyId: 'nowhere' } };

const table = (key: string, more: object = {}) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
    KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    ...more,
  },
});

const deploy = (Resources: object, more: object = {}) => running.deploy({ Stack: { Resources, ...more } });

const call = (service: 'sqs' | 'dynamodb', operation: string, input: Readonly<Record<string, unknown>> = {}) =>
  callAsCloudFormation(running.parts, service, operation, input) as Promise<Record<string, never>>;

const attributesOf = async (logicalId: string): Promise<Record<string, string>> => {
  const QueueUrl = running.stack().resources[logicalId];
  const { Attributes = {} } = await call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
  return Attributes;
};

const queueUrls = async (): Promise<readonly string[]> => (await call('sqs', 'ListQueues')).QueueUrls ?? [];

const tableNames = async (): Promise<readonly string[]> => (await call('dynamodb', 'ListTables')).TableNames ?? [];

describe('updating a stack', () => {
  it('changes in place what CloudFormation changes in place', async () => {
    await deploy({ Jobs: queue({ VisibilityTimeout: 60, DelaySeconds: 5 }) });
    const { Jobs } = running.stack().resources;
    await call('sqs', 'SendMessage', { QueueUrl: Jobs, MessageBody: 'kept', DelaySeconds: 0 });
    await deploy({ Jobs: queue({ VisibilityTimeout: 90 }) });
    expect(running.stack().resources.Jobs).toBe(Jobs);
    expect(await attributesOf('Jobs')).toMatchObject({ VisibilityTimeout: '90', DelaySeconds: '0' });
    const { Messages } = await call('sqs', 'ReceiveMessage', { QueueUrl: Jobs });
    expect(Messages).toMatchObject([{ Body: 'kept' }]);
  });

  it('makes a new resource before it deletes the one that it replaces, under another name', async () => {
    await deploy({ Rows: table('a') });
    const before = running.stack().resources.Rows;
    const start = running.stack().events.length;
    await deploy({ Rows: table('b') });
    const after = running.stack().resources.Rows;
    expect(after).not.toBe(before);
    expect(after).toMatch(/^Stack-Rows-[0-9A-F]{12}$/);
    expect(await tableNames()).toEqual([after]);
    const events = running.stack().events.slice(start);
    expect(events.map(({ status, physicalId }) => [status, physicalId])).toEqual([
      ['UPDATE_IN_PROGRESS', expect.stringContaining('stack/Stack/')],
      ['UPDATE_IN_PROGRESS', before],
      ['UPDATE_COMPLETE', after],
      ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', expect.stringContaining('stack/Stack/')],
      ['DELETE_IN_PROGRESS', before],
      ['DELETE_COMPLETE', before],
      ['UPDATE_COMPLETE', expect.stringContaining('stack/Stack/')],
    ]);
  });

  it('gives what is not asked for any more its default', async () => {
    const redrive = { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': 'Dead.Arn' }, maxReceiveCount: 3 } };
    const Dead = queue();
    const Key = { Type: 'AWS::KMS::Key', Properties: {} };
    const tags = { Tags: [{ Key: 'a', Value: '1' }] };
    await deploy({
      Dead,
      Key,
      Jobs: queue({ ...redrive, ...tags, KmsMasterKeyId: { Ref: 'Key' }, MaximumMessageSize: 2048 }),
    });
    await deploy({ Dead, Key, Jobs: queue() });
    const attributes = await attributesOf('Jobs');
    expect(attributes).toMatchObject({ MaximumMessageSize: '1048576' });
    expect(attributes.RedrivePolicy ?? '').toBe('');
    expect(attributes.KmsMasterKeyId ?? '').toBe('');
    expect((await call('sqs', 'ListQueueTags', { QueueUrl: running.stack().resources.Jobs })).Tags ?? {}).toEqual({});
  });

  it('changes the settings of a table, and keeps its rows', async () => {
    const settings = (more: object) => ({ Rows: table('a', more) });
    await deploy(
      settings({ TimeToLiveSpecification: { AttributeName: 'until', Enabled: true }, DeletionProtectionEnabled: true }),
    );
    const TableName = running.stack().resources.Rows;
    await call('dynamodb', 'PutItem', { TableName, Item: { a: { S: '1' } } });
    const throughput = { ReadCapacityUnits: 2, WriteCapacityUnits: 3 };
    await deploy(
      settings({
        BillingMode: 'PROVISIONED',
        ProvisionedThroughput: throughput,
        TimeToLiveSpecification: { AttributeName: 'end', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        Tags: [{ Key: 'a', Value: '1' }],
      }),
    );
    const { Table } = await call('dynamodb', 'DescribeTable', { TableName });
    expect(Table).toMatchObject({ DeletionProtectionEnabled: false, ProvisionedThroughput: throughput });
    expect(await call('dynamodb', 'Scan', { TableName })).toMatchObject({ Count: 1 });
    expect(await call('dynamodb', 'DescribeTimeToLive', { TableName })).toMatchObject({
      TimeToLiveDescription: { AttributeName: 'end' },
    });
  });

  it('remembers a policy that has changed alone', async () => {
    await deploy({ Jobs: queue() });
    const { Jobs } = running.stack().resources;
    await deploy({ Jobs: queue({}, { DeletionPolicy: 'Retain' }) });
    await deploy({});
    expect(await queueUrls()).toEqual([Jobs]);
  });

  it('leads a change on to what refers to the replaced resource, and to outputs', async () => {
    const template = (key: string) => ({
      Resources: { Rows: table(key), Logs: group({ LogGroupName: { Ref: 'Rows' } }) },
      Outputs: { Name: { Value: { Ref: 'Rows' } } },
    });
    await running.deploy({ Stack: template('a') });
    await running.deploy({ Stack: template('b') });
    const { outputs, resources } = running.stack();
    expect([outputs.Name, resources.Logs]).toEqual([resources.Rows, resources.Rows]);
    expect(running.parts.logs.hasLogGroup(resources.Rows as string)).toBe(true);
  });

  it('deletes what the template does not name any more, last needed first', async () => {
    const One = queue();
    const Two = queue({}, { DependsOn: 'One' });
    await deploy({ Kept: queue(), One, Two });
    const start = running.stack().events.length;
    await deploy({ Kept: queue() });
    expect(eventsOf(running.stack(), start)).toEqual([
      'Stack UPDATE_IN_PROGRESS',
      'Stack UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'Two DELETE_IN_PROGRESS',
      'Two DELETE_COMPLETE',
      'One DELETE_IN_PROGRESS',
      'One DELETE_COMPLETE',
      'Stack UPDATE_COMPLETE',
    ]);
    expect(await queueUrls()).toEqual([running.stack().resources.Kept]);
  });

  it('does nothing when nothing has changed', async () => {
    await deploy({ Jobs: queue() });
    const { length } = running.stack().events;
    await deploy({ Jobs: queue() });
    expect(running.stack().events).toHaveLength(length);
  });

  it('leaves in place what is to be retained, and gives its successor another name', async () => {
    const Jobs = queue({}, { DeletionPolicy: 'Retain' });
    await deploy({ Jobs });
    const { Jobs: retained } = running.stack().resources;
    await deploy({});
    expect(eventsOf(running.stack())).toContain('Jobs DELETE_SKIPPED');
    await deploy({ Jobs });
    expect(await queueUrls()).toEqual([retained, running.stack().resources.Jobs].sort());
  });

  it('leaves a replaced resource in place when the policy says so', async () => {
    await deploy({ Rows: table('a') });
    const { Rows } = running.stack().resources;
    await deploy({ Rows: { ...table('b'), UpdateReplacePolicy: 'Retain' } });
    expect(await tableNames()).toContain(Rows);
  });

  it('creates stacks that are new, and deletes those that are missing', async () => {
    await running.deploy({ One: { Resources: { Jobs: queue() } } });
    await running.deploy({ Two: { Resources: { Jobs: queue() } } });
    expect(Object.keys(running.stacks.all)).toEqual(['Two']);
    expect(await queueUrls()).toEqual([running.stack('Two').resources.Jobs]);
  });
});

describe('an update that fails', () => {
  const failing = async (Resources: object) => {
    const start = running.stack().events.length;
    const failed = deploy(Resources);
    await expect(failed).rejects.toThrow(DeploymentError);
    await expect(failed).rejects.toThrow('Stack/Broken (AWS::Logs::LogGroup): the KMS key nowhere does not exist');
    return eventsOf(running.stack(), start);
  };

  it('turns back what it changed, and deletes what it made', async () => {
    await deploy({ Jobs: queue({ VisibilityTimeout: 60 }), Rows: table('a') });
    const { resources } = running.stack();
    const events = await failing({
      Jobs: queue({ VisibilityTimeout: 90, DelaySeconds: 3 }),
      Rows: table('b'),
      New: queue(),
      Broken: { ...broken, DependsOn: ['Jobs', 'Rows', 'New'] },
    });
    expect(events.filter((event) => event.startsWith('Stack'))).toEqual([
      'Stack UPDATE_IN_PROGRESS',
      'Stack UPDATE_ROLLBACK_IN_PROGRESS',
      'Stack UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
      'Stack UPDATE_ROLLBACK_COMPLETE',
    ]);
    expect(running.stack()).toMatchObject({ resources, status: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(await attributesOf('Jobs')).toMatchObject({ VisibilityTimeout: '60', DelaySeconds: '0' });
    expect(await tableNames()).toEqual([resources.Rows]);
    expect(await queueUrls()).toEqual([resources.Jobs]);
  });

  it('turns back a table that could be changed only in part', async () => {
    const TimeToLiveSpecification = { AttributeName: 'until', Enabled: true };
    await deploy({ Rows: table('a', { TimeToLiveSpecification }) });
    const SSESpecification = { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: 'nowhere' };
    await expect(deploy({ Rows: table('a', { SSESpecification }) })).rejects.toThrow('Stack/Rows');
    expect(running.stack().status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await call('dynamodb', 'DescribeTimeToLive', { TableName: running.stack().resources.Rows })).toMatchObject({
      TimeToLiveDescription: { AttributeName: 'until' },
    });
  });

  it('deletes nothing that the template leaves out', async () => {
    await deploy({ Jobs: queue() });
    await failing({ Broken: broken });
    expect(await queueUrls()).toEqual([running.stack().resources.Jobs]);
  });

  it('does not keep the next one from succeeding', async () => {
    await deploy({ Jobs: queue() });
    await failing({ Jobs: queue(), Broken: broken });
    await deploy({ Jobs: queue({ VisibilityTimeout: 7 }) });
    expect(running.stack().status).toBe('UPDATE_COMPLETE');
    expect(await attributesOf('Jobs')).toMatchObject({ VisibilityTimeout: '7' });
  });

  it('leaves the stacks before it updated, and does not come to those after it', async () => {
    const Jobs = { Resources: { Jobs: queue() } };
    await running.deploy({ One: Jobs, Two: Jobs });
    const changed = { Resources: { Jobs: queue({ VisibilityTimeout: 9 }) } };
    await expect(
      running.deploy({ One: changed, Two: { Resources: { Broken: broken } }, Three: changed }),
    ).rejects.toThrow('Two/Broken');
    expect(Object.values(running.stacks.all).map(({ status }) => status)).toEqual([
      'UPDATE_COMPLETE',
      'UPDATE_ROLLBACK_COMPLETE',
    ]);
  });
});

describe('a creation that fails', () => {
  it('deletes what it made, and says so', async () => {
    await expect(deploy({ Jobs: queue(), Broken: { ...broken, DependsOn: 'Jobs' } })).rejects.toThrow(DeploymentError);
    expect(eventsOf(running.stack())).toEqual([
      'Stack CREATE_IN_PROGRESS',
      'Jobs CREATE_IN_PROGRESS',
      'Jobs CREATE_COMPLETE',
      'Broken CREATE_IN_PROGRESS',
      'Broken CREATE_FAILED',
      'Stack ROLLBACK_IN_PROGRESS',
      'Jobs DELETE_IN_PROGRESS',
      'Jobs DELETE_COMPLETE',
      'Stack ROLLBACK_COMPLETE',
    ]);
    expect(running.stack().events.at(4)?.reason).toBe('the KMS key nowhere does not exist');
    expect(await queueUrls()).toEqual([]);
  });

  it('leaves what is to be retained, unless that is meant for later only', async () => {
    const Broken = { ...broken, DependsOn: ['Kept', 'Gone'] };
    const Kept = queue({}, { DeletionPolicy: 'Retain' });
    const Gone = queue({}, { DeletionPolicy: 'RetainExceptOnCreate' });
    await expect(deploy({ Kept, Gone, Broken })).rejects.toThrow(DeploymentError);
    expect((await queueUrls()).map((url) => url.split('-')[1])).toEqual(['Kept']);
  });

  it('can be tried again', async () => {
    await expect(deploy({ Broken: broken })).rejects.toThrow(DeploymentError);
    await deploy({ Jobs: queue() });
    expect(running.stack().status).toBe('CREATE_COMPLETE');
  });
});

describe('a name that is taken by what outlived its stack', () => {
  const kept = { DeletionPolicy: 'Retain' };

  it.each([
    ['a queue', queue({ QueueName: 'jobs' }, kept)],
    ['a table', { ...table('a', { TableName: 'jobs' }), ...kept }],
    ['a log group', group({ LogGroupName: 'jobs' }, kept)],
    ['a bucket', { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'jobs' }, ...kept }],
  ])('fails the creation of %s, which is left as it is', async (_, It) => {
    await deploy({ It });
    await deploy({});
    await expect(deploy({ It })).rejects.toThrow(/Stack\/It .*exist/);
    await expect(deploy({ It })).rejects.toThrow(/Stack\/It .*exist/);
  });

  it('is free again when that was deleted', async () => {
    const It = queue({ QueueName: 'jobs' }, kept);
    await deploy({ It });
    const QueueUrl = running.stack().resources.It;
    await deploy({});
    await call('sqs', 'DeleteQueue', { QueueUrl });
    await deploy({ It });
    expect(running.stack().status).toBe('UPDATE_COMPLETE');
  });
});

describe('an update that is refused', () => {
  const refusal = async (before: object, after: object): Promise<string> => {
    await deploy(before);
    const { events, resources } = running.stack();
    const known = [...events];
    const refused = await deploy(after).then(
      () => 'accepted',
      (error: unknown) => (error instanceof RefusedAssemblyError ? error.message : String(error)),
    );
    expect(running.stack()).toMatchObject({ events: known, resources });
    return refused;
  };

  it('changes nothing', async () => {
    expect(
      await refusal({ Jobs: queue() }, { Jobs: queue({ VisibilityTimeout: 3 }), Topic: { Type: 'AWS::SNS::Topic' } }),
    ).toBe('Stack/Topic (AWS::SNS::Topic): resource type is not supported');
  });

  it('names the resource whose name is in the way of its replacement', async () => {
    expect(
      await refusal({ Rows: table('a', { TableName: 'rows' }) }, { Rows: table('b', { TableName: 'rows' }) }),
    ).toBe(
      'Stack/Rows (AWS::DynamoDB::Table): CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename rows and update the stack again.',
    );
  });

  it('names the resource that would take the name of another', async () => {
    expect(await refusal({ One: queue({ QueueName: 'jobs' }) }, { Two: queue({ QueueName: 'jobs' }) })).toMatch(
      /^Stack\/Two \(AWS::SQS::Queue\): http:.*\/jobs already exists$/,
    );
  });

  it('names the resource that would become of another type', async () => {
    expect(await refusal({ It: queue() }, { It: group() })).toBe(
      'Stack/It (AWS::Logs::LogGroup): was AWS::SQS::Queue: the type of a resource cannot be changed',
    );
  });

  it('names the table whose indexes would change', async () => {
    const indexed = {
      AttributeDefinitions: [
        { AttributeName: 'a', AttributeType: 'S' },
        { AttributeName: 'b', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byB',
          KeySchema: [{ AttributeName: 'b', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    };
    expect(await refusal({ Rows: table('a') }, { Rows: table('a', indexed) })).toMatch(
      /Rows .*: property GlobalSecondaryIndexes cannot be changed on the stage/,
    );
  });

  it('names the stack that uses an export which would change', async () => {
    const exporting = (VisibilityTimeout: number, Name: string) => ({
      Resources: { Jobs: queue({ VisibilityTimeout }) },
      Outputs: { Jobs: { Value: { 'Fn::GetAtt': 'Jobs.Arn' }, Export: { Name } } },
    });
    const importing = {
      Resources: {
        Logs: group({ LogGroupName: { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::ImportValue': 'jobs' }] }] } }),
      },
    };
    await running.deploy({ One: exporting(1, 'jobs'), Two: importing });
    await running.deploy({ One: exporting(2, 'jobs'), Two: importing });
    await expect(running.deploy({ One: exporting(2, 'tasks'), Two: { Resources: { Logs: group() } } })).rejects.toThrow(
      'One: Cannot delete export jobs as it is in use by Two',
    );
  });
});

describe('the code of a function', () => {
  const code = (round: number) => `export const handler = async () => ${round};`;

  const template = (S3Key: string, more: object = {}) => ({
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
          },
        },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: { S3Bucket: 'assets', S3Key },
          Handler: 'index.handler',
          Runtime: 'nodejs24.x',
          Role: { 'Fn::GetAtt': 'Role.Arn' },
        },
      },
      ...more,
    },
  });

  const invoked = async (): Promise<unknown> => {
    const { Payload } = (await running.gateway.call({
      caller: { type: 'administrator', arn: 'test' },
      service: 'lambda',
      operation: 'Invoke',
      input: { FunctionName: running.stack().resources.Function },
    })) as { Payload: string };
    return JSON.parse(Payload);
  };

  it('is the old one again after an update that failed, though its assembly is gone', async () => {
    await running.deploy({ Stack: template('one.zip') }, { 'one.zip': code(1) });
    running.forgetAssemblies();
    const next = template('two.zip', { Broken: { ...broken, DependsOn: 'Function' } });
    await expect(running.deploy({ Stack: next }, { 'two.zip': code(2) })).rejects.toThrow('nowhere');
    expect(running.stack().status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await invoked()).toBe(1);
  });

  it('is the new one after an update', async () => {
    await running.deploy({ Stack: template('one.zip') }, { 'one.zip': code(1) });
    await running.deploy({ Stack: template('two.zip') }, { 'two.zip': code(2) });
    expect(await invoked()).toBe(2);
  });
});
