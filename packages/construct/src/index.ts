export { CompleterOptions } from './completer-options';
export { HandlerOptions } from './handler-options';
export { InvokerOptions } from './invoker-options';
export { RedshiftErrors } from './redshift-errors';
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
