import {
  QueryLanguage,
  type TaskStateBaseProps,
  type TaskStateJsonataBaseProps,
  type TaskStateJsonPathBaseProps,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { executeTask } from './private/execute-task';
import { InvokerState, pathOf } from './private/invoker-state';
import { sha256, sqlOf } from './private/sql-source';
import type { RedshiftResult } from './redshift-result';
import type { RedshiftStartOptions, RedshiftTaskBinding } from './redshift-start-options';

/** The statement of a state. */
export interface RedshiftStatementOptions extends RedshiftStartOptions {
  /**
   * The SQL: text, or an expression in the query language of the state (`JsonPath.stringAt('$.sql')`, `{% $states.input.sql %}`).
   * Either this or `sqlFile`.
   *
   * @default - the text of `sqlFile`
   */
  readonly sql?: string;

  /**
   * Path of a file that holds the SQL, relative to the directory in which the app runs. It is read at synthesis, as UTF-8, and
   * taken as it stands. The comment of the state tells its name and its SHA-256.
   *
   * @default - the SQL is in `sql`
   */
  readonly sqlFile?: string;

  /**
   * What the state has of the rows that the statement gives. Only for states that wait.
   *
   * @default - how many there are
   */
  readonly result?: RedshiftResult;
}

/** Properties of `RedshiftExecuteStatement` in JSONPath. */
export interface RedshiftExecuteStatementJsonPathProps
  extends TaskStateJsonPathBaseProps,
    RedshiftStatementOptions,
    RedshiftTaskBinding {}

/** Properties of `RedshiftExecuteStatement` in JSONata. */
export interface RedshiftExecuteStatementJsonataProps
  extends TaskStateJsonataBaseProps,
    RedshiftStatementOptions,
    RedshiftTaskBinding {}

/** Options of a state that a tasker makes by `executeStatement()`. */
export interface RedshiftExecuteStatementOptions extends TaskStateBaseProps, RedshiftStatementOptions {}

/** Properties of `RedshiftExecuteStatement`. */
export interface RedshiftExecuteStatementProps extends RedshiftExecuteStatementOptions, RedshiftTaskBinding {}

/**
 * Runs one SQL statement on Redshift. With the integration pattern `RUN_JOB`, the default, the state ends when the statement
 * ends, seconds or 24 hours later, and fails where the statement fails. With `REQUEST_RESPONSE` it ends when the statement has
 * been started; its output then names the statement.
 *
 * Unless `taskTimeout` says otherwise, a state that waits times out after 27 hours.
 */
export class RedshiftExecuteStatement extends InvokerState {
  /** The state in JSONPath. */
  public static jsonPath(
    scope: Construct,
    id: string,
    props: RedshiftExecuteStatementJsonPathProps,
  ): RedshiftExecuteStatement {
    return new RedshiftExecuteStatement(scope, id, { ...props, queryLanguage: QueryLanguage.JSON_PATH });
  }

  /** The state in JSONata. */
  public static jsonata(
    scope: Construct,
    id: string,
    props: RedshiftExecuteStatementJsonataProps,
  ): RedshiftExecuteStatement {
    return new RedshiftExecuteStatement(scope, id, { ...props, queryLanguage: QueryLanguage.JSONATA });
  }

  /** SHA-256 of the SQL, hexadecimal, where synthesis knows all of it. */
  public readonly sqlSha256?: string;

  /** @throws Error naming the property that is out of range, missing, or in conflict with another. */
  constructor(scope: Construct, id: string, props: RedshiftExecuteStatementProps) {
    const state = pathOf(scope, id);
    const sql = sqlOf(state, props);
    super(scope, id, props, executeTask(state, props, sql));
    this.sqlSha256 = sql.known === undefined ? undefined : sha256(sql.known);
  }
}
