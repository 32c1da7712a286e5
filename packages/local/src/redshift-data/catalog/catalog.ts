import { DatabaseError } from 'pg';
import type { Clock } from '../../common/clock.ts';
import { databaseConnectionError, queryTimeout, RedshiftError, validationError } from '../errors.ts';
import type { Backend, Session } from '../postgres/backend.ts';
import { errorText } from '../postgres/error-text.ts';
import type { Target } from '../target.ts';

/** AWS gives no number; this is the stage's. */
const TIMEOUT_MS = 30_000;
/** PostgreSQL's class of errors that come from the values of a query, such as a pattern that ends in an escape. */
const BAD_VALUE = /^22/;
/** Its class for a server that is shutting down. */
const SHUTDOWN = /^57P/;

export type CatalogRow = Readonly<Record<string, string | null>>;

/** What databases, schemas, tables and columns there are, as far as a database user may see them. */
export class Catalog {
  readonly #backend: Backend;
  readonly #clock: Clock;

  constructor(backend: Backend, clock: Clock) {
    this.#backend = backend;
    this.#clock = clock;
  }

  /** The databases of the target's warehouse that have been named so far, the target's own among them. */
  async databases(target: Target): Promise<readonly string[]> {
    await this.query(target, 'select');
    return this.#backend.databasesOf(target.warehouse);
  }

  /**
   * Asks in a session of the target's user; values come as text.
   *
   * @throws AwsError `DatabaseConnectionException`, `QueryTimeoutException` after 30 s of the stage's clock,
   * `ValidationException` for values that the database does not take
   */
  async query(target: Target, sql: string, values: readonly (string | undefined)[] = []): Promise<CatalogRow[]> {
    const timeout = new AbortController();
    const timer = this.#clock.after(TIMEOUT_MS, () => timeout.abort());
    try {
      return await this.#inSession(target, sql, values, timeout.signal);
    } catch (error) {
      throw timeout.signal.aborted ? queryTimeout() : error;
    } finally {
      timer.cancel();
    }
  }

  async #inSession(
    target: Target,
    sql: string,
    values: readonly (string | undefined)[],
    signal: AbortSignal,
  ): Promise<CatalogRow[]> {
    const session = await this.#connect(target, signal);
    const stop = () => void this.#backend.terminate(session.pid);
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      const { rows } = await session.client.query<CatalogRow>(sql, [...values]);
      return rows;
    } catch (error) {
      throw asAwsError(error);
    } finally {
      signal.removeEventListener('abort', stop);
      await session.client.end();
    }
  }

  async #connect(target: Target, signal: AbortSignal): Promise<Session> {
    try {
      return await this.#backend.connect(target, signal);
    } catch (error) {
      throw error instanceof RedshiftError ? validationError(error.message) : databaseConnectionError();
    }
  }
}

const asAwsError = (error: unknown): unknown => {
  if (!(error instanceof DatabaseError) || SHUTDOWN.test(error.code ?? '')) return databaseConnectionError();
  return BAD_VALUE.test(error.code ?? '') ? validationError(errorText(error)) : error;
};
