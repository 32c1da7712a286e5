export { CompleterOptions } from './completer-options';
export { DurableFunctionOptions } from './durable-function-options';
export { HandlerOptions } from './handler-options';
export { InvokerOptions } from './invoker-options';
export {
  ExecutionMode,
  RedshiftBatchExecuteStatement,
  RedshiftBatchExecuteStatementJsonataProps,
  RedshiftBatchExecuteStatementJsonPathProps,
  RedshiftBatchExecuteStatementOptions,
  RedshiftBatchExecuteStatementProps,
  RedshiftBatchOptions,
} from './redshift-batch-execute-statement';
export {
  RedshiftCancelOptions,
  RedshiftCancelStatement,
  RedshiftCancelStatementJsonataProps,
  RedshiftCancelStatementJsonPathProps,
  RedshiftCancelStatementOptions,
  RedshiftCancelStatementProps,
} from './redshift-cancel-statement';
export {
  RedshiftCheckOptions,
  RedshiftDataCheck,
  RedshiftDataCheckJsonataProps,
  RedshiftDataCheckJsonPathProps,
  RedshiftDataCheckOptions,
  RedshiftDataCheckProps,
} from './redshift-data-check';
export { RedshiftErrors } from './redshift-errors';
export {
  RedshiftExecuteStatement,
  RedshiftExecuteStatementJsonataProps,
  RedshiftExecuteStatementJsonPathProps,
  RedshiftExecuteStatementOptions,
  RedshiftExecuteStatementProps,
  RedshiftStatementOptions,
} from './redshift-execute-statement';
export {
  RedshiftExpectation,
  RedshiftExpectedCount,
  RedshiftExpectedValue,
  RedshiftSampleOptions,
} from './redshift-expectation';
export {
  RedshiftGetStatementResult,
  RedshiftGetStatementResultJsonataProps,
  RedshiftGetStatementResultJsonPathProps,
  RedshiftGetStatementResultOptions,
  RedshiftGetStatementResultProps,
  RedshiftResultPageOptions,
} from './redshift-get-statement-result';
export { RedshiftLock } from './redshift-lock';
export { RedshiftResult, RedshiftRowsOptions, RedshiftS3ResultOptions } from './redshift-result';
export { RedshiftOpenedSessionOptions, RedshiftSession, RedshiftSessionOptions } from './redshift-session';
export {
  OnRetry,
  OnTimeout,
  RedshiftStartOptions,
  RedshiftTaskBinding,
  RedshiftTaskOptions,
} from './redshift-start-options';
export { RedshiftStatement } from './redshift-statement';
export { RedshiftTarget } from './redshift-target';
export {
  RedshiftClusterIdentityTargetProps,
  RedshiftClusterSecretTargetProps,
  RedshiftClusterTargetProps,
  RedshiftServerlessSecretTargetProps,
  RedshiftServerlessTargetProps,
  RedshiftTargetOptions,
} from './redshift-target-props';
export { ServerlessWorkgroup } from './serverless-workgroup';
export { SfnRedshiftTasker } from './sfn-redshift-tasker';
export { SfnRedshiftTaskerProps } from './sfn-redshift-tasker-props';
export { SweepOptions } from './sweep-options';
export { TaskerEncryption } from './tasker-encryption';
export { ITaskerTarget } from './tasker-target';
export { WatchedExecutions } from './watched-executions';
