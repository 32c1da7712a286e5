import { randomUUID } from 'node:crypto';
import type { Clock, Timer } from '../../common/clock.ts';
import type { Session } from '../postgres/backend.ts';
import type { Statement } from '../statement.ts';
import type { Target } from '../target.ts';

/** No session lives longer, whatever it does. */
export const LONGEST_LIFE_MS = 24 * 3600 * 1000;

export const SESSION_STATUSES = ['AVAILABLE', 'BUSY', 'CLOSED'] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];

/** Who opened a session, and where. */
export interface SessionOrigin {
  readonly target: Target;
  /** As of a statement. */
  readonly owner: string;
  readonly principal: string;
  readonly userId: string;
}

export interface SessionDeps {
  readonly clock: Clock;
  /** Ends the statement that runs in a session whose time is over. */
  readonly cancel: (statement: Statement) => void;
}

/**
 * A database session that outlives its statements: one at a time, until it has been idle for too long or is a day old.
 * Times are epoch milliseconds of the stage's clock.
 */
export class DatabaseSession {
  readonly id = randomUUID() as string;
  readonly origin: SessionOrigin;
  readonly createdAt: number;
  readonly #deps: SessionDeps;
  readonly #lastMoment: Timer;
  #idle: Timer | undefined;
  #updatedAt: number;
  #keepAliveSeconds: number;
  #current: Statement | 'reserved' | undefined;
  /** To be closed as soon as what runs has ended. */
  #isOver = false;
  #isClosed = false;
  #connection: Session | undefined;

  /** @param keepAliveSeconds how long it stays after a statement has ended, if no other comes */
  constructor(origin: SessionOrigin, keepAliveSeconds: number, deps: SessionDeps) {
    this.origin = origin;
    this.#keepAliveSeconds = keepAliveSeconds;
    this.#deps = deps;
    this.createdAt = deps.clock.now();
    this.#updatedAt = this.createdAt;
    this.#lastMoment = deps.clock.after(LONGEST_LIFE_MS, () => this.#expire());
  }

  get status(): SessionStatus {
    if (this.#isClosed) return 'CLOSED';
    return this.#current ? 'BUSY' : 'AVAILABLE';
  }
  get updatedAt(): number {
    return this.#updatedAt;
  }
  get keepAliveSeconds(): number {
    return this.#keepAliveSeconds;
  }
  /** When it will be closed, if nothing comes; undefined once it is. */
  get endsAt(): number | undefined {
    const longest = this.createdAt + LONGEST_LIFE_MS;
    if (this.#isClosed) return undefined;
    return this.#current ? longest : Math.min(longest, this.#updatedAt + this.#keepAliveSeconds * 1000);
  }
  get current(): Statement | undefined {
    return this.#current === 'reserved' ? undefined : this.#current;
  }
  /** Undefined before the first statement has run. */
  get connection(): Session | undefined {
    return this.#connection;
  }

  /** Holds it for a statement that is about to be made. To be called when it is AVAILABLE. */
  reserve(keepAliveSeconds = this.#keepAliveSeconds): this {
    this.#keepAliveSeconds = keepAliveSeconds;
    this.#current = 'reserved';
    this.#changed();
    return this;
  }

  runs(statement: Statement): void {
    this.#current = statement;
  }

  /** Makes the connection its own; when that breaks, the session is over. */
  keep(connection: Session): void {
    this.#connection = connection;
    connection.client.once('end', () => this.close());
  }

  /** To be called when its statement is over. */
  release(): void {
    this.#current = undefined;
    if (this.#isClosed) return;
    this.#changed();
    if (this.#isOver || this.#keepAliveSeconds === 0) return this.close();
    this.#idle = this.#deps.clock.after(this.#keepAliveSeconds * 1000, () => this.#expire());
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#changed();
    this.#lastMoment.cancel();
    void this.#connection?.client.end();
  }

  /** What runs is ended first, in order: without its connection it would run on unseen. */
  #expire(): void {
    if (!this.current) return this.close();
    this.#isOver = true;
    this.#deps.cancel(this.current);
  }

  #changed(): void {
    this.#idle?.cancel();
    this.#updatedAt = this.#deps.clock.now();
  }
}
