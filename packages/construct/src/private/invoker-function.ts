import { Annotations, Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { InvokerOptions } from '../invoker-options';
import { ANY_RESOURCE_OF_FOLLOWING, acknowledge, arnInFinding } from './acknowledge';
import { describe } from './description';
import { type InvokerEnvironment, invokerEnvironment } from './handler-environment';
import { createHandlerFunction } from './handler-function';
import { prepareOwnerRole } from './owner-role';
import { type InvokerResources, invokerStatements } from './role-policies';

const DEFAULT_MEMORY_MIB = 256;
const DEFAULT_TIMEOUT = Duration.seconds(30);

export interface InvokerFunctionProps {
  readonly options: InvokerOptions;
  readonly role: iam.Role;
  readonly environment: Omit<InvokerEnvironment, 'roleArn' | 'completionQueueUrl'>;
  readonly resources: Omit<InvokerResources, 'ownerRole'>;
  /** Who, beside the invoker, acts as the owner of its statements. */
  readonly completerRoles: readonly iam.IRole[];
  readonly deadLetterQueue: sqs.IQueue;
}

/**
 * The role that the invoker runs with, and that owns the statements it starts: the Data API shows them to no other. So the
 * completers may assume it: the drain to read an error, the sweep to look at what it has heard nothing of.
 */
export const createInvokerRole = (scope: Construct, completerRoles: readonly iam.IRole[]): iam.Role =>
  new iam.Role(scope, 'InvokerRole', {
    description: describe(scope, 'starts statements and owns them'),
    assumedBy: new iam.CompositePrincipal(
      new iam.ServicePrincipal('lambda.amazonaws.com'),
      ...completerRoles.map(({ roleArn }) => new iam.ArnPrincipal(roleArn)),
    ),
  });

export const createInvoker = (scope: Construct, props: InvokerFunctionProps): lambda.Function => {
  const { options, role, environment, resources } = props;
  const ready = grant(scope, props);
  const invoker = createHandlerFunction(scope, 'Invoker', 'invoker', {
    description: describe(scope, 'starts, describes and cancels Redshift statements'),
    role,
    logGroup: resources.logGroup,
    environment: invokerEnvironment({
      ...environment,
      roleArn: role.roleArn,
      completionQueueUrl: resources.completionQueue.queueUrl,
    }),
    memorySize: options.memorySize ?? DEFAULT_MEMORY_MIB,
    timeout: options.timeout ?? DEFAULT_TIMEOUT,
    reservedConcurrentExecutions: options.reservedConcurrency,
    deadLetterQueue: props.deadLetterQueue,
  });
  invoker.node.addDependency(...ready);
  return invoker;
};

/**
 * Where asynchronous invocations go that Lambda has given up: to the drain, which tells CloudFormation. The dead-letter queue
 * keeps them besides. Not by the function's own `onFailure`: that grants more than sending a message needs.
 *
 * It comes after all else in the scope: so what refers to it does.
 */
export const reportFailures = (
  scope: Construct,
  invoker: lambda.Function,
  completionQueue: sqs.IQueue,
): lambda.CfnEventInvokeConfig => {
  const others = scope.node.children;
  const failures = new lambda.CfnEventInvokeConfig(scope, 'InvokerFailures', {
    functionName: invoker.functionName,
    qualifier: '$LATEST',
    destinationConfig: { onFailure: { destination: completionQueue.queueArn } },
  });
  failures.node.addDependency(...others);
  return failures;
};

/** @returns what the invoker needs to be there, beside its own role */
const grant = (scope: Construct, { role, resources, environment, completerRoles }: InvokerFunctionProps) => {
  const { target } = environment;
  const { ownerRole } = target;
  for (const [id, message] of Object.entries(target.warnings)) Annotations.of(scope).addWarningV2(id, message);
  grantOwn(scope, role, { ...resources, ...(ownerRole && { ownerRole }) });
  if (ownerRole) return [prepareOwnerRole(scope, { ownerRole, target, assumedBy: [role, ...completerRoles] })];
  for (const statement of target.statements) role.addToPolicy(statement);
  acknowledge(role, target.acknowledgements);
  return [];
};

const grantOwn = (scope: Construct, role: iam.Role, resources: InvokerResources): void => {
  const stack = Stack.of(scope);
  for (const statement of invokerStatements(stack, resources)) role.addToPolicy(statement);
  acknowledge(role, {
    ...ANY_RESOURCE_OF_FOLLOWING,
    [`AwsSolutions-IAM5[Resource::${arnInFinding(stack, 'states', 'stateMachine:*')}]`]:
      'Any state machine of the account and region may wait for a statement; a heartbeat only tells whether a task still waits, and needs its token.',
  });
};
