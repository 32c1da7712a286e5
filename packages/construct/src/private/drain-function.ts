import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { CompleterOptions } from '../completer-options';
import { acknowledgeAnyStateMachine } from './acknowledge-any-state-machine';
import { describe } from './description';
import { type DrainEnvironment, drainEnvironment } from './handler-environment';
import { createHandlerFunction } from './handler-function';
import { type DrainResources, drainStatements } from './role-policies';

const DEFAULT_MEMORY_MIB = 256;
const DEFAULT_BATCH_SIZE = 10;

/** With ten messages a batch: enough for every statement an account can start, without exhausting its Data API quotas. */
export const DEFAULT_MAX_CONCURRENCY = 5;

export const DEFAULT_DRAIN_TIMEOUT = Duration.seconds(30);

export interface DrainFunctionProps {
  readonly options: CompleterOptions;
  readonly role: iam.Role;
  readonly environment: Omit<DrainEnvironment, 'completionQueueUrl' | 'maxConcurrency'>;
  readonly resources: DrainResources;
}

export const createDrainRole = (scope: Construct): iam.Role =>
  new iam.Role(scope, 'DrainRole', {
    description: describe(scope, 'answers the tasks whose statements have ended'),
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
  });

export const createDrain = (scope: Construct, props: DrainFunctionProps): lambda.Function => {
  const { options, role, environment, resources } = props;
  grant(scope, role, resources);
  const drain = createHandlerFunction(scope, 'Drain', 'drain', {
    description: describe(scope, 'answers the tasks whose statements have ended'),
    role,
    logGroup: resources.logGroup,
    environment: drainEnvironment({
      ...environment,
      completionQueueUrl: resources.completionQueue.queueUrl,
      maxConcurrency: maxConcurrencyOf(options),
    }),
    memorySize: options.memorySize ?? DEFAULT_MEMORY_MIB,
    timeout: options.timeout ?? DEFAULT_DRAIN_TIMEOUT,
    reservedConcurrentExecutions: options.reservedConcurrency,
    // It puts messages that must wait back into its own queue. Lambda would take that for a runaway loop at the 16th time.
    recursiveLoop: lambda.RecursiveLoop.ALLOW,
  });
  readQueue(drain, props);
  return drain;
};

const grant = (scope: Construct, role: iam.Role, resources: DrainResources): void => {
  for (const statement of drainStatements(Stack.of(scope), resources)) role.addToPolicy(statement);
  acknowledgeAnyStateMachine(role);
};

const maxConcurrencyOf = ({ maxConcurrency = DEFAULT_MAX_CONCURRENCY }: CompleterOptions): number => maxConcurrency;

// Not CDK's SqsEventSource: that grants more than the mapping needs.
const readQueue = (drain: lambda.Function, { options, resources }: DrainFunctionProps): void => {
  drain.addEventSourceMapping('CompletionEventSource', {
    eventSourceArn: resources.completionQueue.queueArn,
    batchSize: options.batchSize ?? DEFAULT_BATCH_SIZE,
    // Any longer, and a lone message may wait up to 20 seconds.
    maxBatchingWindow: Duration.seconds(0),
    maxConcurrency: maxConcurrencyOf(options),
    reportBatchItemFailures: true,
  });
};
