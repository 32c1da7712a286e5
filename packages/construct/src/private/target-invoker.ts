import type { IRole } from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct, IDependable } from 'constructs';
import type { InvokerOptions } from '../invoker-options';
import { type CompleterRoles, rolesOf } from './completers';
import type { InvokerEnvironment } from './handler-environment';
import type { HandlerRole } from './handler-role';
import { createInvoker, invokerRole } from './invoker-function';
import { serviceTokenOf } from './service-token';
import { logGroupOf } from './storage';
import type { Surroundings } from './surroundings';
import type { TargetConnection } from './target-connection';

/** What the invokers of all targets share. */
export interface SharedParts {
  readonly surroundings: Surroundings;
  readonly environment: Omit<
    InvokerEnvironment,
    'roleArn' | 'completionQueueUrl' | 'sqlComment' | 'target' | 'targetId'
  >;
  readonly completerRoles: CompleterRoles;
  /** What must be there before anything starts a statement. */
  readonly ready: readonly IDependable[];
}

/** A target, and how its invoker runs. */
export interface InvokerTarget {
  readonly id: string;
  readonly target: TargetConnection;
  readonly options: InvokerOptions;
}

/** What runs statements of one target, for tasks and for custom resources. */
export interface TargetInvoker {
  readonly invoker: lambda.Function;
  readonly serviceToken: string;
}

/** @param property that may supply the role */
export const targetRole = (
  scope: Construct,
  property: string,
  { options }: InvokerTarget,
  roles: CompleterRoles,
): HandlerRole => invokerRole(scope, { supplied: options.role, property, completerRoles: rolesOf(roles) });

/** The roles whose statements a target's may be. The invoker's owns what was started before another one was named. */
export const ownersOf = ({ role }: HandlerRole, { target: { ownerRole } }: InvokerTarget): IRole[] =>
  ownerRole ? [role, ownerRole] : [role];

export const createTargetInvoker = (
  scope: Construct,
  shared: SharedParts,
  { id: targetId, target, options }: InvokerTarget,
  role: HandlerRole,
): TargetInvoker => {
  const { storage, queues, network } = shared.surroundings;
  const invoker = createInvoker(scope, {
    options,
    role,
    network,
    environment: { ...shared.environment, targetId, target },
    resources: {
      logGroup: logGroupOf(scope, 'InvokerLogGroup', options.logGroup, storage.logGroups),
      table: storage.table,
      completionQueue: queues.completionQueue,
      deadLetterQueue: queues.invokerDeadLetterQueue,
      inVpc: network.vpc !== undefined,
    },
    completerRoles: rolesOf(shared.completerRoles),
  });
  invoker.node.addDependency(...shared.ready);
  return { invoker, serviceToken: serviceTokenOf(scope, invoker, queues.completionQueue) };
};
