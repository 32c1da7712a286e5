import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  ListStatementsCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../../../src/common/log.ts';
import { createRedshiftData, Warehouses } from '../../../src/redshift-data/index.ts';
import { account, startGateway } from '../../helpers/gateway.ts';
import { EventSpy, startRedshift, TARGET } from '../../helpers/redshift.ts';

let redshift: Awaited<ReturnType<typeof startRedshift>>;
let gatekeeper: pg.Client;
beforeAll(async () => {
  redshift = await startRedshift();
  await redshift.run('create table gate (i int)');
  gatekeeper = new pg.Client({ connectionString: await databaseUrl() });
  await gatekeeper.connect();
});
afterAll(async () => {
  await gatekeeper.end();
  await redshift.close();
});

/** Of the database on the server, whatever it shows as its name to users. */
const databaseUrl = async (): Promise<string> => {
  const options = { Sql: 'select 1', SessionKeepAliveSeconds: 600, WaitTimeSeconds: 30 };
  const { RedshiftPid } = await redshift.client.send(new ExecuteStatementCommand({ ...TARGET, ...options }));
  const server = new pg.Client({ connectionString: redshift.url });
  await server.connect();
  const { rows } = await server.query<{ datname: string }>('select datname from pg_stat_activity where pid = $1', [
    RedshiftPid,
  ]);
  await server.end();
  return Object.assign(new URL(redshift.url), { pathname: `/${rows[0]?.datname}` }).href;
};

/** Whatever reads the table waits, idle, until the gate is opened. */
const shutGate = () => gatekeeper.query('begin; lock table gate in access exclusive mode');
const openGate = () => gatekeeper.query('rollback');
afterEach(openGate);

const idsIn = async (Status: 'STARTED' | 'SUBMITTED'): Promise<string[]> => {
  const { Statements } = await redshift.client.send(new ListStatementsCommand({ Status }));
  return Statements?.map(({ Id }) => Id as string) ?? [];
};
/** As many as run at a time; the rest waits. */
const untilFull = () => expect.poll(async () => (await idsIn('STARTED')).length, { timeout: 10_000 }).toBe(50);
const cancel = (Id: string | undefined) => redshift.client.send(new CancelStatementCommand({ Id }));

describe('A hundred statements at once', () => {
  it('have each its own result and one event, and cancelling some leaves the rest alone', async () => {
    // Prepare
    await shutGate();
    const sqlOf = (i: number) => `select ${i}::int as i from (select count(*) from gate) g`;
    const ids = await Promise.all(Array.from({ length: 100 }, (_, i) => redshift.start(sqlOf(i))));
    await untilFull();
    const [running, waiting] = [await idsIn('STARTED'), await idsIn('SUBMITTED')];
    const pids = await Promise.all(running.map(async (id) => (await redshift.describe(id)).RedshiftPid));

    // Act
    const cancelled = [running[10], waiting[10]];
    await Promise.all(cancelled.map(cancel));
    // With the gate open a running one might finish before it is stopped.
    await Promise.all(cancelled.map((id) => redshift.events.ended(String(id))));
    await openGate();
    const events = await Promise.all(ids.map((id) => redshift.events.ended(id)));
    const left = ids.filter((id) => !cancelled.includes(id));
    const results = await Promise.all(left.map((Id) => redshift.client.send(new GetStatementResultCommand({ Id }))));

    // Assess
    expect(new Set(pids).size).toBe(50);
    expect(waiting).toHaveLength(50);
    expect(events.map(({ detail }) => detail.state)).toEqual(
      ids.map((id) => (cancelled.includes(id) ? 'ABORTED' : 'FINISHED')),
    );
    expect(ids.map((id) => redshift.events.of(id).length)).toEqual(ids.map(() => 1));
    expect(results.map(({ Records }) => Records?.[0]?.[0]?.longValue)).toEqual(left.map((id) => ids.indexOf(id)));
  });

  it('that wait set nothing to wake for: they cost no time', async () => {
    // Prepare
    await shutGate();
    const ids = await Promise.all(Array.from({ length: 60 }, () => redshift.start('select count(*) from gate')));
    await untilFull();
    const alarms = vi.spyOn(redshift.stage.clock, 'after');

    // Act: what waited on the clock would be woken, and look and wait again
    redshift.stage.clock.advance(3600 * 1000);
    const started = await idsIn('STARTED');
    const alarmsSet = alarms.mock.calls.length;
    alarms.mockRestore();
    await openGate();
    await Promise.all(ids.map((id) => redshift.events.ended(id)));

    // Assess
    expect(started).toHaveLength(50);
    expect(alarmsSet).toBe(0);
  });
});

describe('What comes while the Data API ends', () => {
  it('is answered with a failure of the environment, under the id of a statement that will not run', async () => {
    // Prepare
    const stage = await startGateway();
    const service = createRedshiftData({
      account,
      clock: stage.clock,
      events: new EventSpy(),
      postgres: { url: redshift.url },
      warehouses: new Warehouses(),
      secrets: redshift.secrets,
      roles: stage.identities,
      endpoint: () => stage.endpoint,
      log: silentLog,
    });
    stage.gateway.register(service);
    const client = new RedshiftDataClient(stage.client());
    await service.close();

    // Act
    const single = await client
      .send(new ExecuteStatementCommand({ ...TARGET, Sql: 'select 1' }))
      .catch((error: unknown) => error);
    const batch = await client
      .send(new BatchExecuteStatementCommand({ ...TARGET, Sqls: ['select 1'] }))
      .catch((error: unknown) => error);
    client.destroy();
    await stage.close();

    // Assess
    const rest = { StatementId: expect.any(String) as string, $metadata: { httpStatusCode: 500 } };
    expect(single).toMatchObject({ name: 'ExecuteStatementException', ...rest });
    expect(batch).toMatchObject({ name: 'BatchExecuteStatementException', ...rest });
  });
});
