import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { WatchedExecutions } from '../watched-executions';
import { EXECUTION_ENDED, EXECUTION_EVENT } from './contract.generated';
import { describe } from './description';
import { letSend, type RuleQueues, targetOf } from './rule-target';

/** Tells the drain of executions that were stopped, timed out or failed; undefined where none is watched. */
export const createExecutionRule = (
  scope: Construct,
  watched: WatchedExecutions,
  queues: RuleQueues,
): events.Rule | undefined => {
  const stack = Stack.of(scope);
  const stateMachines = watched._pattern(stack);
  if (!stateMachines) return undefined;
  const rule = new events.Rule(scope, 'ExecutionRule', {
    description: describe(scope, 'executions that were stopped, timed out or failed'),
    eventPattern: {
      source: [EXECUTION_EVENT.source],
      detailType: [EXECUTION_EVENT.detailType],
      account: [stack.account],
      detail: { status: [...EXECUTION_EVENT.statuses], ...stateMachines },
    },
    targets: [{ bind: () => targetOf(queues, message()) }],
  });
  letSend(rule, queues);
  return rule;
};

/** Small, and without the execution's input and output: those are not ours to keep. */
const message = (): events.RuleTargetInput =>
  events.RuleTargetInput.fromObject({
    type: EXECUTION_ENDED.type,
    ...Object.fromEntries(
      EXECUTION_ENDED.detail.map((field) => [field, events.EventField.fromPath(`$.detail.${field}`)]),
    ),
  });
