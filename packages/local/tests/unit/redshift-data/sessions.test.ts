import { randomUUID } from 'node:crypto';
import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  type ExecuteStatementCommandOutput,
  GetStatementResultCommand,
  ListSessionsCommand,
  paginateListSessions,
  type RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRole, sessionOf } from '../../helpers/gateway.ts';
import { prepareSlow, SLOW, startRedshift, TARGET } from '../../helpers/redshift.ts';
import { startStorage, type TestStorage } from '../../helpers/redshift-s3.ts';

const HOUR_MS = 3600 * 1000;
const CLUSTER = 'arn:aws:redshift:eu-central-1:123456789012:cluster:c1';

let redshift: Awaited<ReturnType<typeof startRedshift>>;
let server: pg.Client;
beforeAll(async () => {
  redshift = await startRedshift();
  server = new pg.Client({ connectionString: redshift.url });
  await server.connect();
  await prepareSlow(redshift);
});
afterAll(async () => {
  await server.end();
  await redshift.close();
});

/** Catches what would end it. */
const DEAF = `create procedure deaf() as $$ begin loop begin perform (${SLOW}); exception
  when query_canceled then null; end; end loop; end $$ language plpgsql`;

type Input = Partial<ExecuteStatementCommandInput>;
const WAIT = { WaitTimeSeconds: 30, WithEvent: true };

/** A session and the answer to the statement that opened it. */
const open = async (options: Input = {}, client = redshift.client): Promise<ExecuteStatementCommandOutput> =>
  client.send(
    new ExecuteStatementCommand({ ...TARGET, ...WAIT, Sql: 'select 1', SessionKeepAliveSeconds: 600, ...options }),
  );
const openId = async (...of: Parameters<typeof open>): Promise<string> => (await open(...of)).SessionId as string;

const use = (SessionId: string, Sql: string, options: Input = {}, client = redshift.client) =>
  client.send(new ExecuteStatementCommand({ SessionId, Sql, ...WAIT, ...options }));
const errorOf = async (Id: string | undefined) => (await redshift.describe(Id as string)).Error;
const query = async (sessionId: string, sql: string) => {
  const { Id } = await use(sessionId, sql);
  return (await redshift.client.send(new GetStatementResultCommand({ Id }))).Records?.[0]?.[0];
};
const cancel = (Id: string | undefined) => redshift.client.send(new CancelStatementCommand({ Id }));
const list = async (options: object = {}, client = redshift.client) =>
  (await client.send(new ListSessionsCommand(options))).Sessions ?? [];
const sessionOfId = async (SessionId: string) => (await list({ SessionId }))[0];
const backends = async (pid: number | undefined): Promise<number> => {
  const { rows } = await server.query('select from pg_stat_activity where pid = $1', [pid]);
  return rows.length;
};
const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'accepted',
    (error: unknown) => error,
  );
const dead = {
  name: 'ValidationException',
  message: 'Session is not available',
};
const unknown = {
  name: 'ValidationException',
  message: expect.stringMatching(/^Session with Id: \S+ is invalid\.$/) as string,
};
const roleWith = (name: string, ...statements: Record<string, unknown>[]): RedshiftDataClient =>
  redshift.clientOf(sessionOf(redshift.stage, addRole(redshift.stage, name, ...statements)));

describe('A session', () => {
  it('is one connection for all its statements: temporary tables stay', async () => {
    // Act
    const first = await open({ Sql: 'create temp table kept (i int)' });
    const sessionId = first.SessionId as string;
    const second = await use(sessionId, 'insert into kept values (1), (2)');
    const count = await query(sessionId, 'select count(*) from kept');
    const elsewhere = await redshift.run('select * from kept');

    // Assess
    expect(second).toMatchObject({
      ...TARGET,
      SessionId: sessionId,
      Status: 'FINISHED',
      RedshiftPid: first.RedshiftPid,
    });
    expect(await redshift.describe(second.Id as string)).toMatchObject({ ...TARGET, SessionId: sessionId });
    expect(count).toEqual({ longValue: 2 });
    expect(elsewhere.Error).toContain('relation "kept" does not exist');
  });

  it('is not what a statement without it has', async () => {
    expect((await open({ SessionKeepAliveSeconds: undefined })).SessionId).toBeUndefined();
    expect((await open({ SessionKeepAliveSeconds: 0 })).SessionId).toBeUndefined();
  });

  it('takes batches, and gives them its temporary tables', async () => {
    // Prepare
    const SessionId = await openId({ Sql: 'create temp table of_session (i int)' });
    const batch = (Sqls: string[]) =>
      redshift.client.send(new BatchExecuteStatementCommand({ SessionId, Sqls, ...WAIT }));

    // Act
    const good = await batch(['insert into of_session values (1)', 'insert into of_session values (2)']);
    const bad = await batch(['insert into of_session values (3)', 'select 1 / 0']);

    // Assess
    expect(good).toMatchObject({ Status: 'FINISHED', SessionId });
    expect(bad.Status).toBe('FAILED');
    expect(await query(SessionId, 'select count(*) from of_session')).toEqual({ longValue: 2 });
  });

  it('can be opened by a batch', async () => {
    const input = { ...TARGET, ...WAIT, Sqls: ['create temp table by_batch (i int)'], SessionKeepAliveSeconds: 60 };
    const { SessionId } = await redshift.client.send(new BatchExecuteStatementCommand(input));
    expect(await query(SessionId as string, 'select count(*) from by_batch')).toEqual({ longValue: 0 });
  });

  it('survives a statement that fails', async () => {
    const sessionId = await openId({ Sql: 'create temp table survivor (i int)' });
    expect((await use(sessionId, 'select * from missing')).Status).toBe('FAILED');
    expect(await query(sessionId, 'select count(*) from survivor')).toEqual({ longValue: 0 });
  });

  it('stays in a failed transaction until that is ended', async () => {
    // Prepare
    const sessionId = await openId({ Sql: 'begin' });
    await use(sessionId, 'select * from missing');

    // Act
    const { Id } = await use(sessionId, 'select 1');
    await use(sessionId, 'rollback');
    const after = await use(sessionId, 'select 1');

    // Assess
    expect(await errorOf(Id)).toBe(
      'ERROR: current transaction is aborted, commands ignored until end of transaction block',
    );
    expect(after.Status).toBe('FINISHED');
  });

  it('runs one statement at a time', async () => {
    // Prepare
    const sessionId = await openId();
    const { Id } = await use(sessionId, SLOW, { WaitTimeSeconds: undefined });

    // Act
    const second = await refusal(use(sessionId, 'select 1'));
    const busy = await sessionOfId(sessionId);
    await cancel(Id);
    await redshift.events.ended(Id as string);
    const third = await use(sessionId, 'select 1');

    // Assess
    expect(second).toMatchObject({ name: 'ValidationException', message: 'Session is not available' });
    expect(busy).toMatchObject({ Status: 'BUSY', CurrentStatementId: Id });
    expect(third.Status).toBe('FINISHED');
  });

  it('is free as soon as its statement is known to have ended', async () => {
    const sessionId = await openId();
    for (let i = 0; i < 20; i += 1) expect((await use(sessionId, `select ${i}`)).Status).toBe('FINISHED');
  });

  it('does not fill the places of running statements while it is idle', async () => {
    await Promise.all(Array.from({ length: 60 }, () => openId({ SessionKeepAliveSeconds: 1 })));
    expect((await redshift.run('select 1')).Status).toBe('FINISHED');
  });

  it.each(['ClusterIdentifier', 'WorkgroupName', 'Database', 'DbUser', 'SecretArn'])(
    'is not used together with %s',
    async (field) => {
      const sessionId = await openId();
      expect(await refusal(use(sessionId, 'select 1', { [field]: 'wg1' }))).toMatchObject({
        name: 'ValidationException',
        message: `${field} cannot be given with SessionId.`,
      });
    },
  );

  it('that never was is not known, nor is one of another role', async () => {
    const all = { Effect: 'Allow', Action: '*', Resource: '*' };
    const sessionId = await openId();
    expect(await refusal(use(randomUUID(), 'select 1'))).toMatchObject(unknown);
    expect(await refusal(use(sessionId, 'select 1', {}, roleWith('session-stranger', all)))).toMatchObject(unknown);
  });

  it('answers a repeated client token though it is busy or closed by then', async () => {
    // Prepare
    const ClientToken = randomUUID();
    const sessionId = await openId({ SessionKeepAliveSeconds: 60 });
    const { Id } = await use(sessionId, 'select 1', { ClientToken });

    // Act
    redshift.stage.clock.advance(61_000);
    const again = await use(sessionId, 'select 1', { ClientToken });

    // Assess
    expect(again.Id).toBe(Id);
    expect((await sessionOfId(sessionId))?.Status).toBe('CLOSED');
  });
});

describe('The end of a session', () => {
  it('comes when it has been idle for its time, counted from the last statement', async () => {
    // Prepare
    const { SessionId, RedshiftPid } = await open({ SessionKeepAliveSeconds: 60 });
    const sessionId = SessionId as string;

    // Act, Assess
    redshift.stage.clock.advance(50_000);
    await use(sessionId, 'select 1');
    redshift.stage.clock.advance(50_000);
    expect((await use(sessionId, 'select 1')).Status).toBe('FINISHED');
    redshift.stage.clock.advance(61_000);
    expect(await refusal(use(sessionId, 'select 1'))).toMatchObject(dead);
    await expect.poll(() => backends(RedshiftPid)).toBe(0);
  });

  it('moves when a later statement says so, and that stays', async () => {
    const sessionId = await openId({ SessionKeepAliveSeconds: 60 });
    await use(sessionId, 'select 1', { SessionKeepAliveSeconds: 600 });
    redshift.stage.clock.advance(500_000);
    await use(sessionId, 'select 1');
    redshift.stage.clock.advance(500_000);
    expect((await sessionOfId(sessionId))?.SessionAliveSeconds).toBe(600);
    expect((await use(sessionId, 'select 1', { SessionKeepAliveSeconds: 0 })).Status).toBe('FINISHED');
    expect(await refusal(use(sessionId, 'select 1'))).toMatchObject(dead);
  });

  it('does not come while a statement runs', async () => {
    // Prepare
    const sessionId = await openId({ SessionKeepAliveSeconds: 60 });
    const { Id } = await use(sessionId, SLOW, { WaitTimeSeconds: undefined });

    // Act
    redshift.stage.clock.advance(HOUR_MS);
    const { Status } = await redshift.describe(Id as string);
    await cancel(Id);
    await redshift.events.ended(Id as string);

    // Assess
    expect(Status).not.toBe('ABORTED');
    expect((await use(sessionId, 'select 1')).Status).toBe('FINISHED');
  });

  it('comes after 24 hours at the latest, for what runs in it too', async () => {
    // Prepare
    const sessionId = await openId({ SessionKeepAliveSeconds: 24 * 3600 });
    redshift.stage.clock.advance(12 * HOUR_MS);
    const { Id } = await use(sessionId, SLOW, { WaitTimeSeconds: undefined });
    const { RedshiftPid } = await redshift.waitFor(Id as string, 'STARTED');

    // Act
    redshift.stage.clock.advance(12 * HOUR_MS);
    const event = await redshift.events.ended(Id as string);

    // Assess
    expect(event.detail.state).toBe('ABORTED');
    expect(await refusal(use(sessionId, 'select 1'))).toMatchObject(unknown);
    await expect.poll(() => backends(RedshiftPid)).toBe(0);
  });

  it('comes with the end of its connection', async () => {
    // Prepare
    const { SessionId, RedshiftPid } = await open();
    const sessionId = SessionId as string;

    // Act
    await server.query('select pg_terminate_backend($1)', [RedshiftPid]);

    // Assess
    await expect.poll(async () => (await sessionOfId(sessionId))?.Status).toBe('CLOSED');
    expect(await refusal(use(sessionId, 'select 1'))).toMatchObject(dead);
  });

  it('comes with a connection that is lost under a statement', async () => {
    // Prepare
    const sessionId = await openId();
    const { Id } = await use(sessionId, SLOW, { WaitTimeSeconds: undefined });
    const { RedshiftPid } = await redshift.waitFor(Id as string, 'STARTED');

    // Act
    await server.query('select pg_terminate_backend($1)', [RedshiftPid]);
    await redshift.events.ended(Id as string);

    // Assess
    expect(await errorOf(Id)).toMatch(/terminating connection/);
    expect(await refusal(use(sessionId, 'select 1'))).toMatchObject(dead);
  });
});

describe('Cancelling in a session', () => {
  it('leaves the session its connection', async () => {
    // Prepare
    const first = await open({ Sql: 'create temp table spared (i int)' });
    const sessionId = first.SessionId as string;
    const { Id } = await use(sessionId, SLOW, { WaitTimeSeconds: undefined });
    await redshift.waitFor(Id as string, 'STARTED');

    // Act
    await cancel(Id);
    const event = await redshift.events.ended(Id as string);
    const after = await use(sessionId, 'insert into spared values (1)');

    // Assess
    expect(event.detail.state).toBe('ABORTED');
    expect(after).toMatchObject({ Status: 'FINISHED', RedshiftPid: first.RedshiftPid });
  });

  it("works at any moment, and never meets the session's next statement", async () => {
    // Prepare
    const sessionId = await openId({ Sql: 'create temp table unmet (i int)' });

    // Act, Assess
    for (let i = 0; i < 15; i += 1) {
      const { Id } = await use(sessionId, SLOW, { WaitTimeSeconds: undefined });
      await cancel(Id);
      expect((await redshift.events.ended(Id as string)).detail.state).toBe('ABORTED');
      expect((await use(sessionId, `insert into unmet values (${i})`)).Status).toBe('FINISHED');
    }
    expect(await query(sessionId, 'select count(*) from unmet')).toEqual({ longValue: 15 });
  });

  it('that SQL catches ends the session', async () => {
    // Prepare
    const made = await redshift.run(DEAF);
    expect(made.Error).toBeUndefined();
    const sessionId = await openId();
    const { Id } = await use(sessionId, 'call deaf()', { WaitTimeSeconds: undefined });
    const { RedshiftPid } = await redshift.waitFor(Id as string, 'STARTED');

    // Act
    await cancel(Id);
    const event = await redshift.events.ended(Id as string);

    // Assess
    expect(event.detail.state).toBe('ABORTED');
    expect(await refusal(use(sessionId, 'select 1'))).toMatchObject(dead);
    await expect.poll(() => backends(RedshiftPid)).toBe(0);
  });

  it('at the end of the Data API waits for nothing', async () => {
    // Prepare
    const own = await startRedshift();
    await prepareSlow(own);
    await own.run(DEAF);
    const input = { ...TARGET, Sql: 'call deaf()', SessionKeepAliveSeconds: 60 };
    const { Id } = await own.client.send(new ExecuteStatementCommand(input));
    await own.waitFor(Id as string, 'STARTED');
    own.stage.clock.sleep = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      });

    // Act, Assess: with its clock stopped, it would wait for ever
    await expect(own.close()).resolves.toBeUndefined();
  });

  it('rolls a batch back, and leaves the session', async () => {
    // Prepare
    const SessionId = await openId({ Sql: 'create temp table undone (i int)' });
    const Sqls = ['insert into undone values (1)', SLOW];
    const { Id } = await redshift.client.send(new BatchExecuteStatementCommand({ SessionId, Sqls, WithEvent: true }));
    await redshift.waitFor(Id as string, 'STARTED');

    // Act
    await cancel(Id);
    await redshift.events.ended(Id as string);

    // Assess
    expect(await query(SessionId, 'select count(*) from undone')).toEqual({ longValue: 0 });
  });
});

describe('COPY in a session', () => {
  let storage: TestStorage;
  beforeAll(async () => {
    storage = await startStorage(redshift);
  });
  afterAll(() => storage.close());

  const setUp = async () => {
    const sessionId = await openId({ Sql: 'create temp table loaded (i int)' });
    const copyOf = (key: string, table = 'loaded') =>
      `copy ${table} from 's3://data/${key}' iam_role '${storage.role}' format as csv`;
    return { sessionId, copyOf };
  };

  it('that fails, wherever, leaves the session', async () => {
    // Prepare
    const { sessionId, copyOf } = await setUp();
    const rows = '1\n'.repeat(50_000);
    await storage.upload('good', rows);
    await storage.upload('bad-first', `x\n${rows}`);
    await storage.upload('bad-last', `${rows}1,2,3\n`);

    // Act
    const states = [];
    for (const key of ['bad-first', 'missing', 'bad-last', 'good']) states.push(await use(sessionId, copyOf(key)));

    // Assess
    expect(states.map(({ Status }) => Status)).toEqual(['FAILED', 'FAILED', 'FAILED', 'FINISHED']);
    expect(await query(sessionId, 'select count(*) from loaded')).toEqual({ longValue: 50_000 });
  });

  it('that is cancelled leaves the session', async () => {
    // Prepare: it waits for the other session's lock
    const { sessionId, copyOf } = await setUp();
    await storage.upload('one', '1\n');
    const holder = await openId({ Sql: 'create table contended (i int)' });
    await use(holder, 'begin');
    await use(holder, 'lock table contended');
    const { Id } = await use(sessionId, copyOf('one', 'contended'), { WaitTimeSeconds: undefined });
    const { RedshiftPid } = await redshift.waitFor(Id as string, 'STARTED');

    // Act
    await cancel(Id);
    const event = await redshift.events.ended(Id as string);
    await use(holder, 'rollback');

    // Assess
    expect(event.detail.state).toBe('ABORTED');
    expect(await use(sessionId, copyOf('one'))).toMatchObject({ RedshiftPid });
    expect(await query(sessionId, 'select count(*) from contended')).toEqual({ longValue: 0 });
  });
});

describe('ListSessions', () => {
  const ALL = { Effect: 'Allow', Action: ['redshift-data:*', 'redshift:*', 'redshift-serverless:*'], Resource: '*' };

  it("tells of the role's open sessions, newest first", async () => {
    // Prepare
    const client = roleWith('session-lister', ALL);
    const first = await openId({}, client);
    const second = await openId({ Database: 'other', SessionKeepAliveSeconds: 7 }, client);

    // Act
    const sessions = await list({}, client);

    // Assess
    expect(sessions.map(({ SessionId }) => SessionId)).toEqual([second, first]);
    const [{ UpdatedAt, SessionTtl, CreatedAt, ...session } = {}] = sessions;
    expect(session).toEqual({
      SessionId: second,
      Status: 'AVAILABLE',
      ...TARGET,
      Database: 'other',
      SessionAliveSeconds: 7,
    });
    expect(CreatedAt).toBeInstanceOf(Date);
    expect(Number(SessionTtl)).toBeCloseTo(Number(UpdatedAt) + 7000, 3);
  });

  it('filters', async () => {
    // Prepare
    const role = addRole(redshift.stage, 'session-filterer', ALL);
    const { identities } = redshift.stage;
    const as = (name: string) => redshift.clientOf(identities.credentialsFor(identities.sessionOf(role, name)));
    const [one, two] = [as('one'), as('two')];
    const cluster = await openId({}, one);
    const serverless = { ClusterIdentifier: undefined, DbUser: undefined, WorkgroupName: 'wg1', Database: 'other' };
    const workgroup = await openId(serverless, two);
    const closed = await openId({}, one);
    await use(closed, 'select 1', { SessionKeepAliveSeconds: 0 }, one);
    const idsOf = async (options: object) => (await list(options, one)).map(({ SessionId }) => SessionId);

    // Act, Assess
    expect(await idsOf({})).toEqual([workgroup, cluster]);
    expect(await idsOf({ RoleLevel: false })).toEqual([cluster]);
    expect(await idsOf({ Status: 'CLOSED' })).toEqual([closed]);
    expect(await idsOf({ Status: 'BUSY' })).toEqual([]);
    expect(await idsOf({ ClusterIdentifier: 'c1' })).toEqual([cluster]);
    expect(await idsOf({ WorkgroupName: 'wg1' })).toEqual([workgroup]);
    expect(await idsOf({ Database: 'other' })).toEqual([workgroup]);
    expect(await idsOf({ SessionId: closed })).toEqual([closed]);
    expect(await refusal(list({ SessionId: cluster }))).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('pages', async () => {
    const client = roleWith('session-pager', ALL);
    const ids = [await openId({}, client), await openId({}, client), await openId({}, client)];
    const pages = [];
    for await (const { Sessions } of paginateListSessions({ client, pageSize: 2 }, {}))
      pages.push(Sessions?.map(({ SessionId }) => SessionId));
    expect(pages).toEqual([[ids[2], ids[1]], [ids[0]]]);
  });

  it.each([
    ['a status beside a session', { SessionId: randomUUID(), Status: 'BUSY' }],
    ['a database beside a session', { SessionId: randomUUID(), Database: 'dev' }],
    ['a cluster beside a workgroup', { ClusterIdentifier: 'c1', WorkgroupName: 'wg1' }],
    ['what is no status', { Status: 'IDLE' }],
    ['what is no page', { MaxResults: 101 }],
    ['what is no token', { NextToken: 'x' }],
  ])('refuses %s', async (_, options) => {
    expect(await refusal(list(options))).toMatchObject({ name: 'ValidationException' });
  });

  it('forgets a session a day after it was opened', async () => {
    const sessionId = await openId({ SessionKeepAliveSeconds: 1 });
    redshift.stage.clock.advance(24 * HOUR_MS - 60_000);
    expect((await sessionOfId(sessionId))?.Status).toBe('CLOSED');
    redshift.stage.clock.advance(60_000);
    expect(await refusal(sessionOfId(sessionId))).toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('The permissions of a session', () => {
  const allow = (action: string, extra: object = {}) => ({ Effect: 'Allow', Action: action, Resource: '*', ...extra });
  const credentials = allow('redshift:*');

  it('are those on the statement alone, on the warehouse of the session', async () => {
    // Prepare
    const role = addRole(
      redshift.stage,
      'session-user',
      { ...allow('redshift-data:*'), Resource: CLUSTER },
      credentials,
    );
    const { identities } = redshift.stage;
    const client = redshift.clientOf(identities.credentialsFor(identities.sessionOf(role, 'one')));
    const sessionId = await openId({}, client);
    identities.putRolePolicy('session-user', 'inline', {
      Version: '2012-10-17',
      Statement: [{ ...allow('redshift-data:ExecuteStatement'), Resource: CLUSTER }],
    });

    // Act, Assess
    expect((await use(sessionId, 'select 1', {}, client)).Status).toBe('FINISHED');
    expect(await refusal(open({}, client))).toMatchObject({ name: 'AccessDeniedException' });
  });

  it('can be narrowed to whoever opened it, by session-owner-iam-userid', async () => {
    // Prepare
    const own = { Condition: { StringEquals: { 'redshift-data:session-owner-iam-userid': '${aws:userid}' } } };
    const role = addRole(
      redshift.stage,
      'session-owner',
      credentials,
      allow('redshift-data:ExecuteStatement', {
        Condition: { StringEqualsIfExists: own.Condition.StringEquals },
      }),
      allow('redshift-data:ListSessions', own),
    );
    const { identities } = redshift.stage;
    const as = (name: string) => redshift.clientOf(identities.credentialsFor(identities.sessionOf(role, name)));
    const sessionId = await openId({}, as('one'));

    // Act, Assess
    const denied = { name: 'AccessDeniedException' };
    expect((await use(sessionId, 'select 1', {}, as('one'))).Status).toBe('FINISHED');
    expect(await refusal(use(sessionId, 'select 1', {}, as('two')))).toMatchObject(denied);
    expect(await list({ RoleLevel: false }, as('one'))).toHaveLength(1);
    expect(await refusal(list({}, as('one')))).toMatchObject(denied);
  });
});
