import { join } from 'node:path';
import type { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { HandlerOptions } from '../handler-options';
import { type HandlerRole, letRole, type RoleRights } from './handler-role';
import type { Network } from './network';

const ASSETS = join(__dirname, '..', '..', 'assets');
const DEFAULT_MEMORY_MIB = 256;

export interface HandlerFunctionProps
  extends Pick<lambda.FunctionProps, 'recursiveLoop' | 'reservedConcurrentExecutions' | 'retryAttempts'> {
  readonly handler: RoleRights['handler'];
  readonly description: string;
  readonly role: HandlerRole;
  readonly rights: Omit<RoleRights, 'handler'>;
  readonly logGroup: logs.ILogGroup;
  readonly network: Network;
  readonly options: HandlerOptions;
  /** What the handler reads. */
  readonly environment: Record<string, string>;
  readonly timeout: Duration;
  readonly deadLetterQueue?: sqs.IQueue;
}

/** A function that runs one of the bundled handlers, `assets/<name>/index.mjs`, with what its role needs for it. */
export const createHandlerFunction = (scope: Construct, props: HandlerFunctionProps): lambda.Function => {
  const { handler, role, rights, network, options, environment, deadLetterQueue, ...others } = props;
  const ready = letRole(scope, role, { handler, ...rights });
  const made = new lambda.Function(scope, handler, {
    ...others,
    ...network,
    role: role.role,
    code: lambda.Code.fromAsset(join(ASSETS, handler.toLowerCase())),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
    // A fifth cheaper; the bundles are plain JavaScript and run anywhere.
    architecture: lambda.Architecture.ARM_64,
    memorySize: options.memorySize ?? DEFAULT_MEMORY_MIB,
    environment: { NODE_OPTIONS: '--enable-source-maps', ...options.environment, ...environment },
  });
  made.node.addDependency(...ready);
  if (deadLetterQueue) keepFailed(made, deadLetterQueue);
  return made;
};

/** Not the function's own prop: that changes a role which may be of another stack, for which the queue would then be needed. */
const keepFailed = (made: lambda.Function, { queueArn }: sqs.IQueue): void => {
  (made.node.defaultChild as lambda.CfnFunction).deadLetterConfig = { targetArn: queueArn };
};
