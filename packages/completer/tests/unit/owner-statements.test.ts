import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actAsOwner } from '../../src/act-as-owner.ts';
import { HeldBack } from '../../src/errors.ts';
import { drainPaces, type OwnerCalls, type OwnerStatements, ownerStatements } from '../../src/owner-statements.ts';
import { SWEEP_PACES } from '../../src/sweep/dependencies.ts';
import {
  type AwsServer,
  assumedRole,
  type Call,
  type Reply,
  refusedRole,
  startAwsServer,
} from '../helpers/aws-server.ts';
import { awsError, DESCRIPTION, OWNER_ROLE, STATEMENT_ID } from '../helpers/fixtures.ts';

const OTHER_ROLE = 'arn:aws:iam::210987654321:role/other';
const OWNER = { ownerRoleArn: OWNER_ROLE };
const HOUR = 3_600_000;
const SESSION_OF_OWNER = { RoleArn: OWNER_ROLE, DurationSeconds: '3600', RoleSessionName: 'sfn-redshift-test' };

const SESSION = { name: 'sfn-redshift-test', calls: ['DescribeStatement', 'ListStatements'] } as const;

const PACES = { ...drainPaces(5), ListStatements: SWEEP_PACES.ListStatements };

let server: AwsServer;
let sts: STSClient;
let clients: RedshiftDataClient[];
let statements: OwnerStatements;
let onAssume: () => Reply;
let onDescribe: (call: Call) => Reply;
let onList: (call: Call) => Reply;

beforeEach(async () => {
  onAssume = () => ({ body: assumedRole('ASIAOWNER', new Date(Date.now() + HOUR)) });
  onDescribe = () => ({
    body: {
      Id: STATEMENT_ID,
      Status: 'FAILED',
      Error: 'ERROR: no',
      ResultRows: 7,
      RedshiftQueryId: 42,
      UpdatedAt: 1_790_000_000.5,
    },
  });
  onList = () => ({ body: { Statements: [] } });
  server = await startAwsServer((call) => {
    if (call.operation === 'AssumeRole') return onAssume();
    return call.operation === 'ListStatements' ? onList(call) : onDescribe(call);
  });
  sts = new STSClient(server.client);
  clients = [];
  statements = ownerStatements((owner) => {
    const redshiftData = (config: object) => {
      const client = new RedshiftDataClient({ ...server.client, ...config });
      clients.push(client);
      return client;
    };
    return Promise.resolve(actAsOwner(owner, SESSION, { sts, redshiftData }));
  }, PACES);
});

afterEach(async () => {
  for (const client of [sts, ...clients]) client.destroy();
  await server.close();
});

describe('the description of a statement', () => {
  it('is read as the role that owns it, in a session that may do what was asked for and no more', async () => {
    expect(await statements.describe(OWNER, STATEMENT_ID)).toEqual({
      statementId: STATEMENT_ID,
      state: 'FAILED',
      rows: 7,
      redshiftQueryId: 42,
      errorText: 'ERROR: no',
      updatedAt: 1_790_000_000_500,
    });

    expect(server.calls).toMatchObject([
      { operation: 'AssumeRole', accessKeyId: 'AKIADRAIN', body: SESSION_OF_OWNER },
      { operation: 'DescribeStatement', accessKeyId: 'ASIAOWNER', body: { Id: STATEMENT_ID } },
    ]);
    expect(JSON.parse(String(server.calls[0]?.body['Policy']))).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['redshift-data:DescribeStatement', 'redshift-data:ListStatements'],
          Resource: '*',
        },
      ],
    });
  });

  it("may let Redshift use the warehouse's key, where it has one of the customer, and no other", async () => {
    const warehouseKeyArn = 'arn:aws:kms:eu-central-1:210987654321:key/k1';

    await statements.describe({ ...OWNER, warehouseKeyArn }, STATEMENT_ID);
    await statements.describe(OWNER, STATEMENT_ID);

    const assumed = server.calls.filter(({ operation }) => operation === 'AssumeRole');
    const policies = assumed.map(({ body }) => JSON.parse(String(body['Policy'])) as { Statement: object[] });
    expect(policies.map(({ Statement }) => Statement.slice(1))).toEqual([
      [
        {
          Effect: 'Allow',
          Action: ['kms:CreateGrant', 'kms:DescribeKey'],
          Resource: warehouseKeyArn,
          Condition: { StringLike: { 'kms:ViaService': 'redshift*.amazonaws.com*' } },
        },
      ],
      [],
    ]);
  });

  it('says so where Redshift has no numbers and no error', async () => {
    onDescribe = () => ({ body: { Id: STATEMENT_ID, Status: 'ABORTED' } });

    expect(await statements.describe(OWNER, STATEMENT_ID)).toEqual({
      statementId: STATEMENT_ID,
      state: 'ABORTED',
      rows: -1,
      redshiftQueryId: -1,
      errorText: undefined,
      updatedAt: undefined,
    });
  });

  it('is empty where Redshift says nothing', async () => {
    onDescribe = () => ({ body: { Id: STATEMENT_ID } });

    expect(await statements.describe(OWNER, STATEMENT_ID)).toMatchObject({ state: '', updatedAt: undefined });
  });

  it.each(['AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration', 'Credentials'])(
    'is not asked for with credentials that have no %s',
    async (name) => {
      const whole = assumedRole('ASIAOWNER', new Date(Date.now() + HOUR));
      onAssume = () => ({ body: whole.replace(new RegExp(`<${name}>[^]*</${name}>`), '') });

      await expect(statements.describe(OWNER, STATEMENT_ID)).rejects.toThrow('AssumeRole answered without credentials');
      expect(server.operations).not.toContain('DescribeStatement');
    },
  );

  it('of many statements takes the credentials of their role once', async () => {
    await Promise.all([1, 2, 3].map(() => statements.describe(OWNER, STATEMENT_ID)));
    await statements.describe(OWNER, STATEMENT_ID);

    expect(server.operations.filter((operation) => operation === 'AssumeRole')).toHaveLength(1);
  });

  it('of two roles is read as each', async () => {
    await statements.describe(OWNER, STATEMENT_ID);
    await statements.describe({ ownerRoleArn: OTHER_ROLE }, STATEMENT_ID);

    const assumed = server.calls.filter(({ operation }) => operation === 'AssumeRole');
    expect(assumed.map(({ body }) => body['RoleArn'])).toEqual([OWNER_ROLE, OTHER_ROLE]);
  });

  it('takes new credentials when the old ones are about to expire', async () => {
    onAssume = () => ({ body: assumedRole('ASIASHORT', new Date(Date.now() + 60_000)) });
    await statements.describe(OWNER, STATEMENT_ID);
    onAssume = () => ({ body: assumedRole('ASIAFRESH', new Date(Date.now() + HOUR)) });

    await statements.describe(OWNER, STATEMENT_ID);

    expect(server.calls.at(-1)).toMatchObject({ operation: 'DescribeStatement', accessKeyId: 'ASIAFRESH' });
  });

  it('takes new credentials, once, when the old ones are refused as expired', async () => {
    onDescribe = () => ({ status: 403, body: { __type: 'ExpiredTokenException', message: 'expired' } });

    await expect(statements.describe(OWNER, STATEMENT_ID)).rejects.toMatchObject({
      name: 'ExpiredTokenException',
    });

    expect(server.operations).toEqual(['AssumeRole', 'DescribeStatement', 'AssumeRole', 'DescribeStatement']);
  });

  it('asks for the role again after it was refused once', async () => {
    onAssume = () => refusedRole('AccessDenied');
    await expect(statements.describe(OWNER, STATEMENT_ID)).rejects.toMatchObject({ name: 'AccessDenied' });
    onAssume = () => ({ body: assumedRole('ASIAOWNER', new Date(Date.now() + HOUR)) });

    expect(await statements.describe(OWNER, STATEMENT_ID)).toMatchObject({ errorText: 'ERROR: no' });
  });

  it.each([
    ['ThrottlingException', 400],
    ['ResourceNotFoundException', 400],
    ['InternalServerException', 500],
  ])('is not given where the Data API answers %s', async (name, status) => {
    onDescribe = () => ({ status, body: { __type: name, Message: 'no' } });

    await expect(statements.describe(OWNER, STATEMENT_ID)).rejects.toMatchObject({ name });
  });
});

describe('the statements of a name', () => {
  const listed = (name: string, statementId: string, second: number) => ({
    Id: statementId,
    StatementName: name,
    CreatedAt: 1_790_000_000 + second,
  });

  it('are those of exactly this name, in whatever state, of all pages, the newest first', async () => {
    onList = ({ body }) =>
      body['NextToken'] === 'page2'
        ? { body: { Statements: [listed('p/a', 'newer', 2), listed('p/abc', 'longer', 3)] } }
        : { body: { Statements: [listed('p/a', 'older', 1), listed('p/ab', 'other', 9)], NextToken: 'page2' } };

    expect(await statements.listByName(OWNER, 'p/a')).toEqual([
      { statementId: 'newer', statementName: 'p/a', createdAt: 1_790_000_002_000 },
      { statementId: 'older', statementName: 'p/a', createdAt: 1_790_000_001_000 },
    ]);
    expect(server.calls.slice(1)).toMatchObject([
      { accessKeyId: 'ASIAOWNER', body: { StatementName: 'p/a', Status: 'ALL', MaxResults: 100 } },
      { accessKeyId: 'ASIAOWNER', body: { StatementName: 'p/a', Status: 'ALL', NextToken: 'page2' } },
    ]);
  });

  it('are told as far as Redshift tells of them', async () => {
    onList = () => ({ body: { Statements: [{}] } });

    expect(await statements.listByName(OWNER, '')).toEqual([{ statementId: '', statementName: '', createdAt: 0 }]);
  });

  it('are none where Redshift tells of none', async () => {
    onList = () => ({ body: {} });

    expect(await statements.listByName(OWNER, 'any')).toEqual([]);
  });

  it('are none where there is none', async () => {
    expect(await statements.listByName(OWNER, 'p/a')).toEqual([]);
  });
});

const callsOf = (describeOne: OwnerCalls['describe']): OwnerCalls => ({
  describe: describeOne,
  listPage: () => Promise.resolve({ statements: [], nextToken: undefined }),
  cancel: () => Promise.resolve(true),
});

describe('a cancel', () => {
  it.each([
    [true, { Status: true }],
    [false, { Status: false }],
    [false, {}],
  ])('tells %s where the Data API answers %j', async (accepted, body) => {
    onDescribe = () => ({ body });

    expect(await statements.cancel(OWNER, STATEMENT_ID)).toBe(accepted);

    expect(server.calls.at(-1)).toMatchObject({
      operation: 'CancelStatement',
      accessKeyId: 'ASIAOWNER',
      body: { Id: STATEMENT_ID },
    });
  });

  it('is one of few a second, and held back where too many wait', async () => {
    let begun = 0;
    const cancel = () => {
      begun += 1;
      return Promise.resolve(true);
    };
    const calls = { ...callsOf(() => Promise.resolve(DESCRIPTION)), cancel };
    const paced = ownerStatements(() => Promise.resolve(calls), {
      ...PACES,
      CancelStatement: { perSecond: 50, maxWaiting: 6 },
    });

    const cancels = Array.from({ length: 57 }, () => paced.cancel(OWNER, STATEMENT_ID));

    await expect(cancels.at(-1)).rejects.toThrow(HeldBack);
    expect(begun).toBeLessThanOrEqual(50);
    expect(await Promise.all(cancels.slice(0, 56))).not.toContain(false);
  });
});

describe('the paces of the drain', () => {
  const all = ({ perSecond }: { readonly perSecond: number }, sandboxes: number) => perSecond * sandboxes;

  it.each([2, 5, 40])('of %d sandboxes leave the sweep, and others, their share of the quotas', (sandboxes) => {
    const { DescribeStatement, CancelStatement } = drainPaces(sandboxes);

    expect(all(DescribeStatement, sandboxes)).toBeCloseTo(50);
    expect(all(DescribeStatement, sandboxes) + SWEEP_PACES.DescribeStatement.perSecond).toBeLessThanOrEqual(90);
    expect(all(CancelStatement, sandboxes) + SWEEP_PACES.CancelStatement.perSecond).toBeCloseTo(3);
    expect(CancelStatement.maxWaiting).toBeGreaterThan(0);
  });

  it.each([
    [1, 4],
    [2, 2],
    [40, 1],
  ])('of %d sandboxes hold back a cancel that would wait for more than two seconds', (sandboxes, maxWaiting) => {
    expect(drainPaces(sandboxes).CancelStatement.maxWaiting).toBe(maxWaiting);
  });
});

describe('calls to describe', () => {
  it('are paced, and those that would wait too long are held back', async () => {
    let begun = 0;
    const describeOne = () => {
      begun += 1;
      return Promise.resolve(DESCRIPTION);
    };
    const paced = ownerStatements(() => Promise.resolve(callsOf(describeOne)), PACES);

    const calls = Array.from({ length: 31 }, () => paced.describe(OWNER, STATEMENT_ID));

    await expect(calls.at(-1)).rejects.toThrow(HeldBack);
    expect(begun).toBeLessThanOrEqual(10);
    expect(await Promise.all(calls.slice(0, 30))).toEqual(Array.from({ length: 30 }, () => DESCRIPTION));
  });

  it('are made anew where the clients could not be loaded', async () => {
    let loads = 0;
    const failing = ownerStatements(
      () =>
        ++loads === 1
          ? Promise.reject(awsError('Error'))
          : Promise.resolve(callsOf(() => Promise.resolve(DESCRIPTION))),
      PACES,
    );

    await expect(failing.describe(OWNER, STATEMENT_ID)).rejects.toThrow();
    expect(await failing.describe(OWNER, STATEMENT_ID)).toEqual(DESCRIPTION);
  });
});
