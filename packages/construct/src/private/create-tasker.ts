import { Duration, Fn, Stack } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { SfnRedshiftTaskerProps } from '../sfn-redshift-tasker-props';
import { WatchedExecutions } from '../watched-executions';
import { createQueues, type Queues } from './completion-queue';
import { createCompletionRule } from './completion-rule';
import { createDrain, createDrainRole } from './drain-function';
import { createExecutionRule } from './execution-rule';
import type { CommonEnvironment } from './handler-environment';
import { createInvoker, createInvokerRole, reportFailures } from './invoker-function';
import { statementNamePrefix } from './statement-name-prefix';
import { createStorage, type Storage } from './storage';
import { createSweep, createSweepRole } from './sweep-function';
import { scheduleSweep, sweepIntervalOf } from './sweep-schedule';

/** As long as a Step Functions execution can be redriven. */
const DEFAULT_RECORD_RETENTION = Duration.days(14);

/** The resources of one tasker. */
export interface TaskerParts {
  readonly statementNamePrefix: string;
  readonly storage: Storage;
  readonly queues: Queues;
  readonly completionRule: events.Rule;
  readonly executionRule?: events.Rule;
  readonly drain: lambda.Function;
  readonly sweep: lambda.Function;
  readonly sweepSchedule: events.Rule;
  readonly invoker: lambda.Function;
  readonly serviceToken: string;
}

export const createTasker = (
  scope: Construct,
  props: SfnRedshiftTaskerProps,
  metricsNamespace: string,
): TaskerParts => {
  const prefix = statementNamePrefix(scope);
  const storage = createStorage(scope, props);
  const queues = createQueues(scope, props.completer ?? {}, storage.encryptionKey);
  const rules = createRules(scope, props, queues, prefix);
  const environment = { tableName: storage.table.tableName, statementNamePrefix: prefix, metricsNamespace };
  const { drain, sweep, invoker } = createHandlers(scope, props, { storage, queues, rules, environment });
  const sweepSchedule = scheduleSweep(scope, sweep, props.sweep ?? {});
  // Whoever starts a statement, be it during the deployment, finds the way of its completion in place.
  const { completionQueue, ruleDeadLetterQueue } = queues;
  invoker.node.addDependency(
    ...Object.values(rules),
    completionQueue,
    ruleDeadLetterQueue,
    drain,
    sweep,
    sweepSchedule,
  );
  const serviceToken = tokenAfter(reportFailures(scope, invoker, completionQueue), invoker);
  return { statementNamePrefix: prefix, storage, queues, ...rules, drain, sweep, sweepSchedule, invoker, serviceToken };
};

/**
 * The invoker's ARN, as an expression that refers to the other resource, too: whatever uses it is made after both and all that
 * these depend on, and deleted before.
 */
const tokenAfter = (resource: lambda.CfnEventInvokeConfig, invoker: lambda.Function): string =>
  Fn.select(0, [invoker.functionArn, resource.ref]);

const createRules = (
  scope: Construct,
  { watchedExecutions = WatchedExecutions.all() }: SfnRedshiftTaskerProps,
  { completionQueue, ruleDeadLetterQueue }: Queues,
  prefix: string,
) => {
  const ruleQueues = { completionQueue, deadLetterQueue: ruleDeadLetterQueue };
  const completionRule = createCompletionRule(scope, { statementNamePrefix: prefix, ...ruleQueues });
  const executionRule = createExecutionRule(scope, watchedExecutions, ruleQueues);
  return { completionRule, ...(executionRule && { executionRule }) };
};

interface Surroundings {
  readonly storage: Storage;
  readonly queues: Queues;
  readonly rules: Pick<TaskerParts, 'completionRule' | 'executionRule'>;
  readonly environment: CommonEnvironment;
}

const createHandlers = (
  scope: Construct,
  props: SfnRedshiftTaskerProps,
  { storage, queues, rules, environment }: Surroundings,
) => {
  // Their roles come first: the invoker's trusts them by name, and IAM refuses the name of a role that does not exist.
  const drainRole = createDrainRole(scope);
  const sweepRole = createSweepRole(scope);
  const completerRoles = [drainRole, sweepRole];
  const invokerRole = createInvokerRole(scope, completerRoles);
  const target = props.target._connect(Stack.of(scope));
  // The invoker's stays one of them: it owns what was started before the target was given another.
  const ownerRoles = [invokerRole, ...(target.ownerRole ? [target.ownerRole] : [])];
  const drain = createDrain(scope, {
    options: props.completer ?? {},
    role: drainRole,
    environment,
    resources: {
      ...storage,
      logGroup: storage.drainLogGroup,
      completionQueue: queues.completionQueue,
      ownerRoles,
      hearsOfExecutions: rules.executionRule !== undefined,
    },
  });
  const sweep = createSweep(scope, {
    options: props.sweep ?? {},
    role: sweepRole,
    environment,
    resources: { ...storage, logGroup: storage.sweepLogGroup, ownerRoles },
  });
  const recordRetention = props.recordRetention ?? DEFAULT_RECORD_RETENTION;
  const invoker = createInvoker(scope, {
    options: props.invoker ?? {},
    role: invokerRole,
    completerRoles,
    environment: { ...environment, target, recordRetention, sweepInterval: sweepIntervalOf(props.sweep ?? {}) },
    resources: { ...storage, logGroup: storage.invokerLogGroup, completionQueue: queues.completionQueue },
    deadLetterQueue: queues.invokerDeadLetterQueue,
  });
  return { drain, sweep, invoker };
};
