import { randomUUID } from 'node:crypto';
import type { QueryOutcome } from './results/outcome.ts';
import type { SqlParameter } from './sql/parameters.ts';
import type { Target } from './target.ts';

export const STATUSES = ['SUBMITTED', 'PICKED', 'STARTED', 'FINISHED', 'FAILED', 'ABORTED'] as const;
export type Status = (typeof STATUSES)[number];

/** What is known of a statement when it is submitted. */
export interface Submission {
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
  readonly target: Target;
  /** `StatementName`, if the caller gave one. */
  readonly name?: string;
  readonly withEvent: boolean;
  /** Whoever has the same owner may describe, cancel and fetch it: the ARN of the IAM role, or of the identity that is no role. */
  readonly owner: string;
  /** The ARN of the caller itself; for a role, of its session. */
  readonly principal: string;
  /** The caller's `aws:userid`. */
  readonly userId: string;
}

/** Results are kept for a day. */
const KEPT_MS = 24 * 3600 * 1000;

/** A statement on its way `SUBMITTED → PICKED → STARTED → FINISHED | FAILED | ABORTED`. Times are epoch milliseconds. */
export class Statement {
  readonly id = randomUUID() as string;
  readonly submission: Submission;
  readonly createdAt: number;
  readonly #cancellation = new AbortController();
  readonly #now: () => number;
  #status: Status = 'SUBMITTED';
  #updatedAt: number;
  #startedAt: number | undefined;
  #durationMs: number | undefined;
  #pid = 0;
  #queryId = 0;
  #error: string | undefined;
  #outcome: QueryOutcome | undefined;

  constructor(submission: Submission, now: () => number) {
    this.submission = submission;
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
  /** Of the back end that runs it; 0 before. */
  get pid(): number {
    return this.#pid;
  }
  /** 0 before it is known; -1 for what is no query, such as DDL. */
  get queryId(): number {
    return this.#queryId;
  }
  get error(): string | undefined {
    return this.#error;
  }
  get outcome(): QueryOutcome | undefined {
    return this.#outcome;
  }
  get hasEnded(): boolean {
    return this.#status === 'FINISHED' || this.#status === 'FAILED' || this.#status === 'ABORTED';
  }
  /** When what is known of it goes; meaningful once it has ended. */
  get expiresAt(): number {
    return this.#updatedAt + KEPT_MS;
  }
  /** Aborted when somebody has asked for the statement's end. */
  get cancellation(): AbortSignal {
    return this.#cancellation.signal;
  }

  /** Asks for its end; it ends ABORTED as soon as its back end has stopped, or otherwise if that was done first. */
  cancel(): void {
    this.#cancellation.abort();
  }

  picked(): void {
    this.#to('PICKED');
  }

  started(pid: number): void {
    this.#to('STARTED');
    this.#pid = pid;
    this.#startedAt = this.#updatedAt;
  }

  finished(outcome: QueryOutcome, queryId: number): void {
    this.#queryId = queryId;
    this.#outcome = outcome;
    this.#end('FINISHED');
  }

  failed(error: string): void {
    this.#queryId = -1;
    this.#error = error;
    this.#end('FAILED');
  }

  aborted(): void {
    this.#queryId = -1;
    this.#end('ABORTED');
  }

  #end(status: Status): void {
    this.#to(status);
    if (this.#startedAt !== undefined) this.#durationMs = this.#updatedAt - this.#startedAt;
  }

  #to(status: Status): void {
    this.#status = status;
    this.#updatedAt = this.#now();
  }
}
