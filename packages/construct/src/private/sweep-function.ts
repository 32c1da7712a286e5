import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { SweepOptions } from '../sweep-options';
import { acknowledge, arnInFinding } from './acknowledge';
import { acknowledgeAnyStateMachine } from './acknowledge-any-state-machine';
import { describe } from './description';
import { type SweepEnvironment, sweepEnvironment } from './handler-environment';
import { createHandlerFunction } from './handler-function';
import { type CompleterResources, sweepStatements } from './role-policies';

const DEFAULT_MEMORY_MIB = 256;
export const DEFAULT_SWEEP_TIMEOUT = Duration.minutes(1);

export interface SweepFunctionProps {
  readonly options: SweepOptions;
  readonly role: iam.Role;
  readonly environment: SweepEnvironment;
  readonly resources: CompleterResources;
}

const PURPOSE = 'answers the tasks of statements whose end no event told; cancels what nobody waits for';

export const createSweepRole = (scope: Construct): iam.Role =>
  new iam.Role(scope, 'SweepRole', {
    description: describe(scope, PURPOSE),
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
  });

const grant = (scope: Construct, role: iam.Role, resources: CompleterResources): void => {
  const stack = Stack.of(scope);
  for (const statement of sweepStatements(stack, resources)) role.addToPolicy(statement);
  acknowledgeAnyStateMachine(role);
  acknowledge(role, {
    [`AwsSolutions-IAM5[Resource::${arnInFinding(stack, 'states', 'execution:*')}]`]:
      'Any execution of the account and region may have left a statement running; only whether it is over is read.',
  });
};

export const createSweep = (scope: Construct, props: SweepFunctionProps): lambda.Function => {
  const { options, role, environment, resources } = props;
  grant(scope, role, resources);
  return createHandlerFunction(scope, 'Sweep', 'sweep', {
    description: describe(scope, PURPOSE),
    role,
    logGroup: resources.logGroup,
    environment: sweepEnvironment(environment),
    memorySize: options.memorySize ?? DEFAULT_MEMORY_MIB,
    timeout: options.timeout ?? DEFAULT_SWEEP_TIMEOUT,
    // No repeats and so no dead letters: the event says nothing, and the next run does what this one left.
    retryAttempts: 0,
  });
};
