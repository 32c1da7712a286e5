import { type ChildProcess, fork } from 'node:child_process';
import pg from 'pg';
import type { Log } from '../common/log.ts';
import { workerUrl } from '../common/worker-url.ts';
import { locateBinaries, PostgresError } from './postgres-binaries.ts';
import type { KeeperMessage } from './postgres-keeper.ts';
import { type ServerFacts, shortcomingOf } from './postgres-requirements.ts';

/** A server that is there answers at once; a host that is not there says nothing. */
const CONNECT_TIMEOUT_MS = 10_000;

/** A PostgreSQL the stage may do with as it likes. */
export interface PostgresServer {
  /** Superuser's URL of the maintenance database, `postgres://…`; holds the password. */
  readonly url: string;
  /** Ends what the stage started; leaves a server that it was given alone. May be called more than once. */
  close(): Promise<void>;
}

/**
 * Starts a new, empty PostgreSQL on a loopback port, from the binaries that npm installed. It ends, and its files go,
 * at `close()` and whenever this process ends.
 *
 * @param options.signal gives up a start under way: rejects with the signal's reason, when all is cleaned up
 * @throws PostgresError when there are no binaries for this platform, or the server does not start
 */
export const startEmbeddedPostgres = async (
  log: Log,
  options: { readonly signal?: AbortSignal } = {},
): Promise<PostgresServer> => {
  options.signal?.throwIfAborted();
  const keeper = startKeeper(locateBinaries());
  const exited = new Promise<void>((resolve) => keeper.once('exit', () => resolve()).once('error', () => resolve()));
  let closing = false;
  const close = async (): Promise<void> => {
    closing = true;
    keeper.ref();
    if (keeper.connected) keeper.disconnect();
    await exited;
  };
  const url = await urlFrom(keeper, close, options.signal);
  keeper.once('exit', () => closing || log.warn('PostgreSQL has ended by itself'));
  // From here on the server alone keeps nobody's process alive.
  keeper.unref();
  keeper.channel?.unref();
  return { url, close };
};

/**
 * Uses a server that runs already. The stage makes its own databases there and removes them when it closes; it may also
 * leave roles, since a role's name is the database user's name.
 *
 * @param options.signal gives up asking the server: rejects with the signal's reason
 * @throws PostgresError in one line, when the server does not answer, is too old, or the user is not a superuser
 */
export const usePostgres = async (
  url: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<PostgresServer> => {
  const facts = await askOnce(url, options.signal).catch((error: unknown) => {
    options.signal?.throwIfAborted();
    throw new PostgresError(`No PostgreSQL answers at ${withoutPassword(url)}: ${reason(error)}`);
  });
  const shortcoming = shortcomingOf(facts, withoutPassword(url));
  if (shortcoming) throw new PostgresError(shortcoming);
  return { url, close: () => Promise.resolve() };
};

/** No environment of ours but where temporary files go; nothing is inherited that would keep a pipe of ours open. */
const startKeeper = (binaries: string): ChildProcess =>
  fork(workerUrl(import.meta.url, 'postgres-keeper'), [binaries], {
    detached: true,
    execArgv: [],
    env: Object.fromEntries(['TMPDIR', 'TMP', 'TEMP'].flatMap((name) => environmentEntry(name))),
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });

const environmentEntry = (name: string): [string, string][] => {
  const value = process.env[name];
  return value === undefined ? [] : [[name, value]];
};

const urlFrom = async (keeper: ChildProcess, close: () => Promise<void>, signal?: AbortSignal): Promise<string> => {
  const message = await firstMessage(keeper, signal);
  if (message && 'url' in message) return message.url;
  await close();
  signal?.throwIfAborted();
  throw new PostgresError(message?.error ?? 'PostgreSQL ended while starting');
};

const firstMessage = (keeper: ChildProcess, signal?: AbortSignal): Promise<KeeperMessage | undefined> =>
  new Promise((resolve) => {
    keeper.once('message', (message) => resolve(message as KeeperMessage));
    keeper.once('exit', () => resolve(undefined));
    keeper.once('error', (error) => resolve({ error: `The keeper of PostgreSQL did not start: ${error.message}` }));
    signal?.addEventListener('abort', () => resolve(undefined), { once: true });
  });

const FACTS = `
  select rolsuper as "isSuperuser", current_setting('server_version_num')::int as "versionNumber"
  from pg_roles where rolname = current_user`;

/** `signal` cuts the connection, at whatever point it is. */
const askOnce = async (url: string, signal: AbortSignal | undefined): Promise<ServerFacts> => {
  signal?.throwIfAborted();
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined);
  const cut = () => void client.connection.stream.destroy(new Error('given up'));
  signal?.addEventListener('abort', cut, { once: true });
  try {
    await client.connect();
    const { rows } = await client.query<ServerFacts>(FACTS);
    return rows[0] ?? { isSuperuser: false, versionNumber: 0 };
  } finally {
    signal?.removeEventListener('abort', cut);
    await client.end().catch(() => undefined);
  }
};

/** A refused connection to a name with several addresses is an AggregateError, whose own message is empty. */
const reason = (error: unknown): string => {
  if (error instanceof AggregateError) return reason(error.errors[0]);
  return error instanceof Error ? error.message.split('\n')[0] || error.name : String(error);
};

const withoutPassword = (url: string): string => {
  const parsed = URL.parse(url);
  if (!parsed) return 'that URL';
  parsed.password = '';
  // It may hold a password too, and says nothing of where the server is.
  parsed.search = '';
  return parsed.href;
};
