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
import { checkText } from './private/validation';
import type { RedshiftTaskBinding, RedshiftTaskOptions } from './redshift-start-options';
import type { RedshiftStatement } from './redshift-statement';

/** What of a result is read. */
export interface RedshiftResultPageOptions extends RedshiftTaskOptions {
  /** Whose result is read. */
  readonly statement: RedshiftStatement;

  /**
   * Where to read on: `NextToken` of the page before, as an expression in the query language of the state.
   *
   * @default - the result is read from its beginning
   */
  readonly nextToken?: string;
}

/** Properties of `RedshiftGetStatementResult` in JSONPath. */
export interface RedshiftGetStatementResultJsonPathProps
  extends TaskStateJsonPathBaseProps,
    RedshiftResultPageOptions,
    RedshiftTaskBinding {}

/** Properties of `RedshiftGetStatementResult` in JSONata. */
export interface RedshiftGetStatementResultJsonataProps
  extends TaskStateJsonataBaseProps,
    RedshiftResultPageOptions,
    RedshiftTaskBinding {}

/** Options of a state that a tasker makes by `getStatementResult()`. */
export interface RedshiftGetStatementResultOptions extends TaskStateBaseProps, RedshiftResultPageOptions {}

/** Properties of `RedshiftGetStatementResult`. */
export interface RedshiftGetStatementResultProps extends RedshiftGetStatementResultOptions, RedshiftTaskBinding {}

const PATTERNS = [IntegrationPattern.REQUEST_RESPONSE] as const;

/**
 * Reads a page of the result of a statement that has finished, within a day: as many rows as a state can hold, and a `NextToken` where
 * there are more. The output is what the Data API answers to `GetStatementResult`.
 */
export class RedshiftGetStatementResult extends InvokerState {
  /** The state in JSONPath. */
  public static jsonPath(
    scope: Construct,
    id: string,
    props: RedshiftGetStatementResultJsonPathProps,
  ): RedshiftGetStatementResult {
    return new RedshiftGetStatementResult(scope, id, { ...props, queryLanguage: QueryLanguage.JSON_PATH });
  }

  /** The state in JSONata. */
  public static jsonata(
    scope: Construct,
    id: string,
    props: RedshiftGetStatementResultJsonataProps,
  ): RedshiftGetStatementResult {
    return new RedshiftGetStatementResult(scope, id, { ...props, queryLanguage: QueryLanguage.JSONATA });
  }

  /** @throws Error naming the property that cannot be. */
  constructor(scope: Construct, id: string, props: RedshiftGetStatementResultProps) {
    super(scope, id, props, taskOf(pathOf(scope, id), props));
  }
}

const taskOf = (state: string, props: RedshiftGetStatementResultProps): InvokerTask => {
  const pattern = patternOf(state, props, PATTERNS);
  checkHas(`${state}: statement`, props.statement, 'a RedshiftStatement', '_renderStatement');
  if (props.nextToken !== undefined) checkText(`${state}: nextToken`, props.nextToken, /./s, 'must be text, not empty');
  const request = (language: StateLanguage) => ({
    action: 'getStatementResult',
    contractVersion: CONTRACT_VERSION,
    ...props.statement._renderStatement(language),
    nextToken: props.nextToken === undefined ? undefined : language.value('nextToken', props.nextToken),
  });
  return { state, pattern, request };
};
