import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLambda, type FunctionConfig, type Lambda, type LambdaDeps } from '../../src/lambda/index.ts';
import { Metrics } from '../../src/metrics/metrics.ts';
import { Keys } from '../../src/services/kms.ts';
import { Logs } from '../../src/services/logs.ts';
import { startSqsAndS3 } from '../../src/services/sqs-and-s3.ts';
import { account, addRole, startGateway, type TestGateway } from './gateway.ts';

export interface LambdaStage extends TestGateway {
  readonly lambda: Lambda;
  readonly logs: Logs;
  readonly keys: Keys;
  readonly metrics: Metrics;
  /** Puts a function whose `index.mjs` is `source`, under a role that may do everything unless another is named. */
  put(source: string, config?: Partial<FunctionConfig>): FunctionConfig;
  /** What the function's log group holds, as one text. */
  logText(name?: string): string;
  /** Resolves once handlers that start with BEGIN have begun that many times. */
  started(count: number): Promise<void>;
}

/** First words of an async handler that `started` can see. */
export const BEGIN = "await fetch(process.env.AWS_ENDPOINT_URL + '/2015-03-31/functions/');";

const ANYTHING = { Effect: 'Allow', Action: '*', Resource: '*' };

export const startLambdaStage = async (
  options: Pick<LambdaDeps, 'accountConcurrency' | 'sandboxes'> = {},
): Promise<LambdaStage> => {
  const stage = await startGateway();
  const { gateway, identities, clock, functions: callers } = stage;
  const endpoint = () => gateway.endpoint;
  const keys = new Keys({ account, clock });
  const queues = await startSqsAndS3(account, { endpoint, keys });
  const metrics = new Metrics();
  const logs = new Logs({ account, clock, metrics });
  const log = { info: () => undefined, warn: () => undefined };
  const lambda = createLambda({
    account,
    clock,
    roles: identities,
    calls: gateway,
    endpoint,
    log,
    callers,
    metrics,
    ...options,
  });
  for (const service of [queues.sqs, logs, keys, lambda]) gateway.register(service);
  const directories: string[] = [];
  const put = (source: string, config: Partial<FunctionConfig> = {}) => {
    const directory = mkdtempSync(path.join(tmpdir(), 'sfn-redshift-local-test-'));
    directories.push(directory);
    writeFileSync(path.join(directory, 'index.mjs'), source);
    const whole = functionConfig(directory, {
      roleArn: config.roleArn ?? addRole(stage, 'function', ANYTHING),
      ...config,
    });
    lambda.putFunction(whole);
    return whole;
  };
  const close = async () => {
    await lambda.close();
    await stage.close();
    await queues.close();
    for (const directory of directories) rmSync(directory, { recursive: true });
  };
  const logText = (name = 'f') =>
    logs
      .eventsOf(`/aws/lambda/${name}`)
      .map(({ message }) => message)
      .join('');
  const started = (count: number) =>
    new Promise<void>((resolve) => {
      const check = () => (gateway.calls.counts().get('lambda:ListFunctions') ?? 0) >= count && resolve();
      gateway.calls.onCall(check);
      check();
    });
  return { ...stage, started, lambda, logs, keys, metrics, put, logText, close };
};

const functionConfig = (directory: string, config: Partial<FunctionConfig> & { roleArn: string }): FunctionConfig => ({
  name: 'f',
  arn: `arn:aws:lambda:${account.region}:${account.accountId}:function:${config.name ?? 'f'}`,
  runtime: 'nodejs24.x',
  handler: 'index.handler',
  code: { directory },
  memoryMb: 256,
  timeoutSeconds: 3,
  environment: {},
  logGroup: `/aws/lambda/${config.name ?? 'f'}`,
  ...config,
});
