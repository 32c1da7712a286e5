import { Stack } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { queueResource } from './queue-resource';

/** Where a rule brings its events, and where those go that it cannot bring there. */
export interface RuleQueues {
  readonly completionQueue: sqs.IQueue;
  readonly deadLetterQueue: sqs.IQueue;
}

// Not CDK's SqsQueue target: for an encrypted queue that lets any rule send, and it leaves out the dead-letter queue's key.
export const targetOf = (
  { completionQueue, deadLetterQueue }: RuleQueues,
  input?: events.RuleTargetInput,
): events.RuleTargetConfig => ({
  arn: completionQueue.queueArn,
  deadLetterConfig: { arn: deadLetterQueue.queueArn },
  input,
});

/** Allows the rule, and no other under this name, to send to both queues, where those are of its stack. */
export const letSend = (rule: events.Rule, { completionQueue, deadLetterQueue }: RuleQueues): void => {
  for (const queue of [completionQueue, deadLetterQueue]) {
    if (!isOfStack(queue, Stack.of(rule))) continue;
    const statement = sendTo(queue, { ArnEquals: { 'aws:SourceArn': rule.ruleArn } });
    // A supplied queue may have statements of several taskers, and a name must not come twice.
    if (queue.node.scope === rule.node.scope) statement.sid = `${rule.node.id}Sends`;
    queue.addToResourcePolicy(statement);
  }
};

/** A queue of another stack, or an imported one, cannot name the rule: the stacks would need each other. */
export const isOfStack = (queue: sqs.IQueue, stack: Stack): boolean =>
  queueResource(queue) !== undefined && Stack.of(queue) === stack;

/** Allows every rule of the account and region to send. */
export const letAnyRuleSend = (stack: Stack, queue: sqs.IQueue): iam.PolicyStatement =>
  sendTo(queue, {
    ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'events', resource: 'rule', resourceName: '*' }) },
  });

const sendTo = (queue: sqs.IQueue, conditions: iam.Conditions): iam.PolicyStatement =>
  new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('events.amazonaws.com')],
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
    conditions,
  });
