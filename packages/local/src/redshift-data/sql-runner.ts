import type { Clock } from '../common/clock.ts';
import type { CompletionEvents } from './completion-events.ts';
import { type CopyDeps, runCopy } from './copy/run-copy.ts';
import { RedshiftError } from './errors.ts';
import type { Session } from './postgres/backend.ts';
import { errorText } from './postgres/error-text.ts';
import { runPlan } from './postgres/run-plan.ts';
import type { QueryOutcome } from './results/outcome.ts';
import { playScript } from './scripts/play-script.ts';
import type { Script } from './scripts/script.ts';
import type { Scripts } from './scripts/scripts.ts';
import { type Plan, planStatement } from './sql/plan.ts';
import type { Statement } from './statement.ts';
import type { StatementConnection } from './statement-connection.ts';
import { runUnload } from './unload/run-unload.ts';

export interface SqlDeps {
  readonly clock: Clock;
  readonly events: CompletionEvents;
  readonly copy: CopyDeps;
  readonly scripts: Scripts;
}

/** No back end runs a scripted statement; clients expect a number all the same. */
const SCRIPTED_PID = 1_073_741_824;

/** Runs SQL texts of statements: by their script, if they have one, else on PostgreSQL. */
export class SqlRunner {
  readonly #deps: SqlDeps;

  constructor(deps: SqlDeps) {
    this.#deps = deps;
  }

  /**
   * @param prepare done on the connection before, if there is anything to be done on one
   * @throws RedshiftError with the error text as DescribeStatement shows it; ScriptedAbort; any error after a cancellation
   */
  async run(
    sql: string,
    statement: Statement,
    connection: StatementConnection,
    prepare: (connection: Session) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<QueryOutcome> {
    const script = this.#deps.scripts.take(sql);
    if (script) return await this.#play(script, statement);
    const plan = planned(sql, statement);
    const originalPosition = plan.kind === 'query' ? plan.sql.originalPosition : undefined;
    try {
      return await connection.run(async (session, stop) => {
        await prepare(session);
        return await this.#perform(plan, session, statement, stop);
      });
    } catch (error) {
      throw new RedshiftError(errorText(error, originalPosition));
    }
  }

  #play(script: Script, statement: Statement): Promise<QueryOutcome> {
    if (!script.hasEvent) this.#deps.events.lose(statement);
    statement.started(SCRIPTED_PID);
    return playScript(script, { clock: this.#deps.clock, signal: statement.cancellation });
  }

  #perform(plan: Plan, session: Session, statement: Statement, stop: () => void): Promise<QueryOutcome> {
    if (plan.kind === 'query') return runPlan(session, plan, stop);
    if (plan.kind === 'unload') return runUnload(session, plan.unload, plan.query, statement, this.#deps.copy);
    return runCopy(session, plan.copy, statement, this.#deps.copy);
  }
}

const planned = (sql: string, { submission }: Statement): Plan => {
  try {
    return planStatement(sql, submission.parameters);
  } catch (error) {
    throw new RedshiftError(errorText(error));
  }
};
