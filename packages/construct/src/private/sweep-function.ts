import { Duration, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { SweepOptions } from '../sweep-options';
import { anyResourceOfCompleter, arnInFinding, streamsOf } from './acknowledge';
import { anyStateMachine } from './acknowledge-any-state-machine';
import { describe } from './description';
import { type SweepEnvironment, sweepEnvironment } from './handler-environment';
import { createHandlerFunction } from './handler-function';
import { type HandlerRole, handlerRole } from './handler-role';
import type { Network } from './network';
import { type CompleterResources, sweepStatements } from './role-policies';

export const DEFAULT_SWEEP_TIMEOUT = Duration.minutes(1);

export interface SweepFunctionProps {
  readonly options: SweepOptions;
  readonly role: HandlerRole;
  readonly environment: SweepEnvironment;
  readonly resources: CompleterResources;
  readonly network: Network;
}

const PURPOSE = 'answers the tasks of statements whose end no event told; cancels what nobody waits for';

export const sweepRole = (scope: Construct, supplied: iam.IRole | undefined): HandlerRole =>
  handlerRole(scope, { handler: 'Sweep', purpose: PURPOSE, supplied, property: 'sweep.role', assumedBy: [] });

export const createSweep = (scope: Construct, props: SweepFunctionProps): lambda.Function => {
  const { options, role, environment, resources, network } = props;
  return createHandlerFunction(scope, {
    handler: 'Sweep',
    description: describe(scope, PURPOSE),
    role,
    rights: rightsOf(Stack.of(scope), resources),
    logGroup: resources.logGroup,
    network,
    options,
    environment: sweepEnvironment(environment),
    timeout: options.timeout ?? DEFAULT_SWEEP_TIMEOUT,
    // No repeats and so no dead letters: the event says nothing, and the next run does what this one left.
    retryAttempts: 0,
  });
};

const rightsOf = (stack: Stack, resources: CompleterResources) => ({
  statements: sweepStatements(stack, resources),
  acknowledgements: {
    ...anyStateMachine(stack),
    [`AwsSolutions-IAM5[Resource::${arnInFinding(stack, 'states', 'execution:*')}]`]:
      'Any execution of the account and region may have left a statement running; only whether it is over is read.',
    ...anyResourceOfCompleter(resources.inVpc),
    ...streamsOf(stack, resources.logGroup),
  },
});
