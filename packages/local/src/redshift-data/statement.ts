import { randomUUID } from 'node:crypto';
import { LifeCycle } from './life-cycle.ts';
import type { SqlParameter } from './sql/parameters.ts';
import type { Target } from './target.ts';

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

/** A statement of the Data API, from its submission on. */
export class Statement extends LifeCycle {
  readonly id = randomUUID() as string;
  readonly submission: Submission;
  readonly #cancellation = new AbortController();
  #pid = 0;

  constructor(submission: Submission, now: () => number) {
    super(now);
    this.submission = submission;
  }

  /** Of the back end that runs it; 0 before. */
  get pid(): number {
    return this.#pid;
  }
  /** When what is known of it goes; meaningful once it has ended. */
  get expiresAt(): number {
    return this.updatedAt + KEPT_MS;
  }
  /** Aborted when its end has been asked for. */
  get cancellation(): AbortSignal {
    return this.#cancellation.signal;
  }

  /** Asks for its end; it ends ABORTED as soon as its back end has stopped, or otherwise if that was done first. */
  cancel(): void {
    this.#cancellation.abort();
  }

  started(pid: number): void {
    this.#pid = pid;
    this.start();
  }
}
