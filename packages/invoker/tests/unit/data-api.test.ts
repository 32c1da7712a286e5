import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DataApi, dataApi, type StatementStart } from '../../src/data-api.ts';
import type { Target } from '../../src/target.ts';
import { type AwsServer, type Reply, startAwsServer } from '../helpers/aws-server.ts';
import { CONFIG } from '../helpers/dependencies.ts';
import { STATEMENT_ID } from '../helpers/requests.ts';

const START = {
  sql: 'select :a',
  parameters: { a: '1' },
  statementName: 'tasker/key/owner',
  clientToken: 'f'.repeat(64),
} satisfies StatementStart;
const SESSION_ID = '0a1b2c3d-0c1d-4e5f-8a9b-0c1d2e3f4a5b';
const NEVER = new AbortController().signal;

let replies: Reply[];
let server: AwsServer;
let client: RedshiftDataClient;
let api: DataApi;

beforeEach(async () => {
  replies = [];
  server = await startAwsServer(() => replies.shift() ?? { body: { Id: STATEMENT_ID } });
  client = new RedshiftDataClient(server.client);
  api = dataApi(client, CONFIG.target);
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

const calls = () => server.calls.map(({ target, body }) => ({ target, body }));

describe('the Data API on the wire', () => {
  it('executes on the target, with an event, under the given name and token', async () => {
    expect(await api.execute(START, NEVER)).toEqual({ id: STATEMENT_ID });

    expect(calls()).toEqual([
      {
        target: 'RedshiftData.ExecuteStatement',
        body: {
          ClusterIdentifier: 'c1',
          Database: 'dev',
          DbUser: 'etl',
          Sql: 'select :a',
          Parameters: [{ name: 'a', value: '1' }],
          StatementName: 'tasker/key/owner',
          ClientToken: 'f'.repeat(64),
          WithEvent: true,
        },
      },
    ]);
  });

  it('executes a batch on the target, in its mode', async () => {
    const { sql: _sql, ...options } = START;

    expect(
      await api.execute({ ...options, sqls: ['select :a', 'select 2'], executionMode: 'AUTO_COMMIT' }, NEVER),
    ).toEqual({ id: STATEMENT_ID });

    expect(calls()).toEqual([
      {
        target: 'RedshiftData.BatchExecuteStatement',
        body: {
          ClusterIdentifier: 'c1',
          Database: 'dev',
          DbUser: 'etl',
          Sqls: ['select :a', 'select 2'],
          ExecutionMode: 'AUTO_COMMIT',
          Parameters: [{ name: 'a', value: '1' }],
          StatementName: 'tasker/key/owner',
          ClientToken: 'f'.repeat(64),
          WithEvent: true,
        },
      },
    ]);
  });

  it.each<[string, Target, object]>([
    [
      'a cluster, as the IAM identity',
      { clusterIdentifier: 'c1', database: 'dev' },
      { ClusterIdentifier: 'c1', Database: 'dev' },
    ],
    [
      'a cluster, by a secret',
      { clusterIdentifier: 'c1', database: 'dev', secretArn: 'etl-login' },
      { ClusterIdentifier: 'c1', Database: 'dev', SecretArn: 'etl-login' },
    ],
    ['a workgroup', { workgroupName: 'wg1', database: 'dev' }, { WorkgroupName: 'wg1', Database: 'dev' }],
    [
      'a workgroup, by a secret',
      { workgroupName: 'wg1', database: 'dev', secretArn: 'etl-login' },
      { WorkgroupName: 'wg1', Database: 'dev', SecretArn: 'etl-login' },
    ],
  ])('executes on %s', async (_what, target, connection) => {
    await dataApi(client, target).execute(START, NEVER);

    const { Sql, Parameters, StatementName, ClientToken, WithEvent, ...sent } = server.calls[0]?.body ?? {};
    expect(sent).toEqual(connection);
    expect([Sql, Parameters, StatementName, ClientToken, WithEvent]).not.toContain(undefined);
  });

  it.each<[string, object, object]>([
    [
      'opens a session on the target',
      { keepAliveSeconds: 60 },
      { ClusterIdentifier: 'c1', Database: 'dev', DbUser: 'etl', SessionKeepAliveSeconds: 60 },
    ],
    ['uses a session, and names no connection', { id: SESSION_ID }, { SessionId: SESSION_ID }],
    ['ends a session', { id: SESSION_ID, keepAliveSeconds: 0 }, { SessionId: SESSION_ID, SessionKeepAliveSeconds: 0 }],
  ])('%s', async (_what, session, sent) => {
    replies.push({ body: { Id: STATEMENT_ID, SessionId: SESSION_ID } });

    expect(await api.execute({ ...START, session: session as never }, NEVER)).toEqual({
      id: STATEMENT_ID,
      sessionId: SESSION_ID,
    });

    const { Sql, Parameters, StatementName, ClientToken, WithEvent, ...others } = server.calls[0]?.body ?? {};
    expect(others).toEqual(sent);
    expect([Sql, Parameters, StatementName, ClientToken, WithEvent]).not.toContain(undefined);
  });

  it.each([
    [[{ SessionId: SESSION_ID, Status: 'CLOSED', CreatedAt: 0, Database: 'dev' }], ['CLOSED', 'dev']],
    [[], [undefined, undefined]],
    [[{ SessionId: STATEMENT_ID, Status: 'BUSY', CreatedAt: 0 }], [undefined, undefined]],
  ])('tells the status of a session, and where it is', async (Sessions, told) => {
    replies.push({ body: { Sessions } });

    const session = await api.session(SESSION_ID, NEVER);

    expect([session?.Status, session?.Database]).toEqual(told);
    expect(calls()).toEqual([{ target: 'RedshiftData.ListSessions', body: { SessionId: SESSION_ID } }]);
  });

  it('waits for the end of a statement', async () => {
    replies.push({ body: { Id: STATEMENT_ID, Status: 'FINISHED', ResultRows: 7 } });

    expect(await api.awaitEnd(STATEMENT_ID, 5, NEVER)).toMatchObject({ Status: 'FINISHED', ResultRows: 7 });
    expect(calls()).toEqual([
      { target: 'RedshiftData.DescribeStatement', body: { Id: STATEMENT_ID, WaitTimeSeconds: 5 } },
    ]);
  });

  it('sends no list of parameters where there are none', async () => {
    await api.execute({ ...START, parameters: {} }, NEVER);

    expect(server.calls[0]?.body).not.toHaveProperty('Parameters');
  });

  it('repeats a request that AWS failed at under the one ClientToken', async () => {
    const failed = { status: 500, body: { __type: 'InternalServerException', Message: 'again' } };
    replies.push(failed, failed);

    expect(await api.execute(START, NEVER)).toEqual({ id: STATEMENT_ID });

    expect(server.calls.map(({ body }) => body['ClientToken'])).toEqual(Array(3).fill(START.clientToken));
  });

  it('throws a refusal as the SDK does: with name, status and number of attempts', async () => {
    replies.push({ status: 400, body: { __type: 'ValidationException', Message: 'no' } });

    await expect(api.execute(START, NEVER)).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'no',
      $metadata: { httpStatusCode: 400, attempts: 1 },
    });
  });

  it('tells how often it has asked before it gave up', async () => {
    const throttled = { status: 400, body: { __type: 'ThrottlingException', Message: 'slower' } };
    replies.push(throttled, throttled, throttled);

    await expect(api.execute(START, NEVER)).rejects.toMatchObject({
      name: 'ThrottlingException',
      $metadata: { attempts: 3 },
    });
  });

  it.each<[string, (signal: AbortSignal) => Promise<unknown>]>([
    ['a start', (signal) => api.execute(START, signal)],
    ['a wait', (signal) => api.awaitEnd(STATEMENT_ID, 5, signal)],
  ])('gives up %s when told to', async (_what, call) => {
    replies.push('hang');

    await expect(call(AbortSignal.timeout(20))).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('does not take an answer without an id for a start', async () => {
    replies.push({ body: {} });

    await expect(api.execute(START, NEVER)).rejects.toThrow('ExecuteStatement answered without a statement id');
  });

  it('describes, cancels and reads pages', async () => {
    await api.describe(STATEMENT_ID);
    await api.cancel(STATEMENT_ID);
    await api.result(STATEMENT_ID, undefined);
    await api.result(STATEMENT_ID, 'page-2');

    expect(calls()).toEqual([
      { target: 'RedshiftData.DescribeStatement', body: { Id: STATEMENT_ID } },
      { target: 'RedshiftData.CancelStatement', body: { Id: STATEMENT_ID } },
      { target: 'RedshiftData.GetStatementResult', body: { Id: STATEMENT_ID } },
      { target: 'RedshiftData.GetStatementResult', body: { Id: STATEMENT_ID, NextToken: 'page-2' } },
    ]);
  });
});
