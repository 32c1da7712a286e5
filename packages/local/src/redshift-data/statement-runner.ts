import type { Clock } from '../common/clock.ts';
import type { CompletionEvents } from './completion-events.ts';
import { type CopyDeps, runCopy } from './copy/run-copy.ts';
import type { Backend, Session } from './postgres/backend.ts';
import { errorText } from './postgres/error-text.ts';
import { runQuery } from './postgres/run-query.ts';
import type { QueryOutcome } from './results/outcome.ts';
import { playScript, ScriptedAbort } from './scripts/play-script.ts';
import type { Script } from './scripts/script.ts';
import type { Scripts } from './scripts/scripts.ts';
import { type Plan, planStatement } from './sql/plan.ts';
import type { Statement } from './statement.ts';
import { StatementQueue } from './statement-queue.ts';
import type { StatementStore } from './statement-store.ts';

export interface RunnerDeps {
  readonly clock: Clock;
  readonly events: CompletionEvents;
  readonly backend: Backend;
  readonly store: StatementStore;
  readonly copy: CopyDeps;
  readonly scripts: Scripts;
}

/** No back end runs a scripted statement; clients expect a number all the same. */
const SCRIPTED_PID = 1_073_741_824;

/** Takes statements from their submission to their end, and tells of it. */
export class StatementRunner {
  readonly #deps: RunnerDeps;
  readonly #queue = new StatementQueue((statement) => this.#run(statement));
  #queries = 0;
  #isClosing = false;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
  }

  /** What comes while the stage is ending stays SUBMITTED. */
  submit(statement: Statement): void {
    if (!this.#isClosing) this.#queue.add(statement);
  }

  /** One that waits is aborted at once; one that runs as soon as its back end has stopped. */
  cancel(statement: Statement): void {
    statement.cancel();
    if (!this.#queue.remove(statement)) return;
    statement.aborted();
    this.#tell(statement);
  }

  /** Cancels everything and waits for it. Nobody is told: the stage is ending. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const statement of this.#deps.store.active()) this.cancel(statement);
    await this.#queue.close();
  }

  async #run(statement: Statement): Promise<void> {
    statement.picked();
    const { sql, parameters } = statement.submission;
    let originalPosition: ((position: number) => number) | undefined;
    try {
      const script = this.#deps.scripts.take(sql);
      const work = script ?? planStatement(sql, parameters);
      if ('kind' in work && work.kind === 'query') originalPosition = work.sql.originalPosition;
      const outcome = await ('kind' in work ? this.#inSession(statement, work) : this.#play(work, statement));
      statement.finished(outcome, outcome.rows === undefined ? -1 : ++this.#queries);
    } catch (error) {
      if (statement.cancellation.aborted) statement.aborted();
      else if (error instanceof ScriptedAbort) statement.aborted(-1, error.text);
      else statement.failed(errorText(error, originalPosition));
    }
    this.#tell(statement);
  }

  #play(script: Script, statement: Statement): Promise<QueryOutcome> {
    if (!script.hasEvent) this.#deps.events.lose(statement);
    statement.started(SCRIPTED_PID);
    return playScript(script, { clock: this.#deps.clock, signal: statement.cancellation });
  }

  async #inSession(statement: Statement, plan: Plan): Promise<QueryOutcome> {
    const { backend } = this.#deps;
    const { cancellation, submission } = statement;
    const session = await backend.connect(submission.target, cancellation);
    const stop = () => void backend.terminate(session.pid);
    try {
      cancellation.throwIfAborted();
      cancellation.addEventListener('abort', stop, { once: true });
      statement.started(session.pid);
      return await this.#perform(statement, plan, session, stop);
    } finally {
      cancellation.removeEventListener('abort', stop);
      await session.client.end();
    }
  }

  #perform(statement: Statement, plan: Plan, session: Session, stop: () => void): Promise<QueryOutcome> {
    if (plan.kind === 'query') return runQuery(session, plan.sql.text, plan.values, stop);
    return runCopy(session, plan.copy, statement, this.#deps.copy);
  }

  #tell(statement: Statement): void {
    this.#deps.store.noteEnd(statement);
    if (statement.submission.withEvent && !this.#isClosing) this.#deps.events.tell(statement);
  }
}
