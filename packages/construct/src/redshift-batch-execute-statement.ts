import {
  QueryLanguage,
  type TaskStateBaseProps,
  type TaskStateJsonataBaseProps,
  type TaskStateJsonPathBaseProps,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { batchTask } from './private/batch-task';
import { checkOneOf } from './private/check-type';
import { InvokerState, pathOf } from './private/invoker-state';
import { sqlsOf } from './private/sql-source';
import type { RedshiftResult } from './redshift-result';
import type { RedshiftStartOptions, RedshiftTaskBinding } from './redshift-start-options';

/** How the statements of a batch are run. */
export enum ExecutionMode {
  /** In one transaction: all take effect, or none does. */
  TRANSACTION = 'TRANSACTION',

  /**
   * Each by itself, also those after one that failed; what the others did stays. The state then fails: `failedStatement` of its cause
   * is the first that did, and `committed` has the places of those that took effect.
   */
  AUTO_COMMIT = 'AUTO_COMMIT',
}

/** The statements of a state. */
export interface RedshiftBatchOptions extends RedshiftStartOptions {
  /**
   * The SQL of up to 40 statements, in the order in which they run: text, or expressions of JSONata. A list of the input is
   * `JsonPath.listAt('$.sqls')`; in JSONata it is `['{% $states.input.sqls %}']`: the only expression in a list may give all of them.
   * Either this or `sqlFiles`.
   *
   * @default - the texts of `sqlFiles`
   */
  readonly sqls?: string[];

  /**
   * Paths of files that hold one statement each, relative to the directory in which the app runs. They are read at synthesis, as UTF-8,
   * and taken as they stand. The comment of the state tells their names and SHA-256.
   *
   * @default - the SQL is in `sqls`
   */
  readonly sqlFiles?: string[];

  /**
   * How they are run.
   *
   * @default ExecutionMode.TRANSACTION
   */
  readonly executionMode?: ExecutionMode;

  /**
   * What the state has of the rows: each entry of `statements` whose statement gives some has a `result` of its own. Only for states
   * that wait.
   *
   * @default - how many there are
   */
  readonly result?: RedshiftResult;
}

/** Properties of `RedshiftBatchExecuteStatement` in JSONPath. */
export interface RedshiftBatchExecuteStatementJsonPathProps
  extends TaskStateJsonPathBaseProps,
    RedshiftBatchOptions,
    RedshiftTaskBinding {}

/** Properties of `RedshiftBatchExecuteStatement` in JSONata. */
export interface RedshiftBatchExecuteStatementJsonataProps
  extends TaskStateJsonataBaseProps,
    RedshiftBatchOptions,
    RedshiftTaskBinding {}

/** Options of a state that a tasker makes by `batchExecuteStatement()`. */
export interface RedshiftBatchExecuteStatementOptions extends TaskStateBaseProps, RedshiftBatchOptions {}

/** Properties of `RedshiftBatchExecuteStatement`. */
export interface RedshiftBatchExecuteStatementProps extends RedshiftBatchExecuteStatementOptions, RedshiftTaskBinding {}

/**
 * Runs several statements on Redshift, one after the other, in one transaction unless `executionMode` says otherwise. The output has
 * `statements` with one entry for each. All share the parameters; each parameter must be named by one of them.
 *
 * Otherwise it is like `RedshiftExecuteStatement`.
 */
export class RedshiftBatchExecuteStatement extends InvokerState {
  /** The state in JSONPath. */
  public static jsonPath(
    scope: Construct,
    id: string,
    props: RedshiftBatchExecuteStatementJsonPathProps,
  ): RedshiftBatchExecuteStatement {
    return new RedshiftBatchExecuteStatement(scope, id, { ...props, queryLanguage: QueryLanguage.JSON_PATH });
  }

  /** The state in JSONata. */
  public static jsonata(
    scope: Construct,
    id: string,
    props: RedshiftBatchExecuteStatementJsonataProps,
  ): RedshiftBatchExecuteStatement {
    return new RedshiftBatchExecuteStatement(scope, id, { ...props, queryLanguage: QueryLanguage.JSONATA });
  }

  /** @throws Error naming the property that is out of range, missing, or in conflict with another. */
  constructor(scope: Construct, id: string, props: RedshiftBatchExecuteStatementProps) {
    const state = pathOf(scope, id);
    checkOneOf(`${state}: executionMode`, props.executionMode, ExecutionMode);
    super(scope, id, props, batchTask(state, props, sqlsOf(state, props)));
  }
}
