import { RedshiftError } from './errors.ts';
import type { Session } from './postgres/backend.ts';
import { errorText } from './postgres/error-text.ts';
import type { QueryOutcome } from './results/outcome.ts';
import { ScriptedAbort } from './scripts/play-script.ts';
import type { Statement } from './statement.ts';
import type { StatementConnection } from './statement-connection.ts';
import type { SubStatement } from './sub-statement.ts';

/** Runs one SQL text of the batch, after `prepare` has been done on the connection. */
export type RunSql = (sql: string, prepare: (connection: Session) => Promise<unknown>) => Promise<QueryOutcome>;

/**
 * Runs the statements of a batch in their order, all on one connection. In mode TRANSACTION the first that fails ends the
 * batch: what ran before keeps its status and is rolled back, what would have come ends ABORTED (AWS does not say).
 *
 * @param queryIdOf the query's number, of something that has finished
 * @throws RedshiftError naming the first statement that failed; ScriptedAbort; any error after a cancellation
 */
export const runBatch = async (
  statement: Statement,
  connection: StatementConnection,
  run: RunSql,
  queryIdOf: (outcome: QueryOutcome) => number,
): Promise<void> => {
  const isTransaction = statement.submission.executionMode === 'TRANSACTION';
  const { cancellation, subStatements } = statement;
  let failure: RedshiftError | undefined;
  try {
    for (const [i, sub] of subStatements.entries()) {
      const error = await runOne(sub, cancellation, () => run(sub.sql, isTransaction ? begin : nothing), queryIdOf);
      if (!error) continue;
      failure ??= new RedshiftError(`Query #${i + 1} failed with ${error.message}`);
      if (isTransaction) throw failure;
    }
    if (isTransaction) await commit(statement, connection);
  } catch (error) {
    for (const sub of subStatements) if (!sub.hasEnded) sub.aborted();
    if (isTransaction) await connection.current?.client.query('rollback').catch(() => undefined);
    throw error;
  }
  if (failure) throw failure;
};

/** Returns the failure of the statement itself; throws what ends the batch. */
const runOne = async (
  sub: SubStatement,
  cancellation: AbortSignal,
  run: () => Promise<QueryOutcome>,
  queryIdOf: (outcome: QueryOutcome) => number,
): Promise<RedshiftError | undefined> => {
  cancellation.throwIfAborted();
  sub.started();
  try {
    const outcome = await run();
    sub.finished(outcome, queryIdOf(outcome));
    return undefined;
  } catch (error) {
    if (error instanceof ScriptedAbort) sub.aborted(-1, error.text);
    if (error instanceof ScriptedAbort || cancellation.aborted || !(error instanceof RedshiftError)) throw error;
    sub.failed(error.message);
    return error;
  }
};

const nothing = (): Promise<void> => Promise.resolve();

/** Again after a statement that has ended the transaction. */
const begin = async ({ client }: Session): Promise<void> => {
  if (client.getTransactionStatus() === 'I') await client.query('begin');
};

/** Not to be stopped on the way, or nobody would know what has become of it. */
const commit = async ({ cancellation }: Statement, { current }: StatementConnection): Promise<void> => {
  cancellation.throwIfAborted();
  try {
    await current?.client.query('commit');
  } catch (error) {
    throw new RedshiftError(errorText(error));
  }
};
