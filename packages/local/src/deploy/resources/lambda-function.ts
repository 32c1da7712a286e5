import { arnIn, parseArn } from '../../common/arn.ts';
import {
  type FunctionConfig,
  LOG_LEVELS,
  RESERVED_VARIABLES,
  RUNTIMES,
  SYSTEM_LOG_LEVELS,
} from '../../lambda/index.ts';
import type { Properties } from '../properties.ts';
import { nameOf, type ResourceType } from '../resource.ts';
import { functionCode } from './lambda-function-code.ts';

/** Lambda's own defaults. */
const MEMORY_MB = 128;
const TIMEOUT_SECONDS = 3;

export const lambdaFunction: ResourceType = {
  replacement: ['FunctionName', 'PackageType'],
  plan: (resource, { account, assets, parts: { lambda } }) => {
    const { properties } = resource;
    const name = nameOf(resource, 'FunctionName', { longest: 64 });
    const arn = arnIn(account, 'lambda', `function:${name}`);
    refuseUnplayed(properties);
    const config: FunctionConfig = {
      name,
      arn,
      roleArn: properties.requiredString('Role'),
      runtime: runtimeOf(properties),
      handler: properties.requiredString('Handler'),
      code: functionCode(properties, assets),
      memoryMb: properties.integer('MemorySize', { from: 128, to: 10_240 }) ?? MEMORY_MB,
      timeoutSeconds: properties.integer('Timeout', { from: 1, to: 900 }) ?? TIMEOUT_SECONDS,
      environment: environmentOf(properties),
      ...loggingOf(properties, name),
      ...optionalSettings(properties),
    };
    const put = () => lambda.putFunction(config);
    return {
      physicalId: name,
      attributes: { Arn: arn },
      create: put,
      update: put,
      delete: () => lambda.deleteFunction(name),
    };
  },
};

/** What the stage does not play is let through only where its absence changes nothing that a function sees. */
const refuseUnplayed = (properties: Properties): void => {
  properties.only('PackageType', 'Zip');
  properties.only('Architectures', '["arm64"]', '["x86_64"]');
  properties.only('RecursiveLoop', 'Allow', 'Terminate');
  properties.object('SnapStart')?.only('ApplyOn', 'None');
  properties.object('TracingConfig')?.only('Mode', 'PassThrough', 'Active');
  properties.object('EphemeralStorage')?.integer('Size', { from: 512, to: 10_240 });
  // A function that works in a VPC sees of it what it cannot reach, and here it reaches everything.
  properties.object('VpcConfig')?.withoutEffect('Ipv6AllowedForDualStack', 'SecurityGroupIds', 'SubnetIds');
  properties.withoutEffect('Tags');
};

const runtimeOf = (properties: Properties): FunctionConfig['runtime'] => {
  const wanted = properties.requiredString('Runtime');
  const runtime = RUNTIMES.find((known) => known === wanted);
  if (!runtime) properties.refuse('Runtime', `is supported as ${RUNTIMES.join(' or ')} only, not ${wanted}`);
  return runtime ?? RUNTIMES[0];
};

const VARIABLE = /^[a-zA-Z]\w+$/;
const MOST_ENVIRONMENT_BYTES = 4096;

const environmentOf = (properties: Properties): Record<string, string> => {
  const variables = properties.object('Environment')?.object('Variables');
  if (!variables) return {};
  const entries = variables.names().map((name) => [name, variables.string(name) ?? ''] as const);
  for (const [name] of entries) {
    if (RESERVED_VARIABLES.has(name)) variables.refuse(name, 'is a variable that Lambda reserves for itself');
    else if (!VARIABLE.test(name)) variables.refuse(name, 'is no name of a variable');
  }
  const bytes = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (bytes > MOST_ENVIRONMENT_BYTES)
    properties.refuse('Environment', `has ${bytes} bytes of variables, and Lambda takes ${MOST_ENVIRONMENT_BYTES}`);
  return Object.fromEntries(entries);
};

/** Where lines go, and how they are written: levels count in the format JSON only. */
const loggingOf = (properties: Properties, name: string): Pick<FunctionConfig, 'logGroup' | 'logging'> => {
  const config = properties.object('LoggingConfig');
  const logGroup = config?.string('LogGroup') ?? `/aws/lambda/${name}`;
  const format = choice(config, 'LogFormat', ['Text', 'JSON'] as const) ?? 'Text';
  const applicationLevel = choice(config, 'ApplicationLogLevel', LOG_LEVELS);
  const systemLevel = choice(config, 'SystemLogLevel', SYSTEM_LOG_LEVELS);
  if (format === 'JSON')
    return {
      logGroup,
      logging: { format, applicationLevel: applicationLevel ?? 'INFO', systemLevel: systemLevel ?? 'INFO' },
    };
  if (applicationLevel ?? systemLevel) config?.refuse('LogFormat', 'must be JSON where there are log levels');
  return { logGroup };
};

const choice = <T extends string>(
  properties: Properties | undefined,
  name: string,
  values: readonly T[],
): T | undefined => {
  properties?.only(name, ...values);
  return values.find((value) => value === properties?.string(name));
};

const optionalSettings = (properties: Properties): Partial<FunctionConfig> => {
  const description = properties.string('Description');
  const reservedConcurrency = properties.integer('ReservedConcurrentExecutions', { from: 0, to: 1000 });
  const deadLetterArn = deadLetterArnOf(properties);
  return {
    ...(description === undefined ? {} : { description }),
    ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
  };
};

const deadLetterArnOf = (properties: Properties): string | undefined => {
  const config = properties.object('DeadLetterConfig');
  const arn = config?.string('TargetArn');
  if (arn !== undefined && parseArn(arn)?.service !== 'sqs')
    config?.refuse('TargetArn', `is supported for SQS queues only, not ${arn}`);
  return arn;
};
