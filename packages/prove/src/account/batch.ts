import type { BatchPlan, TaskPlan } from '../schedule.ts';
import type { StartInput, Statement } from './redshift.ts';

/** Of every statement that finishes. */
export const QUERY_ID = 7;

/** The Data API's word for what there is not. */
export const UNKNOWN = -1;

/** The statements of a batch. */
export interface Batch extends Pick<BatchPlan, 'executionMode' | 'failsAt'> {
  readonly sqls: readonly string[];
}

/** What those without rows have changed. */
const CHANGED = 3;

/** Undefined for one statement. */
export const batchOf = (input: StartInput, { batch }: TaskPlan): Batch | undefined => {
  if (!('Sqls' in input)) return undefined;
  const { Sqls = [], ExecutionMode = 'TRANSACTION' } = input;
  return { sqls: Sqls, executionMode: ExecutionMode, failsAt: Math.min(batch?.failsAt ?? 0, Sqls.length - 1) };
};

/** Whether there are rows to be read: of what is alone, or of the statement at that place of a batch. */
export const hasResult = (statement: Statement, index: number): boolean => {
  const state = statement.batch ? stateOf(statement, statement.batch, index) : statement.state;
  return state === 'FINISHED' && givesRows(index);
};

const givesRows = (index: number): boolean => index % 2 === 0;

/** Redshift's words on one that has failed. */
export const errorTextOf = (number: number, batch: Batch | undefined): string =>
  batch ? `Query #${batch.failsAt + 1} failed with ${ownErrorTextOf(number)}` : ownErrorTextOf(number);

const ownErrorTextOf = (number: number): string => `ERROR: of statement ${number}`;

export const subIdOf = ({ id }: Pick<Statement, 'id'>, index: number): string => `${id}:${index + 1}`;

export const subStatementsOf = (statement: Statement, batch: Batch) =>
  batch.sqls.map((sql, index) => {
    const state = stateOf(statement, batch, index);
    const rows = givesRows(index) ? statement.gives.count : CHANGED;
    return {
      Id: subIdOf(statement, index),
      QueryString: sql,
      Status: state,
      HasResultSet: hasResult(statement, index),
      ResultRows: state === 'FINISHED' ? rows : UNKNOWN,
      RedshiftQueryId: state === 'FINISHED' ? QUERY_ID : UNKNOWN,
      ...(state === 'FAILED' && { Error: ownErrorTextOf(statement.number) }),
    };
  });

/** Of a transaction, what would have come after the one that failed ends ABORTED; on its own it runs all the same. */
const stateOf = ({ state }: Statement, { executionMode, failsAt }: Batch, index: number): string => {
  if (state === 'FINISHED' || state === 'STARTED') return state;
  if (index < failsAt) return 'FINISHED';
  if (state === 'ABORTED') return state;
  if (index === failsAt) return 'FAILED';
  return executionMode === 'TRANSACTION' ? 'ABORTED' : 'FINISHED';
};
