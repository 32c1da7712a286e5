import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { makePrivateDirectory, placeBinaries } from './postgres-home.ts';
import { runProgram, type ServerProcess, startServer } from './postgres-processes.ts';

const SUPERUSER = 'postgres';
/** A free port can be taken by somebody else before PostgreSQL binds it. */
const PORT_TRIES = 5;

/** Everything is thrown away in the end, so durability is not paid for. Nobody reads the log, and SQL is kept out of it. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // As many as sessions may be open on one warehouse, and more for what runs beside them.
  max_connections: '600',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
};

export interface RunningCluster {
  readonly url: string;
  readonly server: ServerProcess;
}

/** A new, empty PostgreSQL in `home`, listening on a loopback port, open to nobody without its password. */
export const startCluster = async (home: string, native: string, signal: AbortSignal): Promise<RunningCluster> => {
  const binaries = await placeBinaries(home, native);
  const data = await makePrivateDirectory(home, 'data');
  signal.throwIfAborted();
  const password = await initialize(home, join(binaries, 'bin', 'initdb'), data, signal);
  return await startOnFreePort(join(binaries, 'bin', 'postgres'), data, password);
};

/** UTF-8, compared byte by byte as in Redshift. Returns the superuser's password, which is kept in no file. */
const initialize = async (home: string, initdb: string, data: string, signal: AbortSignal): Promise<string> => {
  const password = randomBytes(24).toString('hex');
  const passwordFile = join(await makePrivateDirectory(home, 'password'), 'password');
  await writeFile(passwordFile, password, { mode: 0o644 });
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--encoding=UTF8'];
  const login = [`--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  await runProgram(initdb, [`--pgdata=${data}`, ...login, ...locale, '--no-sync', '--no-instructions'], signal);
  await rm(join(home, 'password'), { recursive: true });
  return password;
};

const startOnFreePort = async (
  postgres: string,
  data: string,
  password: string,
  triesLeft = PORT_TRIES,
): Promise<RunningCluster> => {
  const port = await freePort();
  const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  try {
    const server = await startServer(postgres, ['-D', data, ...settings]);
    return { url: `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`, server };
  } catch (error) {
    if (triesLeft <= 1 || !isPortTaken(error)) throw error;
    return await startOnFreePort(postgres, data, password, triesLeft - 1);
  }
};

/** PostgreSQL's last words when it can bind no address. */
const isPortTaken = (error: unknown): boolean => String(error).includes('could not create any TCP/IP sockets');

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
};
