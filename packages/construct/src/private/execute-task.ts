import { IntegrationPattern } from 'aws-cdk-lib/aws-stepfunctions';
import type { RedshiftExecuteStatementProps } from '../redshift-execute-statement';
import { type InvokerTask, patternOf } from './invoker-state';
import type { SqlSource } from './sql-source';
import { checkStart, startFields } from './start-request';
import { resultOf } from './start-result';
import type { StateLanguage } from './state-language';
import { checkNames, parametersOf } from './statement-parameters';

/** Who starts something may wait for its end or not. */
export const EXECUTE_PATTERNS = [IntegrationPattern.RUN_JOB, IntegrationPattern.REQUEST_RESPONSE] as const;

/**
 * What a state asks for that runs one statement.
 *
 * @param patterns the integration patterns that it has
 * @param more further fields of its request
 * @throws Error naming the prop that cannot be.
 */
export const executeTask = (
  state: string,
  props: RedshiftExecuteStatementProps,
  sql: SqlSource,
  { patterns = EXECUTE_PATTERNS, more = () => ({}) }: ExecuteOptions = {},
): InvokerTask => {
  const pattern = patternOf(state, props, patterns);
  checkStart(state, props, pattern);
  checkNames(`${state}: parameters`, parametersOf(props), sql.known === undefined ? undefined : [sql.known]);
  const result = resultOf(state, props, pattern);
  const request = (language: StateLanguage) => ({
    action: props.lock?._isSingleton ? 'executeSingletonStatement' : 'executeStatement',
    sqlStatement: sql.write(language),
    ...startFields(language, props, pattern),
    result: result?._render(language),
    ...more(language),
  });
  return { state, pattern, request, sources: [sql] };
};

interface ExecuteOptions {
  readonly patterns?: readonly [IntegrationPattern, ...IntegrationPattern[]];
  readonly more?: (language: StateLanguage) => object;
}
