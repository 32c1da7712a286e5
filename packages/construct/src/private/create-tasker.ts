import { Duration, Stack } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { SfnRedshiftTaskerProps } from '../sfn-redshift-tasker-props';
import { createQueues, type Queues } from './completion-queue';
import { createCompletionRule } from './completion-rule';
import { createDrain, createDrainRole } from './drain-function';
import type { CommonEnvironment } from './handler-environment';
import { createInvoker, createInvokerRole } from './invoker-function';
import { statementNamePrefix } from './statement-name-prefix';
import { createStorage, type Storage } from './storage';
import { createSweep, createSweepRole } from './sweep-function';
import { scheduleSweep } from './sweep-schedule';

/** As long as a Step Functions execution can be redriven. */
const DEFAULT_RECORD_RETENTION = Duration.days(14);

/** The resources of one tasker. */
export interface TaskerParts {
  readonly statementNamePrefix: string;
  readonly storage: Storage;
  readonly queues: Queues;
  readonly completionRule: events.Rule;
  readonly drain: lambda.Function;
  readonly sweep: lambda.Function;
  readonly sweepSchedule: events.Rule;
  readonly invoker: lambda.Function;
}

export const createTasker = (
  scope: Construct,
  props: SfnRedshiftTaskerProps,
  metricsNamespace: string,
): TaskerParts => {
  const prefix = statementNamePrefix(scope);
  const storage = createStorage(scope, props);
  const queues = createQueues(scope, props.completer ?? {}, storage.encryptionKey);
  const completionRule = createCompletionRule(scope, {
    statementNamePrefix: prefix,
    completionQueue: queues.completionQueue,
    deadLetterQueue: queues.ruleDeadLetterQueue,
  });
  const environment = { tableName: storage.table.tableName, statementNamePrefix: prefix, metricsNamespace };
  const { drain, sweep, invoker } = createHandlers(scope, props, { storage, queues, environment });
  const sweepSchedule = scheduleSweep(scope, sweep, props.sweep ?? {});
  // Whoever starts a statement, be it during the deployment, finds the way of its completion in place.
  invoker.node.addDependency(completionRule, queues.completionQueue, queues.ruleDeadLetterQueue, drain);
  return { statementNamePrefix: prefix, storage, queues, completionRule, drain, sweep, sweepSchedule, invoker };
};

interface Surroundings {
  readonly storage: Storage;
  readonly queues: Queues;
  readonly environment: CommonEnvironment;
}

const createHandlers = (
  scope: Construct,
  props: SfnRedshiftTaskerProps,
  { storage, queues, environment }: Surroundings,
) => {
  // Their roles come first: the invoker's trusts them by name, and IAM refuses the name of a role that does not exist.
  const drainRole = createDrainRole(scope);
  const sweepRole = createSweepRole(scope);
  const invokerRole = createInvokerRole(scope, [drainRole, sweepRole]);
  const drain = createDrain(scope, {
    options: props.completer ?? {},
    role: drainRole,
    environment,
    resources: {
      ...storage,
      logGroup: storage.drainLogGroup,
      completionQueue: queues.completionQueue,
      ownerRole: invokerRole,
    },
  });
  const sweep = createSweep(scope, {
    options: props.sweep ?? {},
    role: sweepRole,
    environment,
    resources: { ...storage, logGroup: storage.sweepLogGroup, ownerRole: invokerRole },
  });
  const target = props.target._connect(Stack.of(scope));
  const recordRetention = props.recordRetention ?? DEFAULT_RECORD_RETENTION;
  const invoker = createInvoker(scope, {
    options: props.invoker ?? {},
    role: invokerRole,
    environment: { ...environment, target, recordRetention },
    resources: { ...storage, logGroup: storage.invokerLogGroup, completionQueue: queues.completionQueue },
    deadLetterQueue: queues.invokerDeadLetterQueue,
  });
  return { drain, sweep, invoker };
};
