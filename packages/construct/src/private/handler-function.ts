import { join } from 'node:path';
import type { Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

const ASSETS = join(__dirname, '..', '..', 'assets');

export interface HandlerFunctionProps
  extends Pick<
    lambda.FunctionProps,
    'deadLetterQueue' | 'recursiveLoop' | 'reservedConcurrentExecutions' | 'retryAttempts'
  > {
  readonly description: string;
  readonly role: iam.IRole;
  readonly logGroup: logs.ILogGroup;
  readonly environment: Record<string, string>;
  readonly memorySize: number;
  readonly timeout: Duration;
}

/** A function that runs one of the bundled handlers: assets/<name>/index.mjs. */
export const createHandlerFunction = (
  scope: Construct,
  id: string,
  handler: 'drain' | 'invoker' | 'sweep',
  { environment, ...props }: HandlerFunctionProps,
): lambda.Function =>
  new lambda.Function(scope, id, {
    ...props,
    code: lambda.Code.fromAsset(join(ASSETS, handler)),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
    // A fifth cheaper; the bundles are plain JavaScript and run anywhere.
    architecture: lambda.Architecture.ARM_64,
    environment: { ...environment, NODE_OPTIONS: '--enable-source-maps' },
  });
