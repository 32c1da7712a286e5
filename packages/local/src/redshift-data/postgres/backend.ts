import { type Client, type ClientConfig, DatabaseError, escapeIdentifier } from 'pg';
import type { Clock } from '../../common/clock.ts';
import type { Log } from '../../common/log.ts';
import type { Target } from '../target.ts';
import type { Warehouse } from '../warehouses.ts';
import { Admin } from './admin.ts';
import { Databases } from './databases.ts';
import { DatabaseUsers } from './users.ts';

/** A session of a database user. */
export interface Session {
  readonly client: Client;
  /** Of the back end that serves it. */
  readonly pid: number;
}

const TOO_MANY_CONNECTIONS = '53300';
const WAIT_FOR_PLACE_MS = 100;
const AS_TEXT = { getTypeParser: () => (value: unknown) => value };

/** The PostgreSQL behind the warehouses. */
export class Backend {
  readonly #admin: Admin;
  readonly #databases: Databases;
  readonly #users: DatabaseUsers;
  readonly #granted = new Map<string, Promise<void>>();
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(url: string, { clock, log }: { clock: Clock; log: Log }) {
    this.#clock = clock;
    this.#admin = new Admin(url);
    this.#databases = new Databases(this.#admin);
    this.#users = new DatabaseUsers(this.#admin);
    this.#log = log;
  }

  /**
   * A new session; values come as PostgreSQL writes them. Waits for a place on a server that has none left, as long as
   * `signal` lets it.
   */
  async connect({ warehouse, database, user }: Target, signal: AbortSignal): Promise<Session> {
    const [name, login] = await Promise.all([this.#databases.ensure(warehouse, database), this.#users.ensure(user)]);
    await this.#grantOnce(name, login.user, user);
    for (;;) {
      const session = await this.#tryConnect({ ...login, database: name });
      if (session) return session;
      await this.#clock.sleep(WAIT_FOR_PLACE_MS, signal);
    }
  }

  /** By the names that users know them by. */
  databasesOf(warehouse: Warehouse): readonly string[] {
    return this.#databases.of(warehouse);
  }

  /** Undefined when the server, or the user, has as many connections as it may have. */
  async #tryConnect(config: ClientConfig): Promise<Session | undefined> {
    const client = this.#admin.client({ ...config, types: AS_TEXT });
    try {
      await client.connect();
      return { client, pid: Number((client as unknown as { processID: number }).processID) };
    } catch (error) {
      await client.end();
      if (error instanceof DatabaseError && error.code === TOO_MANY_CONNECTIONS) return undefined;
      throw error;
    }
  }

  /**
   * Ends a back end, whatever it does. Ending rather than cancelling: a cancel request that comes before the query does
   * nothing, and SQL can catch it; a session that serves one statement is of no use after it.
   */
  terminate(pid: number): Promise<void> {
    return this.#signal('pg_terminate_backend', pid);
  }

  /** Ends what a back end does at the moment, unless that catches it. Resolves when the back end has been told. */
  cancel(pid: number): Promise<void> {
    return this.#signal('pg_cancel_backend', pid);
  }

  async #signal(how: 'pg_cancel_backend' | 'pg_terminate_backend', pid: number): Promise<void> {
    try {
      await this.#admin.query(`select ${how}($1)`, [pid]);
    } catch (error) {
      this.#log.warn('a back end could not be ended', { error: error instanceof Error ? error.name : 'unknown' });
    }
  }

  /** Removes what was made on the server. A server that is gone already needs no cleaning. */
  async close(): Promise<void> {
    try {
      await this.#databases.drop();
      await this.#users.drop();
    } catch (error) {
      this.#log.warn('databases or users may be left on the PostgreSQL server', { error: String(error) });
    } finally {
      await this.#admin.close();
    }
  }

  #grantOnce(database: string, login: string, user: string): Promise<void> {
    const key = `${database}/${login}`;
    const granting = this.#granted.get(key) ?? this.#grant(escapeIdentifier(database), login, user);
    this.#granted.set(key, granting);
    granting.catch(() => this.#granted.delete(key));
    return granting;
  }

  /** Users may make schemas, since there is no administrator who would make them. */
  async #grant(database: string, login: string, user: string): Promise<void> {
    await this.#admin.exclusively(
      `grant connect, temporary on database ${database} to ${escapeIdentifier(login)}`,
      `grant create, temporary on database ${database} to ${escapeIdentifier(user)}`,
    );
  }
}
