import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeAsOwner } from '../../src/describe-as-owner.ts';
import { HeldBack } from '../../src/errors.ts';
import { type Describe, type OwnerStatements, ownerStatements } from '../../src/owner-statements.ts';
import {
  type AwsServer,
  assumedRole,
  type Call,
  type Reply,
  refusedRole,
  startAwsServer,
} from '../helpers/aws-server.ts';
import { awsError, OWNER_ROLE, STATEMENT_ID } from '../helpers/fixtures.ts';

const OTHER_ROLE = 'arn:aws:iam::210987654321:role/other';
const HOUR = 3_600_000;

let server: AwsServer;
let sts: STSClient;
let clients: RedshiftDataClient[];
let statements: OwnerStatements;
let onAssume: () => Reply;
let onDescribe: (call: Call) => Reply;

beforeEach(async () => {
  onAssume = () => ({ body: assumedRole('ASIAOWNER', new Date(Date.now() + HOUR)) });
  onDescribe = () => ({ body: { Id: STATEMENT_ID, Status: 'FAILED', Error: 'ERROR: no' } });
  server = await startAwsServer((call) => (call.operation === 'AssumeRole' ? onAssume() : onDescribe(call)));
  sts = new STSClient(server.client);
  clients = [];
  statements = ownerStatements((role) => {
    const redshiftData = (config: object) => {
      const client = new RedshiftDataClient({ ...server.client, ...config });
      clients.push(client);
      return client;
    };
    return Promise.resolve(describeAsOwner(role, { sts, redshiftData }));
  });
});

afterEach(async () => {
  for (const client of [sts, ...clients]) client.destroy();
  await server.close();
});

describe('the error text of a statement', () => {
  it('is read as the role that owns it, in a session that may only describe', async () => {
    expect(await statements.errorText(OWNER_ROLE, STATEMENT_ID)).toBe('ERROR: no');

    expect(server.calls).toMatchObject([
      { operation: 'AssumeRole', accessKeyId: 'AKIADRAIN', body: { RoleArn: OWNER_ROLE, DurationSeconds: '3600' } },
      { operation: 'DescribeStatement', accessKeyId: 'ASIAOWNER', body: { Id: STATEMENT_ID } },
    ]);
    expect(JSON.parse(String(server.calls[0]?.body['Policy']))).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'redshift-data:DescribeStatement', Resource: '*' }],
    });
  });

  it('is undefined where Redshift has none', async () => {
    onDescribe = () => ({ body: { Id: STATEMENT_ID, Status: 'ABORTED' } });

    expect(await statements.errorText(OWNER_ROLE, STATEMENT_ID)).toBeUndefined();
  });

  it('of many statements takes the credentials of their role once', async () => {
    await Promise.all([1, 2, 3].map(() => statements.errorText(OWNER_ROLE, STATEMENT_ID)));
    await statements.errorText(OWNER_ROLE, STATEMENT_ID);

    expect(server.operations.filter((operation) => operation === 'AssumeRole')).toHaveLength(1);
  });

  it('of two roles is read as each', async () => {
    await statements.errorText(OWNER_ROLE, STATEMENT_ID);
    await statements.errorText(OTHER_ROLE, STATEMENT_ID);

    const assumed = server.calls.filter(({ operation }) => operation === 'AssumeRole');
    expect(assumed.map(({ body }) => body['RoleArn'])).toEqual([OWNER_ROLE, OTHER_ROLE]);
  });

  it('takes new credentials when the old ones are about to expire', async () => {
    onAssume = () => ({ body: assumedRole('ASIASHORT', new Date(Date.now() + 60_000)) });
    await statements.errorText(OWNER_ROLE, STATEMENT_ID);
    onAssume = () => ({ body: assumedRole('ASIAFRESH', new Date(Date.now() + HOUR)) });

    await statements.errorText(OWNER_ROLE, STATEMENT_ID);

    expect(server.calls.at(-1)).toMatchObject({ operation: 'DescribeStatement', accessKeyId: 'ASIAFRESH' });
  });

  it('takes new credentials, once, when the old ones are refused as expired', async () => {
    onDescribe = () => ({ status: 403, body: { __type: 'ExpiredTokenException', message: 'expired' } });

    await expect(statements.errorText(OWNER_ROLE, STATEMENT_ID)).rejects.toMatchObject({
      name: 'ExpiredTokenException',
    });

    expect(server.operations).toEqual(['AssumeRole', 'DescribeStatement', 'AssumeRole', 'DescribeStatement']);
  });

  it('asks for the role again after it was refused once', async () => {
    onAssume = () => refusedRole('AccessDenied');
    await expect(statements.errorText(OWNER_ROLE, STATEMENT_ID)).rejects.toMatchObject({ name: 'AccessDenied' });
    onAssume = () => ({ body: assumedRole('ASIAOWNER', new Date(Date.now() + HOUR)) });

    expect(await statements.errorText(OWNER_ROLE, STATEMENT_ID)).toBe('ERROR: no');
  });

  it.each([
    ['ThrottlingException', 400],
    ['ResourceNotFoundException', 400],
    ['InternalServerException', 500],
  ])('is not given where the Data API answers %s', async (name, status) => {
    onDescribe = () => ({ status, body: { __type: name, Message: 'no' } });

    await expect(statements.errorText(OWNER_ROLE, STATEMENT_ID)).rejects.toMatchObject({ name });
  });
});

describe('calls to describe', () => {
  it('are paced, and those that would wait too long are held back', async () => {
    let begun = 0;
    const describe: Describe = () => {
      begun += 1;
      return Promise.resolve('text');
    };
    const paced = ownerStatements(() => Promise.resolve(describe));

    const calls = Array.from({ length: 31 }, () => paced.errorText(OWNER_ROLE, STATEMENT_ID));

    await expect(calls.at(-1)).rejects.toThrow(HeldBack);
    expect(begun).toBeLessThanOrEqual(10);
    expect(await Promise.all(calls.slice(0, 30))).toEqual(Array.from({ length: 30 }, () => 'text'));
  });

  it('are made anew where the clients could not be loaded', async () => {
    let loads = 0;
    const failing = ownerStatements(() =>
      ++loads === 1 ? Promise.reject(awsError('Error')) : Promise.resolve(() => Promise.resolve('text')),
    );

    await expect(failing.errorText(OWNER_ROLE, STATEMENT_ID)).rejects.toThrow();
    expect(await failing.errorText(OWNER_ROLE, STATEMENT_ID)).toBe('text');
  });
});
