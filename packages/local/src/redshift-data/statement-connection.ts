import type { Clock } from '../common/clock.ts';
import { RedshiftError } from './errors.ts';
import type { Backend, Session } from './postgres/backend.ts';
import { stopGently } from './postgres/stop-gently.ts';
import type { Statement } from './statement.ts';

export interface ConnectionDeps {
  readonly backend: Backend;
  readonly clock: Clock;
}

/** What a statement does on its connection; `stop` ends it from the stage's side. */
export type Work<T> = (connection: Session, stop: () => void) => Promise<T>;

/** The connection that a statement runs on, made when first needed: one of its own, or its session's, which outlives it. */
export class StatementConnection {
  readonly #statement: Statement;
  readonly #deps: ConnectionDeps;
  #own: Session | undefined;

  constructor(statement: Statement, deps: ConnectionDeps) {
    this.#statement = statement;
    this.#deps = deps;
  }

  /** Undefined before the first work. */
  get current(): Session | undefined {
    return this.#statement.session?.connection ?? this.#own;
  }

  /**
   * Does `work`, and stops it when the statement is cancelled. When this has settled nothing of it runs any more, and no
   * request to stop is on its way that could meet what comes next.
   */
  async run<T>(work: Work<T>): Promise<T> {
    const { cancellation } = this.#statement;
    const connection = await this.#open();
    const over = new AbortController();
    let stopping: Promise<void> | undefined;
    const stop = () => {
      stopping ??= this.#stop(connection, over.signal);
    };
    cancellation.throwIfAborted();
    cancellation.addEventListener('abort', stop, { once: true });
    try {
      return await work(connection, stop);
    } finally {
      cancellation.removeEventListener('abort', stop);
      over.abort();
      await stopping;
    }
  }

  /** Ends one of its own. One of a session is left, unless it is dead. */
  async close(): Promise<void> {
    const { session } = this.#statement;
    await this.#own?.client.end();
    if (!session) return;
    // An empty query: it waits for the end of whatever was there before, and breaks when the connection has.
    const isAlive = await session.connection?.client.query('').then(
      () => true,
      () => false,
    );
    if (isAlive === false) session.close();
  }

  async #open(): Promise<Session> {
    const { cancellation, session, submission } = this.#statement;
    cancellation.throwIfAborted();
    if (session?.status === 'CLOSED') throw new RedshiftError('ERROR: The session has been closed');
    const connection = this.current ?? (await this.#deps.backend.connect(submission.target, cancellation));
    if (connection !== this.current) {
      if (session) session.keep(connection);
      else this.#own = connection;
    }
    this.#statement.started(connection.pid);
    return connection;
  }

  /** A connection of a single statement is of no use without it, and ending it cannot be caught. */
  #stop({ pid }: Session, isOver: AbortSignal): Promise<void> {
    const { backend, clock } = this.#deps;
    const { session, isBatch, cancellation } = this.#statement;
    if (!session && (cancellation.aborted || !isBatch)) return backend.terminate(pid);
    return stopGently(backend, pid, isOver, clock);
  }
}
