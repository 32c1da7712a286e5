import { Stack } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { SfnRedshiftTaskerProps } from '../sfn-redshift-tasker-props';
import { WatchedExecutions } from '../watched-executions';
import { DEFAULT_RECORD_RETENTION } from './check-props';
import { completerRoles, createCompleters } from './completers';
import { createQueues, type Queues } from './completion-queue';
import { createCompletionRule } from './completion-rule';
import { createExecutionRule } from './execution-rule';
import { type CommonEnvironment, DEFAULT_TARGET_ID } from './handler-environment';
import { networkOf } from './network';
import { statementNamePrefix } from './statement-name-prefix';
import { createStorage, type Storage } from './storage';
import { letQueuesIn } from './supplied-queues';
import type { Surroundings } from './surroundings';
import { scheduleSweep, sweepIntervalOf } from './sweep-schedule';
import { createTargetInvoker, ownersOf, type SharedParts, targetRole } from './target-invoker';
import { useAlone } from './used-by-one';

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
  /** What the invokers of further targets share with this one. */
  readonly shared: SharedParts;
}

export const createTasker = (
  scope: Construct,
  props: SfnRedshiftTaskerProps,
  metricsNamespace: string,
): TaskerParts => {
  const prefix = statementNamePrefix(scope);
  const surroundings = createSurroundings(scope, props);
  const { storage, queues } = surroundings;
  const rules = createRules(scope, props, queues, prefix);
  const environment = { tableName: storage.table.tableName, statementNamePrefix: prefix, metricsNamespace };
  const handlers = createHandlers(scope, props, { surroundings, rules, environment });
  return { statementNamePrefix: prefix, storage, queues, ...rules, ...handlers };
};

const createSurroundings = (scope: Construct, props: SfnRedshiftTaskerProps): Surroundings => {
  useAlone(scope, 'table', props.table);
  useAlone(scope, 'completionQueue', props.completionQueue);
  const storage = createStorage(scope, props);
  const queues = createQueues(scope, props, storage.encryptionKey);
  letQueuesIn(scope, props);
  return { storage, queues, network: networkOf(props) };
};

interface HandlersProps {
  readonly surroundings: Surroundings;
  readonly rules: Pick<TaskerParts, 'completionRule' | 'executionRule'>;
  readonly environment: CommonEnvironment;
}

const createHandlers = (
  scope: Construct,
  props: SfnRedshiftTaskerProps,
  { surroundings, rules, environment }: HandlersProps,
) => {
  // Their roles come first: the invoker's trusts them by name, and IAM refuses the name of a role that does not exist.
  const roles = completerRoles(scope, props);
  const own = { id: DEFAULT_TARGET_ID, target: props.target._connect(Stack.of(scope)), options: props.invoker ?? {} };
  const role = targetRole(scope, 'invoker.role', own, roles);
  const { drain, sweep } = createCompleters(scope, props, {
    surroundings,
    environment,
    roles,
    owners: ownersOf(role, own),
    hearsOfExecutions: rules.executionRule !== undefined,
  });
  const sweepSchedule = scheduleSweep(scope, sweep, props.sweep ?? {});
  const { completionQueue, ruleDeadLetterQueue } = surroundings.queues;
  const shared: SharedParts = {
    surroundings,
    completerRoles: roles,
    environment: {
      ...environment,
      recordRetention: props.recordRetention ?? DEFAULT_RECORD_RETENTION,
      sweepInterval: sweepIntervalOf(props.sweep ?? {}),
    },
    // Whoever starts a statement, be it during the deployment, finds the way of its completion in place.
    ready: [...Object.values(rules), completionQueue, ruleDeadLetterQueue, drain, sweep, sweepSchedule],
  };
  return { drain, sweep, sweepSchedule, ...createTargetInvoker(scope, shared, own, role), shared };
};

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
