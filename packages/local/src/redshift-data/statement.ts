import { randomUUID } from 'node:crypto';
import { LifeCycle } from './life-cycle.ts';
import type { DatabaseSession } from './sessions/database-session.ts';
import type { SqlParameter } from './sql/parameters.ts';
import { SubStatement } from './sub-statement.ts';
import type { Target } from './target.ts';

/** All or nothing; or each for itself. */
export const EXECUTION_MODES = ['TRANSACTION', 'AUTO_COMMIT'] as const;
export type ExecutionMode = (typeof EXECUTION_MODES)[number];

/** Which of the two operations fetches its results: GetStatementResult or GetStatementResultV2. */
export const RESULT_FORMATS = ['JSON', 'CSV'] as const;
export type ResultFormat = (typeof RESULT_FORMATS)[number];

/** What is known of a statement when it is submitted. */
export interface Submission {
  /** One, or those of a batch. */
  readonly sqls: readonly string[];
  /** Of a batch, and only of one. */
  readonly executionMode?: ExecutionMode;
  /** For all of `sqls`; each uses those that it names. */
  readonly parameters: readonly SqlParameter[];
  readonly target: Target;
  /** `StatementName`, if the caller gave one. */
  readonly name?: string;
  readonly withEvent: boolean;
  readonly resultFormat: ResultFormat;
  /** Whoever has the same owner may describe, cancel and fetch it: the ARN of the IAM role, or of the identity that is no role. */
  readonly owner: string;
  /** The ARN of the caller itself; for a role, of its session. */
  readonly principal: string;
  /** The caller's `aws:userid`. */
  readonly userId: string;
}

/** Results are kept for a day. */
const KEPT_MS = 24 * 3600 * 1000;

/** A statement of the Data API, from its submission on: one SQL text or a batch. */
export class Statement extends LifeCycle {
  readonly id = randomUUID() as string;
  readonly submission: Submission;
  /** The one it runs in, if not in one of its own that ends with it. */
  readonly session: DatabaseSession | undefined;
  /** Of a batch, in their order; otherwise none. */
  readonly subStatements: readonly SubStatement[];
  readonly #cancellation = new AbortController();
  #pid = 0;

  constructor(submission: Submission, now: () => number, session?: DatabaseSession) {
    super(now);
    this.submission = submission;
    this.session = session;
    const sqls = submission.executionMode ? submission.sqls : [];
    this.subStatements = sqls.map((sql, i) => new SubStatement(`${this.id}:${i + 1}`, sql, now));
  }

  get isBatch(): boolean {
    return this.submission.executionMode !== undefined;
  }
  /** Of the back end that runs it; 0 before. */
  get pid(): number {
    return this.#pid;
  }
  /** Of a batch: whether one of its statements has one. */
  override get hasResultSet(): boolean {
    return super.hasResultSet || this.subStatements.some(({ hasResultSet }) => hasResultSet);
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

  /** To be told of each back end that runs a part of it; it starts with the first. */
  started(pid: number): void {
    this.#pid = pid;
    if (this.status !== 'STARTED') this.start();
  }
}
