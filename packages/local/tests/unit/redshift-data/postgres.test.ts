import { CancelStatementCommand, ExecuteStatementCommand } from '@aws-sdk/client-redshift-data';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/common/log.ts';
import { type PostgresServer, startEmbeddedPostgres } from '../../../src/services/postgres.ts';
import { prepareSlow, SLEEP, SLOW, startRedshiftOn, TARGET } from '../../helpers/redshift.ts';

let postgres: PostgresServer;
let server: pg.Client;
beforeAll(async () => {
  postgres = await startEmbeddedPostgres(silentLog);
  server = new pg.Client({ connectionString: postgres.url });
  await server.connect();
});
afterAll(async () => {
  await server.end();
  await postgres.close();
});

const names = async (sql: string): Promise<string[]> => {
  const { rows } = await server.query<{ name: string }>(sql);
  return rows.map(({ name }) => name);
};
const databases = () => names('select datname as name from pg_database order by 1');
const roles = () => names(`select rolname as name from pg_roles where rolname !~ '^pg_' order by 1`);
const connections = () =>
  names(`select usename as name from pg_stat_activity where usename is not null and pid <> pg_backend_pid()`);

describe('On one server', () => {
  it('two stages do not see each other, and leave it as it was', async () => {
    // Prepare
    const before = { databases: await databases(), roles: await roles() };
    const [one, two] = await Promise.all([startRedshiftOn(postgres), startRedshiftOn(postgres)]);

    // Act
    await one.run('create table mine (i int)');
    const elsewhere = await two.run('create table mine (i text)');
    await one.close();
    const after = await two.run("insert into mine values ('still here')");
    await two.close();

    // Assess
    expect([elsewhere.Status, after.Status]).toEqual(['FINISHED', 'FINISHED']);
    expect({ databases: await databases(), roles: await roles() }).toEqual(before);
  });

  it('closing ends what runs and what waits, without events', async () => {
    // Prepare
    const redshift = await startRedshiftOn(postgres);
    await prepareSlow(redshift);
    const eventsBefore = redshift.events.events.length;
    const id = await redshift.start(SLOW);
    await redshift.waitFor(id, 'STARTED');

    // Act
    await redshift.close();

    // Assess
    expect(redshift.events.events).toHaveLength(eventsBefore);
    expect((await databases()).filter((name) => name.startsWith('redshift_'))).toEqual([]);
    expect((await connections()).filter((name) => name !== 'postgres')).toEqual([]);
  });

  it('that has no connection left, statements wait for one', async () => {
    // Prepare
    const redshift = await startRedshiftOn(postgres);
    await redshift.run('select 1');
    const [login] = (await roles()).filter((name) => name.startsWith('redshift_'));
    await server.query(`alter role "${login}" connection limit 1`);
    const holder = await redshift.start(SLEEP);
    await redshift.waitFor(holder, 'STARTED');

    // Act
    const [waiting, cancelled] = [await redshift.start('select 1'), await redshift.start('select 1')];
    const picked = await redshift.waitFor(waiting, 'PICKED');
    await redshift.client.send(new CancelStatementCommand({ Id: cancelled }));
    const aborted = await redshift.events.ended(cancelled);
    await redshift.client.send(new CancelStatementCommand({ Id: holder }));
    const finished = await redshift.events.ended(waiting);
    await redshift.close();

    // Assess
    expect(picked.RedshiftPid).toBe(0);
    expect(aborted.detail.state).toBe('ABORTED');
    expect(finished.detail.state).toBe('FINISHED');
  });

  it('that has gone away, statements fail and closing ends', async () => {
    // Prepare
    const own = await startEmbeddedPostgres(silentLog);
    const redshift = await startRedshiftOn(own);
    await redshift.run('select 1');
    await own.close();

    // Act
    const { Status, Error: error } = await redshift.run('select 1');
    await redshift.close();

    // Assess
    expect(Status).toBe('FAILED');
    expect(error).toMatch(/^ERROR: .+/);
  });
});

describe('A database user', () => {
  it('cannot become more than it is, nor see what is not its own', async () => {
    // Prepare
    const redshift = await startRedshiftOn(postgres);
    const run = async (sql: string, DbUser = 'etl') => (await redshift.run(sql, { DbUser })).Error;
    await run('create table private (i int)', 'other');
    await redshift.run('select 1', { Database: 'second', DbUser: 'other' });

    // Act, Assess
    expect(await run('select * from private')).toContain('permission denied for table private');
    expect(await run('set role other')).toContain('permission denied to set role "other"');
    expect(await run('set session authorization postgres')).toContain('permission denied');
    await run('create procedure escape() as $$ begin reset role; drop table private; end $$ language plpgsql');
    expect(await run('call escape()')).toContain('must be owner of table private');
    expect(await run('select * from pg_authid')).toContain('permission denied for table pg_authid');
    expect(await run("select pg_read_file('/etc/passwd')")).toContain('permission denied for function pg_read_file');
    expect(await run('select pg_terminate_backend(pid) from pg_stat_activity')).toContain('permission denied');
    await redshift.close();
  });

  it('may make tables and schemas', async () => {
    const redshift = await startRedshiftOn(postgres);
    expect((await redshift.run('create schema staging')).Status).toBe('FINISHED');
    expect((await redshift.run('create table staging.t (i int)')).Status).toBe('FINISHED');
    await redshift.close();
  });

  it('is never a role that the server had before, and no longer than 63 bytes', async () => {
    // Prepare
    const redshift = await startRedshiftOn(postgres);
    await server.query('create role theirs');

    // Act
    const superuser = await redshift.run('select 1', { DbUser: 'postgres' });
    const theirs = await redshift.run('select 1', { DbUser: 'theirs' });
    const long = await redshift.run('select 1', { DbUser: 'x'.repeat(64) });
    await redshift.close();

    // Assess
    expect(superuser).toMatchObject({
      Status: 'FAILED',
      Error: expect.stringContaining('database user postgres is a role of the PostgreSQL server') as string,
    });
    expect(theirs.Status).toBe('FAILED');
    expect(long.Error).toContain('more than 63 bytes');
    expect(await roles()).toEqual(['postgres', 'theirs']);
    await server.query('drop role theirs');
  });

  it('and a database may have any name', async () => {
    // Prepare
    const redshift = await startRedshiftOn(postgres);
    const options = { Database: `it's "a" ${'long '.repeat(20)}`, DbUser: `o'brien "x"` };

    // Act
    const { Records } = await redshift.query('select current_user', options);
    await redshift.close();

    // Assess
    expect(Records).toEqual([[{ stringValue: options.DbUser }]]);
  });

  it('needs its database made once, however many statements name it first', async () => {
    // Prepare
    const redshift = await startRedshiftOn(postgres);
    const Sql = 'select 1';

    // Act
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const { Id } = await redshift.client.send(new ExecuteStatementCommand({ ...TARGET, Sql, WithEvent: true }));
        return Id as string;
      }),
    );
    const events = await Promise.all(ids.map((id) => redshift.events.ended(id)));
    const made = (await databases()).filter((name) => name.startsWith('redshift_'));
    await redshift.close();

    // Assess
    expect(events.map(({ detail }) => detail.state)).toEqual(ids.map(() => 'FINISHED'));
    expect(made).toHaveLength(1);
    expect(made[0]).toMatch(/^redshift_[0-9a-f]{8}_1_c1_dev$/);
  });
});

describe('An operation that is not served', () => {
  it('is refused by name', async () => {
    // Prepare
    const redshift = await startRedshiftOn(postgres);

    // Act
    const response = await fetch(redshift.stage.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'RedshiftData.ExecuteNothing' },
      body: '{}',
    });
    const body: unknown = await response.json();
    await redshift.close();

    // Assess
    expect(response.status).toBe(404);
    expect(body).toMatchObject({
      __type: 'UnknownOperationException',
      Message: 'Operation ExecuteNothing is not supported by the local stage.',
    });
  });
});
