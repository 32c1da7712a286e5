import type { Account } from '../../common/account.ts';
import type { Credentials } from '../../common/ports.ts';
import type { FunctionConfig } from '../function-config.ts';

export interface SandboxEnvironment {
  readonly account: Account;
  readonly endpoint: string;
  readonly credentials: Credentials;
  readonly taskRoot: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly logStream: string;
}

/**
 * All that a function's code sees as its environment: nothing of the host process. `AWS_ENDPOINT_URL`, which leads its clients to the stage,
 * is the one variable that Lambda does not set.
 */
export const environmentOf = (config: FunctionConfig, sandbox: SandboxEnvironment): Record<string, string> => ({
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
  // Set whether or not traces are taken; nothing listens there.
  AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
  AWS_XRAY_DAEMON_ADDRESS: '169.254.100.1:2000',
  ...config.environment,
  AWS_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
  AWS_DEFAULT_REGION: sandbox.account.region,
  AWS_ENDPOINT_URL: sandbox.endpoint,
  AWS_EXECUTION_ENV: `AWS_Lambda_${config.runtime}`,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memoryMb),
  AWS_LAMBDA_FUNCTION_NAME: config.name,
  AWS_LAMBDA_FUNCTION_VERSION: sandbox.version,
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_GROUP_NAME: config.logGroup,
  AWS_LAMBDA_LOG_STREAM_NAME: sandbox.logStream,
  ...loggingOf(config),
  AWS_REGION: sandbox.account.region,
  AWS_SECRET_ACCESS_KEY: sandbox.credentials.secretAccessKey,
  AWS_SESSION_TOKEN: sandbox.credentials.sessionToken,
  LAMBDA_RUNTIME_DIR: '/var/runtime',
  LAMBDA_TASK_ROOT: sandbox.taskRoot,
  _HANDLER: config.handler,
});

const loggingOf = ({ logging }: FunctionConfig): Record<string, string> =>
  logging?.format === 'JSON'
    ? { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: logging.applicationLevel }
    : { AWS_LAMBDA_LOG_FORMAT: 'Text' };

/** Lambda refuses a function that sets these itself. */
export const RESERVED_VARIABLES: ReadonlySet<string> = new Set([
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
]);
