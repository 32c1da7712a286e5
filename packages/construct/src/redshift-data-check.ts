import {
  IntegrationPattern,
  QueryLanguage,
  type TaskStateBaseProps,
  type TaskStateJsonataBaseProps,
  type TaskStateJsonPathBaseProps,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { checkHas } from './private/check-type';
import { executeTask } from './private/execute-task';
import { InvokerState, pathOf } from './private/invoker-state';
import { sha256, sqlOf } from './private/sql-source';
import type { RedshiftStatementOptions } from './redshift-execute-statement';
import type { RedshiftExpectation } from './redshift-expectation';
import type { RedshiftTaskBinding } from './redshift-start-options';

/** What is checked. */
export interface RedshiftCheckOptions extends RedshiftStatementOptions {
  /** What the rows of the statement should be. */
  readonly expectation: RedshiftExpectation;
}

/** Properties of `RedshiftDataCheck` in JSONPath. */
export interface RedshiftDataCheckJsonPathProps
  extends TaskStateJsonPathBaseProps,
    RedshiftCheckOptions,
    RedshiftTaskBinding {}

/** Properties of `RedshiftDataCheck` in JSONata. */
export interface RedshiftDataCheckJsonataProps
  extends TaskStateJsonataBaseProps,
    RedshiftCheckOptions,
    RedshiftTaskBinding {}

/** Options of a state that a tasker makes by `dataCheck()`. */
export interface RedshiftDataCheckOptions extends TaskStateBaseProps, RedshiftCheckOptions {}

/** Properties of `RedshiftDataCheck`. */
export interface RedshiftDataCheckProps extends RedshiftDataCheckOptions, RedshiftTaskBinding {}

/**
 * Runs a statement and fails as `DataCheckFailed` where its rows are not what was expected; some of them are then in the cause. Where
 * they are, the output has `check` with `rowCount` and, of a value, `value`.
 *
 * Otherwise it is like `RedshiftExecuteStatement`. It always waits.
 */
export class RedshiftDataCheck extends InvokerState {
  /** The state in JSONPath. */
  public static jsonPath(scope: Construct, id: string, props: RedshiftDataCheckJsonPathProps): RedshiftDataCheck {
    return new RedshiftDataCheck(scope, id, { ...props, queryLanguage: QueryLanguage.JSON_PATH });
  }

  /** The state in JSONata. */
  public static jsonata(scope: Construct, id: string, props: RedshiftDataCheckJsonataProps): RedshiftDataCheck {
    return new RedshiftDataCheck(scope, id, { ...props, queryLanguage: QueryLanguage.JSONATA });
  }

  /** SHA-256 of the SQL, hexadecimal, where synthesis knows all of it. */
  public readonly sqlSha256?: string;

  /** @throws Error naming the property that is out of range, missing, or in conflict with another. */
  constructor(scope: Construct, id: string, props: RedshiftDataCheckProps) {
    const state = pathOf(scope, id);
    const sql = sqlOf(state, props);
    checkHas(`${state}: expectation`, props.expectation, 'a RedshiftExpectation', '_renderCheck');
    super(
      scope,
      id,
      props,
      executeTask(state, props, sql, {
        patterns: [IntegrationPattern.RUN_JOB],
        more: (language) => ({ check: props.expectation._renderCheck(language) }),
      }),
    );
    this.sqlSha256 = sql.known === undefined ? undefined : sha256(sql.known);
  }
}
