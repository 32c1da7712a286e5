import type { FunctionConfig } from './function-config.ts';

/** A function as GetFunctionConfiguration shows it. */
export const configurationOf = (config: FunctionConfig): Readonly<Record<string, unknown>> => ({
  FunctionName: config.name,
  FunctionArn: config.arn,
  Runtime: config.runtime,
  Role: config.roleArn,
  Handler: config.handler,
  Description: config.description ?? '',
  Timeout: config.timeoutSeconds,
  MemorySize: config.memoryMb,
  Version: '$LATEST',
  Environment: { Variables: config.environment },
  PackageType: 'Zip',
  ...(config.deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: config.deadLetterArn } }),
  State: 'Active',
  LastUpdateStatus: 'Successful',
  LoggingConfig: { LogFormat: 'Text', LogGroup: config.logGroup },
});
