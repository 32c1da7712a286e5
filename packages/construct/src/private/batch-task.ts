import type { RedshiftBatchExecuteStatementProps } from '../redshift-batch-execute-statement';
import { EXECUTE_PATTERNS } from './execute-task';
import { type InvokerTask, patternOf } from './invoker-state';
import type { SqlSources } from './sql-source';
import { checkStart, startFields } from './start-request';
import { resultOf } from './start-result';
import type { StateLanguage } from './state-language';
import { checkNames, parametersOf } from './statement-parameters';
import { refuse } from './validation';

/**
 * What a state asks for that runs several statements.
 * @throws Error naming the prop that cannot be.
 */
export const batchTask = (state: string, props: RedshiftBatchExecuteStatementProps, sqls: SqlSources): InvokerTask => {
  const pattern = patternOf(state, props, EXECUTE_PATTERNS);
  checkStart(state, props, pattern);
  if (props.lock?._isSingleton) {
    refuse(`${state}: lock`, 'must have a name: singletons are single statements', 'RedshiftLock.singleton()');
  }
  const known = sqls.sources.flatMap((source) => source.known ?? []);
  const areKnown = known.length > 0 && known.length === sqls.sources.length;
  checkNames(`${state}: parameters`, parametersOf(props), areKnown ? known : undefined);
  const result = resultOf(state, props, pattern);
  const request = (language: StateLanguage) => ({
    action: 'batchExecuteStatement',
    sqlStatements: sqls.write(language),
    executionMode: props.executionMode,
    ...startFields(language, props, pattern),
    result: result?._render(language),
  });
  return { state, pattern, request, sources: sqls.sources };
};
