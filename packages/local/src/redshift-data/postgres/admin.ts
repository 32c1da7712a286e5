import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { parse, toClientConfig } from 'pg-connection-string';

/** Waited for a free connection of the server, or for its answer to a new one. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Guards what several stages on one server have in common (roles): an advisory lock of the maintenance database. */
const LOCK = 7_359_126_017;

/** The stage's own access to the server, as superuser; no statement of a user ever runs on it. */
export class Admin {
  /** Part of the names of all that the stage makes on the server, so that stages do not meet. */
  readonly stageId = randomBytes(4).toString('hex');
  readonly #config: pg.ClientConfig;
  readonly #pool: pg.Pool;

  constructor(url: string) {
    this.#config = { ...toClientConfig(parse(url)), connectionTimeoutMillis: CONNECT_TIMEOUT_MS };
    this.#pool = new pg.Pool({ ...this.#config, max: 3, allowExitOnIdle: true });
    // An idle connection that breaks is replaced at the next query, which tells what is wrong.
    this.#pool.on('error', () => undefined);
  }

  async query(sql: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
    const { rows } = await this.#pool.query<Record<string, unknown>>(sql, [...values]);
    return rows;
  }

  /** Several statements as one transaction, one stage at a time. */
  async exclusively(...statements: readonly string[]): Promise<void> {
    await this.#pool.query([`select pg_advisory_xact_lock(${LOCK})`, ...statements].join(';\n'));
  }

  /** A new connection, not yet made, as somebody else or elsewhere. */
  client(config: pg.ClientConfig): pg.Client {
    const client = new pg.Client({ ...this.#config, ...config });
    // Whoever waits for a query is told of a broken connection by the query; nobody else is concerned.
    client.on('error', () => undefined);
    return client;
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
