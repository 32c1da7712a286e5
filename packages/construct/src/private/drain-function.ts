import { Duration, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { CompleterOptions } from '../completer-options';
import { anyResourceOfCompleter, streamsOf } from './acknowledge';
import { anyStateMachine } from './acknowledge-any-state-machine';
import { DEFAULT_DRAIN_TIMEOUT } from './completion-limits';
import { describe } from './description';
import { type DrainEnvironment, drainEnvironment } from './handler-environment';
import { createHandlerFunction } from './handler-function';
import { type HandlerRole, handlerRole } from './handler-role';
import type { Network } from './network';
import { type DrainResources, drainStatements } from './role-policies';

const DEFAULT_BATCH_SIZE = 10;

/** With ten messages a batch: enough for every statement an account can start, without exhausting its Data API quotas. */
export const DEFAULT_MAX_CONCURRENCY = 5;

const PURPOSE = 'answers the tasks whose statements have ended';

export interface DrainFunctionProps {
  readonly options: CompleterOptions;
  readonly role: HandlerRole;
  readonly environment: Omit<DrainEnvironment, 'completionQueueUrl' | 'maxConcurrency'>;
  readonly resources: DrainResources;
  readonly network: Network;
}

export const drainRole = (scope: Construct, supplied: iam.IRole | undefined): HandlerRole =>
  handlerRole(scope, { handler: 'Drain', purpose: PURPOSE, supplied, property: 'completer.role', assumedBy: [] });

export const createDrain = (scope: Construct, props: DrainFunctionProps): lambda.Function => {
  const { options, role, environment, resources, network } = props;
  const drain = createHandlerFunction(scope, {
    handler: 'Drain',
    description: describe(scope, PURPOSE),
    role,
    rights: rightsOf(Stack.of(scope), resources),
    logGroup: resources.logGroup,
    network,
    options,
    environment: drainEnvironment({
      ...environment,
      completionQueueUrl: resources.completionQueue.queueUrl,
      maxConcurrency: maxConcurrencyOf(options),
    }),
    timeout: options.timeout ?? DEFAULT_DRAIN_TIMEOUT,
    reservedConcurrentExecutions: options.reservedConcurrency,
    // It puts messages that must wait back into its own queue. Lambda would take that for a runaway loop at the 16th time.
    recursiveLoop: lambda.RecursiveLoop.ALLOW,
  });
  readQueue(drain, props);
  return drain;
};

const rightsOf = (stack: Stack, resources: DrainResources) => ({
  statements: drainStatements(stack, resources),
  acknowledgements: {
    ...anyStateMachine(stack),
    ...anyResourceOfCompleter(resources.inVpc),
    ...streamsOf(stack, resources.logGroup),
  },
});

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
