import { sha256, shortSql, workHash } from './sql-text.ts';
import type { ExecuteRequest } from './task-request.ts';
import type { RequestFields } from './task-request-fields.ts';

/** `TRANSACTION`: all statements take effect, or none does. `AUTO_COMMIT`: each by itself, also after one that failed. */
export type ExecutionMode = NonNullable<RequestFields['executionMode']>;

/** Several statements, run one after the other. Parameters are for all of them; each is used by at least one. */
export interface BatchRequest extends Omit<ExecuteRequest, 'action' | 'sqlStatement'> {
  readonly action: 'batchExecuteStatement';
  readonly sqlStatements: readonly string[];
  readonly executionMode: ExecutionMode;
}

/** A request that starts something: one statement, or a batch of them. */
export type StartRequest = ExecuteRequest | BatchRequest;

/** What a request runs; not how, nor for whom. */
export type StartedWork =
  | Pick<ExecuteRequest, 'sqlStatement' | 'parameters' | 'session'>
  | Pick<BatchRequest, 'sqlStatements' | 'executionMode' | 'parameters' | 'session'>;

/** The SQL of a request, in the order in which it runs. */
export const sqlsOf = (work: StartedWork): readonly string[] =>
  'sqlStatements' in work ? work.sqlStatements : [work.sqlStatement];

/**
 * Tells whether two requests ask for the same work; that of one statement is what `workHash` gives. The same SQL is other work
 * in another session, which may have other tables.
 */
export const workHashOf = (work: StartedWork): string => {
  const { session } = work;
  if (!session) return sqlHashOf(work);
  return sha256(0, 'id' in session ? session.id : '', sqlHashOf(work));
};

const sqlHashOf = (work: StartedWork): string => {
  if (!('sqlStatements' in work)) return workHash(work.sqlStatement, work.parameters);
  const { sqlStatements, executionMode, parameters } = work;
  // A number stands first, as in no hash of one statement.
  return sha256(sqlStatements.length, executionMode, ...sqlStatements, workHash('', parameters));
};

/** The SQL of a request in one short line, without credentials; for people to recognise it by. */
export const shortSqlOf = (work: StartedWork): string => shortSql(sqlsOf(work).join('; '));
