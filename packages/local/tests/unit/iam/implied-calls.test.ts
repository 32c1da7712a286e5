import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StageClock } from '../../../src/common/clock.ts';
import { iamReport } from '../../../src/iam/iam-report.ts';
import { permissionsFor } from '../../../src/redshift-data/permissions.ts';
import { SessionStore } from '../../../src/redshift-data/sessions/session-store.ts';
import { StatementStore } from '../../../src/redshift-data/statement-store.ts';
import { Warehouses } from '../../../src/redshift-data/warehouses.ts';
import { Secrets } from '../../../src/services/secrets.ts';
import { AuthorizerStage, allow, type Statement } from '../../helpers/authorizer.ts';
import { account, addRole } from '../../helpers/gateway.ts';
import { type LambdaStage, startLambdaStage } from '../../helpers/lambda.ts';
import { queuesOf } from '../../helpers/queues.ts';

/** Calls that AWS makes with a role's rights on the side: each is refused when its one permission is taken away. */

describe('Lambda, with the rights of the role of a function, needs', () => {
  let stage: LambdaStage;
  let queues: ReturnType<typeof queuesOf>;
  beforeEach(async () => {
    stage = await startLambdaStage();
    queues = queuesOf(stage);
    await queues.create('q', { KmsMasterKeyId: stage.keys.create().arn });
    await queues.create('dead', { KmsMasterKeyId: stage.keys.create().arn });
  });
  afterEach(async () => {
    queues.sqs.destroy();
    await stage.close();
  });

  const put = (roleArn: string) => {
    stage.put('export const handler = async () => { throw new Error("no"); };', {
      roleArn,
      deadLetterArn: queues.arnOf('dead'),
    });
    stage.lambda.putEventInvokeConfig({ name: 'f', qualifier: undefined }, { maximumRetryAttempts: 0 });
  };
  const invoke = (InvocationType: string) =>
    stage.gateway.call({
      caller: { type: 'administrator', arn: 'test' },
      service: 'lambda',
      operation: 'Invoke',
      input: { FunctionName: 'f', InvocationType },
    });
  const poll = async (): Promise<void> => {
    await queues.sqs.send(new SendMessageCommand({ QueueUrl: queues.urlOf('q'), MessageBody: 'x' }));
    const mapping = { id: 'm', functionName: 'f', queueArn: queues.arnOf('q'), batchSize: 10, maximumConcurrency: 2 };
    await stage.lambda.createEventSourceMapping({ ...mapping, reportsItemFailures: false }).catch(() => undefined);
  };
  /** Resolves with the first call that is refused for its caller's rights. */
  const firstRefusal = () =>
    new Promise<void>((resolve) => {
      stage.gateway.calls.onCall(({ outcome }) => /AccessDenied/.test(outcome) && resolve());
    });

  it.each([
    ['logs:CreateLogGroup', () => invoke('RequestResponse'), 'logs:CreateLogGroup'],
    ['logs:CreateLogStream', () => invoke('RequestResponse'), 'logs:CreateLogStream'],
    ['logs:PutLogEvents', () => invoke('RequestResponse'), 'logs:PutLogEvents'],
    ['sqs:SendMessage', () => invoke('Event'), 'sqs:SendMessage'],
    ['kms:GenerateDataKey', () => invoke('Event'), 'sqs:SendMessage'],
    ['sqs:GetQueueAttributes', poll, 'sqs:GetQueueAttributes'],
    ['sqs:ReceiveMessage', poll, 'sqs:ReceiveMessage'],
    ['kms:Decrypt', poll, 'sqs:ReceiveMessage'],
  ])('%s', async (action, act, operation) => {
    // Prepare
    put(addRole(stage, 'weak', { Effect: 'Allow', NotAction: action, Resource: '*' }));
    const refused = firstRefusal();

    // Act
    await act();
    await refused;

    // Assess
    const [role] = iamReport(stage.identities).roles;
    expect(role?.denied).toMatchObject([{ operation, action, reason: 'identity-based: implicitDeny' }]);
  });
});

describe('The Data API, for who runs a statement, needs', () => {
  const KEY = `arn:aws:kms:${account.region}:${account.accountId}:key/warehouse`;
  const VIA_REDSHIFT = { StringEquals: { 'kms:ViaService': `redshift.${account.region}.amazonaws.com` } };
  let stage: AuthorizerStage;
  beforeEach(() => {
    stage = new AuthorizerStage();
    const Statement = allow('kms:*', '*', { Principal: { AWS: account.accountId } });
    for (const key of [KEY, SECRET_KEY]) stage.resourcePolicies[key] = { Version: '2012-10-17', Statement };
  });
  afterEach(() => stage.close());

  const warehouses = new Warehouses();
  warehouses.add({ kind: 'cluster', name: 'c1' }, { keyArn: KEY });
  warehouses.putNamespace('n', KEY);
  warehouses.add({ kind: 'workgroup', name: 'wg1' }, { namespace: 'n' });
  warehouses.add({ kind: 'cluster', name: 'plain' });
  const CLUSTER = { ClusterIdentifier: 'c1', DbUser: 'etl' };
  const SECRET_KEY = KEY.replace('warehouse', 'secret');
  const secrets = new Secrets({ account, clock: { now: () => 0 } as StageClock });
  secrets.put('login', { value: '{}', keyArn: SECRET_KEY });

  const execute = (operation: string, target: Record<string, string>, ...statements: readonly Statement[]): string => {
    const caller = stage.role(statements);
    const input = { Database: 'dev', Sql: 'select 1', Sqls: ['select 1'], ...target };
    const call = { service: 'redshift-data', operation, input, caller, requestId: 'r' } as const;
    const sessions = new SessionStore({ clock: stage.clock, cancel: () => undefined });
    const deps = { account, warehouses, secrets, store: new StatementStore(stage.clock), sessions };
    return stage.ask(caller, permissionsFor(call, deps), { service: 'redshift-data' });
  };

  it.each([
    ['ExecuteStatement', CLUSTER],
    ['BatchExecuteStatement', CLUSTER],
    ['ExecuteStatement', { WorkgroupName: 'wg1' }],
  ])('the key of the warehouse: %s on %j', (operation, target) => {
    // Act
    const answers = [
      execute(operation, target, { Effect: 'Allow', NotAction: 'kms:CreateGrant', Resource: '*' }),
      execute(operation, target, { Effect: 'Allow', NotAction: 'kms:DescribeKey', Resource: '*' }),
      execute(
        operation,
        target,
        { Effect: 'Allow', NotAction: 'kms:*', Resource: '*' },
        allow(['kms:CreateGrant', 'kms:DescribeKey'], KEY, { Condition: VIA_REDSHIFT }),
      ),
    ];

    // Assess
    expect(answers).toEqual([
      expect.stringContaining(`kms:CreateGrant on resource: ${KEY} because no identity-based policy`),
      expect.stringContaining(`kms:DescribeKey on resource: ${KEY} because no identity-based policy`),
      'ok',
    ]);
  });

  it('with a secret no credentials, and the key of the secret through Secrets Manager only', () => {
    const target = { ClusterIdentifier: 'plain', SecretArn: 'login' };
    const arn = secrets.find('login')?.arn ?? '';
    const condition = (context: object) => ({ Condition: { StringEquals: context } });
    const decrypt = (context: object) => allow('kms:Decrypt', SECRET_KEY, condition(context));
    const needed = [
      allow('redshift-data:ExecuteStatement', '*'),
      allow('secretsmanager:GetSecretValue', arn, condition({ 'secretsmanager:SecretId': arn })),
    ];
    const through = { 'kms:ViaService': `secretsmanager.${account.region}.amazonaws.com` };

    expect(
      execute('ExecuteStatement', target, ...needed, decrypt({ ...through, 'kms:EncryptionContext:SecretARN': arn })),
    ).toBe('ok');
    expect(
      execute('ExecuteStatement', target, ...needed, decrypt({ 'kms:EncryptionContext:SecretARN': 'another' })),
    ).toContain('kms:Decrypt');
  });

  it('no key where the warehouse has none of the customer', () => {
    const target = { ...CLUSTER, ClusterIdentifier: 'plain' };
    expect(execute('ExecuteStatement', target, { Effect: 'Allow', NotAction: 'kms:*', Resource: '*' })).toBe('ok');
  });

  it.each([
    ['redshift-data:ExecuteStatement', CLUSTER],
    ['redshift:GetClusterCredentials', CLUSTER],
    ['redshift:GetClusterCredentialsWithIAM', { ClusterIdentifier: 'c1' }],
    ['redshift-serverless:GetCredentials', { WorkgroupName: 'wg1' }],
    ['secretsmanager:GetSecretValue', { ClusterIdentifier: 'plain', SecretArn: 'login' }],
    ['secretsmanager:GetSecretValue', { ClusterIdentifier: 'plain', SecretArn: 'none' }],
    ['kms:Decrypt', { ClusterIdentifier: 'plain', SecretArn: 'login' }],
  ])('%s', (action, target) => {
    const answer = execute('ExecuteStatement', target, { Effect: 'Allow', NotAction: action, Resource: '*' });
    expect(answer).toContain(`is not authorized to perform: ${action} on resource`);
  });
});
