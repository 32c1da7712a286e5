import type { FunctionConfig } from './function-config.ts';

/** A function, or a version of it, as GetFunctionConfiguration shows it. */
export const configurationOf = (
  config: FunctionConfig,
  version = '$LATEST',
  arn = config.arn,
): Readonly<Record<string, unknown>> => ({
  FunctionName: config.name,
  FunctionArn: arn,
  Runtime: config.runtime,
  Role: config.roleArn,
  Handler: config.handler,
  Description: config.description ?? '',
  Timeout: config.timeoutSeconds,
  MemorySize: config.memoryMb,
  Version: version,
  Environment: { Variables: config.environment },
  PackageType: 'Zip',
  ...(config.deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: config.deadLetterArn } }),
  State: 'Active',
  LastUpdateStatus: 'Successful',
  LoggingConfig: { ...loggingOf(config), LogGroup: config.logGroup },
});

const loggingOf = ({ logging }: FunctionConfig) =>
  logging?.format === 'JSON'
    ? {
        LogFormat: 'JSON',
        ApplicationLogLevel: logging.applicationLevel,
        SystemLogLevel: logging.systemLevel,
      }
    : { LogFormat: 'Text' };
