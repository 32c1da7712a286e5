import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';

/** Where a rule brings its events, and where those go that it cannot bring there. */
export interface RuleQueues {
  readonly completionQueue: sqs.Queue;
  readonly deadLetterQueue: sqs.Queue;
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

/** Allows the rule, and no other under this name, to send to both queues. */
export const letSend = (rule: events.Rule, { completionQueue, deadLetterQueue }: RuleQueues): void => {
  for (const queue of [completionQueue, deadLetterQueue]) {
    queue.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: `${rule.node.id}Sends`,
        principals: [new iam.ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
      }),
    );
  }
};
