import { createServer } from 'node:net';
import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  GetStatementResultCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { type TemporaryDirectory, temporaryDirectory } from '../../helpers/assembly.ts';
import { leftBehind } from '../../helpers/left-behind.ts';
import { BIN, type Running, runCommand, runNode } from '../../helpers/serve.ts';

interface Announcement {
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly postgres: string;
}

let temporary: TemporaryDirectory;

const start = (...args: readonly string[]): Running => runCommand(['redshift', ...args], temporary.path);

const announced = async ({ firstLine, ended }: Running): Promise<Announcement> => {
  const line = await firstLine;
  if (line === undefined) throw new Error(`ended without a line: ${(await ended).stderr}`);
  return JSON.parse(line) as Announcement;
};

describe('sfn-redshift-local redshift', () => {
  let running: Running;
  let announcement: Announcement;
  let client: RedshiftDataClient;
  let s3: S3Client;

  beforeAll(async () => {
    temporary = temporaryDirectory();
    running = start();
    announcement = await announced(running);
    const { endpoint, region } = announcement;
    const common = { endpoint, region, credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };
    client = new RedshiftDataClient(common);
    s3 = new S3Client({ ...common, forcePathStyle: true });
  });

  afterAll(async () => {
    running.child.kill('SIGTERM');
    const { code, stdout } = await running.ended;
    const left = leftBehind(temporary.path);
    temporary.remove();
    expect({ code, lines: stdout.trimEnd().split('\n').length, left }).toEqual({ code: 0, lines: 1, left: [] });
  });

  const run = async (Sql: string, options: Partial<ExecuteStatementCommandInput> = { WorkgroupName: 'any-name' }) => {
    const { Id } = await client.send(new ExecuteStatementCommand({ Database: 'dev', Sql, ...options }));
    return await vi.waitFor(
      async () => {
        const description = await client.send(new DescribeStatementCommand({ Id }));
        expect(['FINISHED', 'FAILED']).toContain(description.Status);
        return description;
      },
      { timeout: 20_000, interval: 20 },
    );
  };
  const rowsOf = async (sql: string) => {
    const { Id, Error: error } = await run(sql);
    if (error) throw new Error(error);
    return (await client.send(new GetStatementResultCommand({ Id }))).Records;
  };

  it('prints one line of JSON when ready, with which an SDK runs SQL on a warehouse of any name', async () => {
    expect(announcement).toEqual({
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
      region: 'us-east-1',
      accountId: '000000000000',
      postgres: expect.stringMatching(/^postgres:\/\//) as string,
    });
    expect(await rowsOf('select 1')).toEqual([[{ longValue: 1 }]]);
  });

  it('loads from its S3, under a role of any name', async () => {
    // Prepare
    await s3.send(new CreateBucketCommand({ Bucket: 'data' }));
    await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'in/1.csv', Body: '1,one\n2,two\n' }));
    await run('create table loaded (i int, name varchar(10))');

    // Act
    const { Error: error } = await run(
      "copy loaded from 's3://data/in/' iam_role 'arn:aws:iam::000000000000:role/path/loader' csv",
    );

    // Assess
    expect(error).toBeUndefined();
    expect(await rowsOf('select count(*) from loaded')).toEqual([[{ longValue: 2 }]]);
  });

  it('plays scripts that come over HTTP, on a clock that HTTP advances', async () => {
    // Prepare
    const post = (path: string, body: object) =>
      fetch(`${announcement.endpoint}/_stage/${path}`, { method: 'POST', body: JSON.stringify(body) });
    await post('redshift/scripts', { sql: { contains: 'nightly' }, like: 'fullDay' });
    const before = (await (await fetch(`${announcement.endpoint}/_stage/clock`)).json()) as { now: string };

    // Act: a scripted statement of a day
    const ended = run('call nightly()');
    const DAY_MS = 24 * 3600 * 1000;
    const advanced = vi.waitFor(async () => {
      await post('clock', { advanceMs: DAY_MS });
      expect((await ended).Status).toBe('FINISHED');
    }, 10_000);

    // Assess
    await advanced;
    const after = (await (await fetch(`${announcement.endpoint}/_stage/clock`)).json()) as { now: string };
    expect(Date.parse(after.now) - Date.parse(before.now)).toBeGreaterThanOrEqual(DAY_MS);
    expect((await post('clock', { advanceMs: -1 })).status).toBe(400);
  });

  it('serves nothing else', async () => {
    const headers = { 'x-amz-target': 'AWSStepFunctions.ListStateMachines' };
    const answer = await fetch(announcement.endpoint, { method: 'POST', headers, body: '{}' });
    expect(await answer.json()).toMatchObject({ message: 'This stage runs no service states.' });
  });
});

describe('sfn-redshift-local redshift, however it ends,', () => {
  beforeEach(() => {
    temporary = temporaryDirectory();
  });
  afterEach(() => {
    const left = leftBehind(temporary.path);
    temporary.remove();
    expect(left).toEqual([]);
  });

  it('is gone with its databases when its parent is killed', async () => {
    const parent = `require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' })`;
    const orphan = runNode(['-e', parent, BIN, 'redshift'], temporary.path);
    await announced(orphan);
    orphan.child.kill('SIGKILL');
    // The orphan holds the same standard output, so this waits for its end too.
    expect(await orphan.ended).toMatchObject({ signal: 'SIGKILL' });
    await vi.waitFor(() => expect(leftBehind(temporary.path)).toEqual([]), { timeout: 10_000 });
  });

  it('is gone when it is killed itself', async () => {
    const running = start();
    await announced(running);
    running.child.kill('SIGKILL');
    await running.ended;
    await vi.waitFor(() => expect(leftBehind(temporary.path)).toEqual([]), { timeout: 10_000 });
  });

  it('knows the warehouses that are named, on the PostgreSQL that is named', async () => {
    const running = start('--postgres', inject('postgresUrl'), '--warehouse', 'cluster:mine');
    const { endpoint, region, postgres } = await announced(running);
    const client = new RedshiftDataClient({
      endpoint,
      region,
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    });
    const execute = (ClusterIdentifier: string) =>
      client.send(new ExecuteStatementCommand({ ClusterIdentifier, Database: 'dev', Sql: 'select 1' }));
    const [mine, other] = await Promise.allSettled([execute('mine'), execute('other')]);
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 0 });
    expect(postgres).toBe(inject('postgresUrl'));
    expect([mine.status, other.status]).toEqual(['fulfilled', 'rejected']);
  });

  it('says in one line that PostgreSQL does not answer, without the password', async () => {
    const { code, stdout, stderr } = await start('--postgres', 'postgres://u:pw@127.0.0.1:1/d').ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^sfn-redshift-local: No PostgreSQL answers at postgres:\/\/u@127\.0\.0\.1:1\/d: .*\n$/);
  });

  it('ends at once while it waits for a PostgreSQL that accepts and says nothing', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    const connected = new Promise((resolve) => server.once('connection', resolve));
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const running = start('--postgres', `postgres://u:pw@127.0.0.1:${port}/d`);
    await connected;
    running.child.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0, stdout: '' });
    server.close();
  });
});
