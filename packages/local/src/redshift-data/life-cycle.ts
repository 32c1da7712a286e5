import type { QueryOutcome } from './results/outcome.ts';

export const STATUSES = ['SUBMITTED', 'PICKED', 'STARTED', 'FINISHED', 'FAILED', 'ABORTED'] as const;
export type Status = (typeof STATUSES)[number];

/** The way `SUBMITTED → PICKED → STARTED → FINISHED | FAILED | ABORTED`. Times are epoch milliseconds. */
export class LifeCycle {
  readonly createdAt: number;
  /** Resolves once it has ended, however; never rejects. */
  readonly ended: Promise<void>;
  readonly #noteEnded: () => void;
  readonly #now: () => number;
  #status: Status = 'SUBMITTED';
  #updatedAt: number;
  #startedAt: number | undefined;
  #durationMs: number | undefined;
  #queryId = 0;
  #error: string | undefined;
  #outcome: QueryOutcome | undefined;

  constructor(now: () => number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#noteEnded = resolve;
    this.#now = now;
    this.createdAt = now();
    this.#updatedAt = this.createdAt;
  }

  get status(): Status {
    return this.#status;
  }
  get updatedAt(): number {
    return this.#updatedAt;
  }
  /** How long it ran; undefined until it has ended, and for one that never ran. */
  get durationMs(): number | undefined {
    return this.#durationMs;
  }
  /** 0 before it is known, and for a batch as a whole; -1 for what is no query, such as DDL. */
  get queryId(): number {
    return this.#queryId;
  }
  get error(): string | undefined {
    return this.#error;
  }
  /** Of what has finished; a batch as a whole has none. */
  get outcome(): QueryOutcome | undefined {
    return this.#outcome;
  }
  get hasEnded(): boolean {
    return this.#status === 'FINISHED' || this.#status === 'FAILED' || this.#status === 'ABORTED';
  }
  /** Whether there is a result to be fetched, if perhaps an empty one. */
  get hasResultSet(): boolean {
    return this.#outcome?.resultSet !== undefined;
  }

  picked(): void {
    this.#to('PICKED');
  }

  protected start(): void {
    this.#to('STARTED');
    this.#startedAt = this.#updatedAt;
  }

  finished(outcome: QueryOutcome | undefined, queryId: number): void {
    this.#queryId = queryId;
    this.#outcome = outcome;
    this.#end('FINISHED');
  }

  failed(error: string, queryId = -1): void {
    this.#queryId = queryId;
    this.#error = error;
    this.#end('FAILED');
  }

  aborted(queryId = -1, error?: string): void {
    this.#queryId = queryId;
    this.#error = error;
    this.#end('ABORTED');
  }

  #end(status: Status): void {
    this.#to(status);
    if (this.#startedAt !== undefined) this.#durationMs = this.#updatedAt - this.#startedAt;
    this.#noteEnded();
  }

  #to(status: Status): void {
    this.#status = status;
    this.#updatedAt = this.#now();
  }
}
