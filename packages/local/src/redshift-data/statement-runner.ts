import { runBatch } from './batch.ts';
import { RedshiftError } from './errors.ts';
import { errorText } from './postgres/error-text.ts';
import type { QueryOutcome } from './results/outcome.ts';
import { ScriptedAbort } from './scripts/play-script.ts';
import { type SqlDeps, SqlRunner } from './sql-runner.ts';
import type { Statement } from './statement.ts';
import { type ConnectionDeps, StatementConnection } from './statement-connection.ts';
import { StatementQueue } from './statement-queue.ts';
import type { StatementStore } from './statement-store.ts';

export interface RunnerDeps extends SqlDeps, ConnectionDeps {
  readonly store: StatementStore;
}

/** Takes statements from their submission to their end, and tells of it. */
export class StatementRunner {
  readonly #deps: RunnerDeps;
  readonly #sql: SqlRunner;
  readonly #queue = new StatementQueue((statement) => this.#run(statement));
  #queries = 0;
  #isClosing = false;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
    this.#sql = new SqlRunner(deps);
  }

  /** False when the stage is ending: the statement stays SUBMITTED. */
  submit(statement: Statement): boolean {
    if (!this.#isClosing) this.#queue.add(statement);
    return !this.#isClosing;
  }

  /** One that waits is aborted at once; one that runs as soon as its back end has stopped. */
  cancel(statement: Statement): void {
    statement.cancel();
    if (!this.#queue.remove(statement)) return;
    for (const sub of statement.subStatements) sub.aborted();
    this.#end(statement, () => statement.aborted(statement.isBatch ? 0 : -1));
  }

  /** Cancels everything and waits for it. Nobody is told: the stage is ending. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const statement of this.#deps.store.active()) {
      this.cancel(statement);
      // No session is of use any more, so that there is no need to be gentle.
      const { connection } = statement.session ?? {};
      if (connection) void this.#deps.backend.terminate(connection.pid);
    }
    await this.#queue.close();
  }

  async #run(statement: Statement): Promise<void> {
    statement.picked();
    const connection = new StatementConnection(statement, this.#deps);
    const end = await this.#perform(statement, connection).catch((error: unknown) => () => fail(statement, error));
    await connection.close();
    this.#end(statement, end);
  }

  /** Returns what is to be noted of its success. */
  async #perform(statement: Statement, connection: StatementConnection): Promise<() => void> {
    const [sql = ''] = statement.submission.sqls;
    if (statement.isBatch) {
      const run = (text: string, prepare: Parameters<SqlRunner['run']>[3]) =>
        this.#sql.run(text, statement, connection, prepare);
      await runBatch(statement, connection, run, (outcome) => this.#queryIdOf(outcome));
      return () => statement.finished(undefined, 0);
    }
    const outcome = await this.#sql.run(sql, statement, connection);
    return () => statement.finished(outcome, this.#queryIdOf(outcome));
  }

  #queryIdOf({ rows }: QueryOutcome): number {
    return rows === undefined ? -1 : ++this.#queries;
  }

  /** The session is free by the time anybody can know of the end. */
  #end(statement: Statement, end: () => void): void {
    statement.session?.release();
    end();
    this.#deps.store.noteEnd(statement);
    if (statement.submission.withEvent && !this.#isClosing) this.#deps.events.tell(statement);
  }
}

const fail = (statement: Statement, error: unknown): void => {
  const queryId = statement.isBatch ? 0 : -1;
  if (statement.cancellation.aborted) statement.aborted(queryId);
  else if (error instanceof ScriptedAbort) statement.aborted(queryId, error.text);
  else statement.failed(error instanceof RedshiftError ? error.message : errorText(error), queryId);
};
