export { CompleterOptions } from './completer-options';
export { InvokerOptions } from './invoker-options';
export { RedshiftClusterTargetProps, RedshiftTarget } from './redshift-target';
export { SfnRedshiftTasker, SfnRedshiftTaskerProps } from './sfn-redshift-tasker';
export { TaskerEncryption } from './tasker-encryption';
