import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  GetStatementResultCommand,
  ListStatementsCommand,
  ListTablesCommand,
} from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRole, sessionOf } from '../../helpers/gateway.ts';
import { startRedshift, type TestRedshift } from '../../helpers/redshift.ts';

const ON_CLUSTER = { ClusterIdentifier: 'c1', Database: 'dev' };
const LOGIN = { username: 'reporter', password: 'swordfish' };

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshift();
  put('login', LOGIN);
});
afterAll(() => redshift.close());

const put = (name: string, value: object | string) =>
  redshift.secrets.put(name, { value: typeof value === 'string' ? value : JSON.stringify(value), keyArn: undefined });

const arnOf = (name: string): string => redshift.secrets.find(name)?.arn ?? '';

const userOf = async (target: Partial<ExecuteStatementCommandInput>): Promise<unknown> => {
  const Sql = 'select current_user';
  const command = new ExecuteStatementCommand({ Database: 'dev', ...target, Sql, WithEvent: true });
  const { Id = '' } = await redshift.client.send(command);
  await redshift.events.ended(Id);
  return (await redshift.client.send(new GetStatementResultCommand({ Id }))).Records?.[0]?.[0]?.stringValue;
};

describe('A statement with a secret', () => {
  it('runs as the user of the secret, on clusters and workgroups, by name, ARN or its beginning', async () => {
    const names = ['login', arnOf('login'), arnOf('login').slice(0, -7)];
    expect(await Promise.all(names.map((SecretArn) => userOf({ ...ON_CLUSTER, SecretArn })))).toEqual(
      names.map(() => 'reporter'),
    );
    expect(await userOf({ WorkgroupName: 'wg1', SecretArn: 'login' })).toBe('reporter');
  });

  it('is answered, described and listed with it', async () => {
    const asked = { ...ON_CLUSTER, SecretArn: 'login' };
    const { Id, ...answer } = await redshift.client.send(new ExecuteStatementCommand({ ...asked, Sql: 'select 1' }));
    const description = await redshift.client.send(new DescribeStatementCommand({ Id }));
    const { Statements = [] } = await redshift.client.send(new ListStatementsCommand({ Status: 'ALL' }));

    expect(answer).toMatchObject(asked);
    expect(answer).not.toHaveProperty('DbUser');
    expect(description).toMatchObject(asked);
    expect(Statements.find((listed) => listed.Id === Id)?.SecretArn).toBe('login');
  });

  it('needs the right to read it, and no right to credentials', async () => {
    const execute = { Effect: 'Allow', Action: 'redshift-data:ExecuteStatement', Resource: '*' };
    const read = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: arnOf('login') };
    const clientWith = (name: string, ...statements: Record<string, unknown>[]) =>
      redshift.clientOf(sessionOf(redshift.stage, addRole(redshift.stage, name, ...statements)));
    const command = new ExecuteStatementCommand({ ...ON_CLUSTER, SecretArn: 'login', Sql: 'select 1' });

    expect((await clientWith('reads', execute, read).send(command)).Id).toEqual(expect.any(String));
    await expect(clientWith('reads-not', execute).send(command)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        `secretsmanager:GetSecretValue on resource: ${arnOf('login')} because`,
      ) as string,
    });
  });

  it('sees its tables in the metadata', async () => {
    const target = { ...ON_CLUSTER, SecretArn: 'login' };
    const { Id = '' } = await redshift.client.send(
      new ExecuteStatementCommand({ ...target, Sql: 'create table of_reporter (i int)', WithEvent: true }),
    );
    await redshift.events.ended(Id);

    const { Tables = [] } = await redshift.client.send(new ListTablesCommand({ ...target, TablePattern: 'of_%' }));
    expect(Tables.map(({ name }) => name)).toEqual(['of_reporter']);
  });

  it('runs on the cluster that the secret names', async () => {
    put('of-c1', { ...LOGIN, dbClusterIdentifier: 'c1' });
    expect(await userOf({ ...ON_CLUSTER, SecretArn: 'of-c1' })).toBe('reporter');
    expect(await userOf({ WorkgroupName: 'wg1', SecretArn: 'of-c1' })).toBe('reporter');
  });
});

describe('A secret that lets nobody in', () => {
  it.each<[string, object | string | undefined, string]>([
    ['none', undefined, "Secrets Manager can't find the specified secret."],
    ['empty', {}, 'username and password in secret cannot be empty'],
    ['without-password', { username: 'etl', password: '' }, 'username and password in secret cannot be empty'],
    ['numbers', { username: 1, password: 2 }, 'username and password in secret cannot be empty'],
    ['no-json', 'swordfish', 'The secret is not a JSON object.'],
    [
      'of-c2',
      { ...LOGIN, dbClusterIdentifier: 'c2' },
      'dbClusterIdentifier in the secret is not the cluster identifier c1.',
    ],
  ])('%s', async (name, value, message) => {
    if (value !== undefined) put(name, value);
    await expect(userOf({ ...ON_CLUSTER, SecretArn: name })).rejects.toMatchObject({
      name: 'ValidationException',
      message,
    });
  });

  it.each<[object, string]>([
    [{ ...ON_CLUSTER, SecretArn: 'login', DbUser: 'etl' }, 'DbUser cannot be given with SecretArn.'],
    [{ WorkgroupName: 'wg1', DbUser: 'etl' }, 'DbUser cannot be given with WorkgroupName.'],
    [{ ...ON_CLUSTER, SecretArn: '' }, 'SecretArn must not be empty.'],
    [
      { ...ON_CLUSTER, WorkgroupName: 'wg1', SecretArn: 'login' },
      'Exactly one of ClusterIdentifier and WorkgroupName must be given.',
    ],
    [{ SecretArn: 'login' }, 'Exactly one of ClusterIdentifier and WorkgroupName must be given.'],
    [{ ...ON_CLUSTER, Database: undefined, SecretArn: 'login' }, 'Database must be given.'],
  ])('is not asked with %j', async (target, message) => {
    await expect(userOf(target)).rejects.toMatchObject({ name: 'ValidationException', message });
  });
});
