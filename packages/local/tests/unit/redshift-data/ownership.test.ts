import {
  CancelStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  ListStatementsCommand,
  paginateListStatements,
  type RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRole, sessionOf } from '../../helpers/gateway.ts';
import { startRedshift, TARGET, type TestRedshift } from '../../helpers/redshift.ts';

const CLUSTER = 'arn:aws:redshift:eu-central-1:123456789012:cluster:c1';
const DB_NAME = 'arn:aws:redshift:eu-central-1:123456789012:dbname:c1/dev';
const DB_USER = 'arn:aws:redshift:eu-central-1:123456789012:dbuser:c1/etl';
const ALL = { Effect: 'Allow', Action: ['redshift-data:*', 'redshift:*', 'redshift-serverless:*'], Resource: '*' };

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshift();
});
afterAll(() => redshift.close());

const asSession = (roleArn: string, sessionName: string): RedshiftDataClient => {
  const { identities } = redshift.stage;
  return redshift.clientOf(identities.credentialsFor(identities.sessionOf(roleArn, sessionName)));
};
const roleWith = (name: string, ...statements: Record<string, unknown>[]): RedshiftDataClient =>
  redshift.clientOf(sessionOf(redshift.stage, addRole(redshift.stage, name, ...statements)));

const runAs = async (client: RedshiftDataClient, options: object = {}): Promise<string> => {
  const { Id } = await client.send(
    new ExecuteStatementCommand({ ...TARGET, Sql: 'select current_user', WithEvent: true, ...options }),
  );
  await redshift.events.ended(Id as string);
  return Id as string;
};

describe('A statement', () => {
  it('is known to every session of the role that started it', async () => {
    // Prepare
    const role = addRole(redshift.stage, 'shared', ALL);
    const Id = await runAs(asSession(role, 'one'));
    const other = asSession(role, 'two');

    // Act
    const description = await other.send(new DescribeStatementCommand({ Id }));
    const result = await other.send(new GetStatementResultCommand({ Id }));

    // Assess
    expect(description.Status).toBe('FINISHED');
    expect(result.TotalNumRows).toBe(1);
    expect((await redshift.events.ended(Id)).detail.principal).toBe(
      'arn:aws:sts::123456789012:assumed-role/shared/one',
    );
  });

  it('does not exist for another role, nor for the administrator', async () => {
    // Prepare
    const Id = await runAs(roleWith('owner', ALL));
    const unknown = { name: 'ResourceNotFoundException', message: 'Query does not exist.' };

    // Act, Assess
    for (const stranger of [roleWith('stranger', ALL), redshift.client]) {
      await expect(stranger.send(new DescribeStatementCommand({ Id }))).rejects.toMatchObject(unknown);
      await expect(stranger.send(new GetStatementResultCommand({ Id }))).rejects.toMatchObject(unknown);
      await expect(stranger.send(new CancelStatementCommand({ Id }))).rejects.toMatchObject(unknown);
    }
  });

  it('of the administrator does not exist for a role', async () => {
    const Id = await runAs(redshift.client);
    await expect(roleWith('curious', ALL).send(new DescribeStatementCommand({ Id }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('runs as a user of the role where no user is named', async () => {
    const client = roleWith('nameless', ALL);
    const Id = await runAs(client, { DbUser: undefined });
    const { Records } = await client.send(new GetStatementResultCommand({ Id }));
    expect(Records).toEqual([[{ stringValue: 'IAMR:nameless' }]]);
  });
});

describe('ExecuteStatement needs', () => {
  const allow = (action: string, resource: string) => ({ Effect: 'Allow', Action: action, Resource: resource });
  const execute = allow('redshift-data:ExecuteStatement', CLUSTER);

  it.each([
    ['the statement', [], 'redshift-data:ExecuteStatement'],
    [
      'the database user',
      [execute, allow('redshift:GetClusterCredentials', DB_NAME)],
      'redshift:GetClusterCredentials',
    ],
    ['the database', [execute, allow('redshift:GetClusterCredentials', DB_USER)], 'redshift:GetClusterCredentials'],
  ])('the right to %s', async (what, statements, action) => {
    const client = roleWith(`without ${what}`.replaceAll(' ', '-'), ...statements);
    await expect(client.send(new ExecuteStatementCommand({ ...TARGET, Sql: 'select 1' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`not authorized to perform: ${action} `) as string,
    });
  });

  it('no more than these', async () => {
    const client = roleWith(
      'exact',
      execute,
      {
        ...allow('redshift:GetClusterCredentials', DB_USER),
        Condition: { StringEquals: { 'redshift:DbUser': 'etl' } },
      },
      {
        ...allow('redshift:GetClusterCredentials', DB_NAME),
        Condition: { StringEquals: { 'redshift:DbName': 'dev' } },
      },
    );
    expect(await runAs(client)).toEqual(expect.any(String));
  });

  it('GetClusterCredentialsWithIAM where no user is named', async () => {
    const client = roleWith('with-iam', execute, allow('redshift:GetClusterCredentialsWithIAM', DB_NAME));
    expect(await runAs(client, { DbUser: undefined })).toEqual(expect.any(String));
    await expect(runAs(client)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('GetCredentials on a workgroup, whose ARN holds its id', async () => {
    const target = { ClusterIdentifier: undefined, DbUser: undefined, WorkgroupName: 'wg1' };
    const workgroups = 'arn:aws:redshift-serverless:eu-central-1:123456789012:workgroup/*';
    const serverless = allow('redshift-data:ExecuteStatement', workgroups);
    const client = roleWith('serverless', serverless, allow('redshift-serverless:GetCredentials', workgroups));
    expect(await runAs(client, target)).toEqual(expect.any(String));
    await expect(runAs(roleWith('serverless-less', serverless), target)).rejects.toMatchObject({
      message: expect.stringContaining('redshift-serverless:GetCredentials') as string,
    });
  });
});

describe('The condition key statement-owner-iam-userid', () => {
  it('narrows a role to the statements of one session', async () => {
    // Prepare
    const onlyOwn = {
      Effect: 'Allow',
      Action: ['redshift-data:DescribeStatement', 'redshift-data:ListStatements'],
      Resource: '*',
      Condition: { StringEquals: { 'redshift-data:statement-owner-iam-userid': '${aws:userid}' } },
    };
    const execute = { ...ALL, Action: ['redshift-data:ExecuteStatement', 'redshift:*'] };
    const role = addRole(redshift.stage, 'narrow', execute, onlyOwn);
    const [one, two] = [asSession(role, 'one'), asSession(role, 'two')];
    const Id = await runAs(one);

    // Act
    const own = await one.send(new DescribeStatementCommand({ Id }));
    const listed = await one.send(new ListStatementsCommand({ RoleLevel: false }));

    // Assess
    const denied = { name: 'AccessDeniedException' };
    expect(own.Status).toBe('FINISHED');
    expect(listed.Statements).toHaveLength(1);
    await expect(two.send(new DescribeStatementCommand({ Id }))).rejects.toMatchObject(denied);
    await expect(one.send(new ListStatementsCommand({}))).rejects.toMatchObject(denied);
  });
});

describe('ListStatements', () => {
  it('lists the finished statements of the role, newest first, by prefix of their name', async () => {
    // Prepare
    const role = addRole(redshift.stage, 'lister', ALL);
    const [one, two] = [asSession(role, 'one'), asSession(role, 'two')];
    const first = await runAs(one, { StatementName: 'load-1' });
    const second = await runAs(two, { StatementName: 'load-2' });
    const failed = await runAs(one, { StatementName: 'load-3', Sql: 'select * from missing' });
    const other = await runAs(one, { StatementName: 'other', Database: 'elsewhere' });
    const idsOf = async (options: object) => {
      const { Statements } = await one.send(new ListStatementsCommand(options));
      return Statements?.map(({ Id }) => Id);
    };

    // Act, Assess
    expect(await idsOf({})).toEqual([other, second, first]);
    expect(await idsOf({ StatementName: 'load' })).toEqual([second, first]);
    expect(await idsOf({ StatementName: 'LOAD' })).toEqual([]);
    expect(await idsOf({ StatementName: 'load', Status: 'FAILED' })).toEqual([failed]);
    expect(await idsOf({ StatementName: 'load', Status: 'ALL' })).toEqual([failed, second, first]);
    expect(await idsOf({ RoleLevel: false })).toEqual([other, first]);
    expect(await idsOf({ Database: 'elsewhere' })).toEqual([other]);
    expect(await idsOf({ ClusterIdentifier: 'c2' })).toEqual([]);
  });

  it('knows a workgroup by its name and by its ARN, and takes no cluster beside it', async () => {
    // Prepare
    const client = roleWith('serverless-lister', ALL);
    const target = { ClusterIdentifier: undefined, DbUser: undefined, WorkgroupName: 'wg1' };
    const Id = await runAs(client, target);
    await runAs(client);
    const [arn] = (await redshift.events.ended(Id)).resources;
    const idsOf = async (options: object) => {
      const { Statements } = await client.send(new ListStatementsCommand(options));
      return Statements?.map((statement) => statement.Id);
    };

    // Act, Assess
    expect(await idsOf({ WorkgroupName: 'wg1' })).toEqual([Id]);
    expect(await idsOf({ WorkgroupName: arn })).toEqual([Id]);
    expect(await idsOf({ WorkgroupName: 'wg2' })).toEqual([]);
    await expect(idsOf({ WorkgroupName: 'wg1', ClusterIdentifier: 'c1' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('pages', async () => {
    // Prepare
    const client = roleWith('pager', ALL);
    for (const i of [1, 2, 3]) await runAs(client, { StatementName: `s${i}` });

    // Act
    const pages = [];
    for await (const { Statements } of paginateListStatements({ client, pageSize: 2 }, {})) pages.push(Statements);

    // Assess
    expect(pages.map((page) => page?.map(({ StatementName }) => StatementName))).toEqual([['s3', 's2'], ['s1']]);
  });

  it('refuses what is no page and no status', async () => {
    const { client } = redshift;
    const invalid = { name: 'ValidationException' };
    await expect(client.send(new ListStatementsCommand({ MaxResults: 101 }))).rejects.toMatchObject(invalid);
    await expect(client.send(new ListStatementsCommand({ NextToken: 'x' }))).rejects.toMatchObject(invalid);
    await expect(client.send(new ListStatementsCommand({ Status: 'DONE' as 'ALL' }))).rejects.toMatchObject(invalid);
  });
});
