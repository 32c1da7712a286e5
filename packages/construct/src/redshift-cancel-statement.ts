import {
  IntegrationPattern,
  QueryLanguage,
  type TaskStateBaseProps,
  type TaskStateJsonataBaseProps,
  type TaskStateJsonPathBaseProps,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { checkHas } from './private/check-type';
import { CONTRACT_VERSION } from './private/contract.generated';
import { InvokerState, type InvokerTask, pathOf, patternOf } from './private/invoker-state';
import type { StateLanguage } from './private/state-language';
import type { RedshiftTaskBinding, RedshiftTaskOptions } from './redshift-start-options';
import type { RedshiftStatement } from './redshift-statement';

/** What is to be cancelled. */
export interface RedshiftCancelOptions extends RedshiftTaskOptions {
  /** What is cancelled. */
  readonly statement: RedshiftStatement;
}

/** Properties of `RedshiftCancelStatement` in JSONPath. */
export interface RedshiftCancelStatementJsonPathProps
  extends TaskStateJsonPathBaseProps,
    RedshiftCancelOptions,
    RedshiftTaskBinding {}

/** Properties of `RedshiftCancelStatement` in JSONata. */
export interface RedshiftCancelStatementJsonataProps
  extends TaskStateJsonataBaseProps,
    RedshiftCancelOptions,
    RedshiftTaskBinding {}

/** Options of a state that a tasker makes by `cancelStatement()`. */
export interface RedshiftCancelStatementOptions extends TaskStateBaseProps, RedshiftCancelOptions {}

/** Properties of `RedshiftCancelStatement`. */
export interface RedshiftCancelStatementProps extends RedshiftCancelStatementOptions, RedshiftTaskBinding {}

const PATTERNS = [IntegrationPattern.REQUEST_RESPONSE] as const;

/**
 * Cancels a statement that runs. The state that waits for it then fails as `ABORTED`. A statement that has ended already is left
 * as it is, and that is no error.
 */
export class RedshiftCancelStatement extends InvokerState {
  /** The state in JSONPath. */
  public static jsonPath(
    scope: Construct,
    id: string,
    props: RedshiftCancelStatementJsonPathProps,
  ): RedshiftCancelStatement {
    return new RedshiftCancelStatement(scope, id, { ...props, queryLanguage: QueryLanguage.JSON_PATH });
  }

  /** The state in JSONata. */
  public static jsonata(
    scope: Construct,
    id: string,
    props: RedshiftCancelStatementJsonataProps,
  ): RedshiftCancelStatement {
    return new RedshiftCancelStatement(scope, id, { ...props, queryLanguage: QueryLanguage.JSONATA });
  }

  /** @throws Error naming the property that cannot be. */
  constructor(scope: Construct, id: string, props: RedshiftCancelStatementProps) {
    super(scope, id, props, taskOf(pathOf(scope, id), props));
  }
}

const taskOf = (state: string, props: RedshiftCancelStatementProps): InvokerTask => {
  const pattern = patternOf(state, props, PATTERNS);
  checkHas(`${state}: statement`, props.statement, 'a RedshiftStatement', '_renderStatement');
  const request = (language: StateLanguage) => ({
    action: 'cancelStatement',
    contractVersion: CONTRACT_VERSION,
    ...props.statement._renderStatement(language),
  });
  return { state, pattern, request };
};
