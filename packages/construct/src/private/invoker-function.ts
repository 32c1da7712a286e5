import { Annotations, Duration, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { InvokerOptions } from '../invoker-options';
import { anyResourceOfInvoker, arnInFinding, streamsOf } from './acknowledge';
import { describe } from './description';
import { type InvokerEnvironment, invokerEnvironment } from './handler-environment';
import { createHandlerFunction } from './handler-function';
import { type HandlerRole, handlerRole } from './handler-role';
import type { Network } from './network';
import { prepareOwnerRole } from './owner-role';
import { type InvokerResources, invokerStatements, keepFailedInvocations } from './role-policies';

const DEFAULT_TIMEOUT = Duration.seconds(30);

export interface InvokerFunctionProps {
  readonly options: InvokerOptions;
  readonly role: HandlerRole;
  readonly environment: Omit<InvokerEnvironment, 'roleArn' | 'completionQueueUrl' | 'sqlComment'>;
  readonly resources: Omit<InvokerResources, 'ownerRole'>;
  /** Who, beside the invoker, acts as the owner of its statements. */
  readonly completerRoles: readonly iam.IRole[];
  readonly network: Network;
}

export interface InvokerRoleProps {
  readonly supplied: iam.IRole | undefined;
  readonly property: string;
  readonly completerRoles: readonly iam.IRole[];
}

/**
 * The role that the invoker runs with, and that owns the statements it starts: the Data API shows them to no other. So the
 * completers may assume it: the drain to read an error, the sweep to look at what it has heard nothing of.
 */
export const invokerRole = (scope: Construct, { completerRoles, ...props }: InvokerRoleProps): HandlerRole =>
  handlerRole(scope, {
    handler: 'Invoker',
    purpose: 'starts statements and owns them',
    assumedBy: completerRoles,
    ...props,
  });

export const createInvoker = (scope: Construct, props: InvokerFunctionProps): lambda.Function => {
  const { options, role, environment, resources, network } = props;
  const { target } = environment;
  for (const [id, message] of Object.entries(target.warnings)) Annotations.of(scope).addWarningV2(id, message);
  const invoker = createHandlerFunction(scope, {
    handler: 'Invoker',
    description: describe(scope, 'starts, describes and cancels Redshift statements'),
    role,
    rights: rightsOf(Stack.of(scope), props),
    logGroup: resources.logGroup,
    network,
    options,
    environment: invokerEnvironment({
      ...environment,
      sqlComment: options.sqlComment ?? true,
      roleArn: role.role.roleArn,
      completionQueueUrl: resources.completionQueue.queueUrl,
    }),
    timeout: options.timeout ?? DEFAULT_TIMEOUT,
    reservedConcurrentExecutions: options.reservedConcurrency,
    deadLetterQueue: resources.deadLetterQueue,
  });
  invoker.node.addDependency(...ownerOf(scope, props));
  return invoker;
};

/** @returns what the invoker needs to be there, beside its own role */
const ownerOf = (scope: Construct, { role, environment, completerRoles }: InvokerFunctionProps) => {
  const { target } = environment;
  const { ownerRole } = target;
  return ownerRole ? [prepareOwnerRole(scope, { ownerRole, target, assumedBy: [role.role, ...completerRoles] })] : [];
};

const rightsOf = (stack: Stack, { resources, environment: { target } }: InvokerFunctionProps) => {
  const { ownerRole, statements, acknowledgements } = target;
  return {
    statements: [
      ...invokerStatements(stack, { ...resources, ...(ownerRole && { ownerRole }) }),
      ...(ownerRole ? [] : statements),
      keepFailedInvocations(resources),
    ],
    acknowledgements: {
      ...anyResourceOfInvoker(resources.inVpc),
      [`AwsSolutions-IAM5[Resource::${arnInFinding(stack, 'states', 'stateMachine:*')}]`]:
        'Any state machine of the account and region may wait for a statement; a heartbeat only tells whether a task still waits, and needs its token.',
      ...streamsOf(stack, resources.logGroup),
      ...(ownerRole ? {} : acknowledgements),
    },
  };
};
