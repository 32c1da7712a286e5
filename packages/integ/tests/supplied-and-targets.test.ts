import { InvokeCommand } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { CfnOutput, Duration, type Stack } from 'aws-cdk-lib';
import { AttributeType, type ITable, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import {
  type ITaskerTarget,
  RedshiftTarget,
  type SfnRedshiftTasker,
  type SfnRedshiftTaskerProps,
} from 'sfn-redshift-tasker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callbackTask } from '../scenarios/sql-task.ts';
import { ended, eventually, run, start } from './helpers/execution.ts';
import { allClosed, itemOf, noted } from './helpers/items.ts';
import { type Machines, startTestStage, type TestStage } from './helpers/test-stage.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What can be supplied, each part under a key of its own where it can have one. */
const supplied = (stack: Stack): Partial<SfnRedshiftTaskerProps> => {
  const key = (id: string) => new Key(stack, id);
  const queue = (id: string, more: object = {}) =>
    new Queue(stack, id, {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key(`${id}Key`),
      enforceSSL: true,
      ...more,
    });
  const handler = (id: string) => ({
    role: new Role(stack, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
    logGroup: new LogGroup(stack, `${id}Logs`),
    environment: { POWERTOOLS_LOG_LEVEL: 'DEBUG' },
  });
  const deadLetterQueue = { queue: queue('Undone'), maxReceiveCount: 5 };
  return {
    encryptionKey: key('OwnKey'),
    table: rows(stack, key('RowsKey')),
    completionQueue: queue('Completions', { visibilityTimeout: Duration.minutes(3), deadLetterQueue }),
    invokerDeadLetterQueue: queue('Uninvoked'),
    ruleDeadLetterQueue: queue('Undelivered'),
    invoker: handler('Starting'),
    completer: handler('Ending'),
    sweep: { ...handler('Looking'), interval: Duration.hours(1) },
    // Nothing comes of it on the stage but that the template is accepted.
    vpc: Vpc.fromVpcAttributes(stack, 'Network', {
      vpcId: 'vpc-1',
      availabilityZones: ['us-east-1a'],
      privateSubnetIds: ['subnet-1'],
      privateSubnetRouteTableIds: ['rtb-1'],
    }),
    securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Outward', 'sg-1')],
  };
};

const rows = (stack: Stack, encryptionKey: Key): ITable => {
  const table = new Table(stack, 'Rows', {
    partitionKey: { name: 'owner', type: AttributeType.STRING },
    sortKey: { name: 'invocationKey', type: AttributeType.STRING },
    timeToLiveAttribute: 'expiresAt',
    encryptionKey,
  });
  const sortKey = { name: 'startedAt', type: AttributeType.NUMBER };
  table.addLocalSecondaryIndex({ indexName: 'byStartedAt', sortKey });
  table.addGlobalSecondaryIndex({
    indexName: 'byOpen',
    partitionKey: { name: 'open', type: AttributeType.STRING },
    sortKey,
    projectionType: ProjectionType.KEYS_ONLY,
  });
  return table as ITable;
};

const TARGETS = new WeakMap<SfnRedshiftTasker, ITaskerTarget>();

/** The second target of the tasker: the same database, entered as a user who was granted nothing. */
const reportsOf = (tasker: SfnRedshiftTasker): ITaskerTarget => {
  const target =
    TARGETS.get(tasker) ??
    tasker.addTarget(
      'reports',
      RedshiftTarget.cluster({ clusterIdentifier: 'c1', database: 'dev', dbUser: 'reports' }),
    );
  TARGETS.set(tasker, target);
  return target;
};

let hasReports = true;

const machines: Machines = {
  Etl: (scope, tasker) => callbackTask(scope, 'AsEtl', tasker, {}),
  Reports: (scope, tasker) => {
    if (!hasReports) return callbackTask(scope, 'AsReports', tasker, {});
    const reports = reportsOf(tasker);
    new CfnOutput(scope, 'ReportsInvokerName', { value: reports.invoker.functionName });
    new CfnOutput(scope, 'UninvokedUrl', { value: tasker.invokerDeadLetterQueue.queueUrl });
    return callbackTask(scope, 'AsReports', reports, {});
  },
};

describe('a tasker that is given all its parts, and a second target under another database user', () => {
  let test: TestStage;

  beforeAll(async () => {
    test = await startTestStage(machines, supplied);
  });

  afterAll(() => test?.close());

  const asEtl = (sql: string) => run(test.sfn, test.outputs.EtlArn, { sql });
  const asReports = (sql: string) => run(test.sfn, test.outputs.ReportsArn, { sql });
  const messageOf = (cause: string | undefined) => (JSON.parse(cause ?? '{}') as { message: string }).message;

  it('runs statements of both, each as its own user', async () => {
    const made = await asEtl('create table secrets as select 7 as secret');
    const denied = await asReports('select secret from secrets');
    const allowed = await asReports('select 1');

    expect([made.status, allowed.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    expect(denied.error).toBe('FAILED');
    expect(messageOf(denied.cause)).toContain('permission denied for table secrets');
    const rowsOf = await Promise.all([made, denied].map(({ executionArn }) => itemOf(test, executionArn)));
    expect(rowsOf.map((row) => row?.targetId?.S)).toEqual(['default', 'reports']);
  });

  it('tells by the sweep what no event has told, of the second one, too', async () => {
    const lost = test.stage.faults.add({ on: 'event', pattern: { source: ['aws.redshift-data'] }, do: 'drop' });
    const executionArn = await start(test.sfn, test.outputs.ReportsArn, { sql: 'select 1 / 0' });
    await lost.hasHit();
    await noted(test, executionArn);
    test.stage.faults.clear();
    await test.stage.functionsAtRest();

    test.stage.clock.advance(HOUR);

    const { error, cause } = await ended(test.sfn, executionArn);
    expect(error).toBe('FAILED');
    expect(messageOf(cause)).toMatch(/divi/i);
  });

  it('keeps a failed asynchronous invocation of the second one in the queue that it was given', async () => {
    const request = { FunctionName: test.outputs.ReportsInvokerName, InvocationType: 'Event' } as const;
    await test.lambda.send(new InvokeCommand({ ...request, Payload: JSON.stringify({ action: 'fly' }) }));
    const body = await eventually(async () => {
      await test.stage.functionsAtRest();
      test.stage.clock.advance(MINUTE);
      const { Messages } = await test.sqs.send(new ReceiveMessageCommand({ QueueUrl: test.outputs.UninvokedUrl }));
      return Messages?.[0]?.Body;
    });

    expect(JSON.parse(body)).toEqual({ action: 'fly' });
  });

  it('was denied no call', async () => {
    await allClosed(test);
    expect(test.stage.iamReport().roles.flatMap(({ denied }) => denied)).toEqual([]);
  });

  it('tells what a target has started that is removed, though not why it failed, nor what no event has told', async () => {
    const runs = (sql: string, error?: string) => {
      test.stage.redshift.script({ sql, durationMs: HOUR, ...(error && { error }) });
      return start(test.sfn, test.outputs.ReportsArn, { sql });
    };
    const executions = await Promise.all([runs('select 3'), runs('select 4', 'disk full'), runs('select 5')]);
    const statements = await Promise.all(executions.map((arn) => noted(test, arn)));
    hasReports = false;
    await test.update(supplied);
    await test.stage.functionsAtRest();
    const detail = { statementId: [statements[2]?.statementId?.S ?? ''] };
    const lost = test.stage.faults.add({ on: 'event', pattern: { source: ['aws.redshift-data'], detail }, do: 'drop' });

    test.stage.clock.advance(HOUR);

    await lost.hasHit();
    const [done, failed] = await Promise.all(executions.slice(0, 2).map((arn) => ended(test.sfn, arn)));
    expect(done?.status).toBe('SUCCEEDED');
    expect(failed?.error).toBe('FAILED');
    expect(failed?.cause).not.toContain('disk full');

    await test.stage.functionsAtRest();
    test.stage.clock.advance(24 * HOUR);

    const unheard = await ended(test.sfn, executions[2] ?? '');
    expect(unheard.error).toBe('StatementUnknown');
  });
});
