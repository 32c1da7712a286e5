import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { COMPLETION_EVENT, END_STATES } from './contract.generated';
import { describe } from './description';

export interface CompletionRuleProps {
  readonly statementNamePrefix: string;
  readonly completionQueue: sqs.Queue;
  readonly deadLetterQueue: sqs.Queue;
}

/** Brings the events of this tasker's own statements, and no others, to the completion queue. */
export const createCompletionRule = (scope: Construct, props: CompletionRuleProps): events.Rule => {
  const rule = new events.Rule(scope, 'CompletionRule', {
    description: describe(scope, 'statements that ended'),
    eventPattern: {
      source: [COMPLETION_EVENT.source],
      detailType: [COMPLETION_EVENT.detailType],
      detail: { statementName: events.Match.prefix(props.statementNamePrefix), state: [...END_STATES] },
    },
    targets: [{ bind: () => targetOf(props) }],
  });
  for (const queue of [props.completionQueue, props.deadLetterQueue]) letSend(rule, queue);
  return rule;
};

// Not CDK's SqsQueue target: for an encrypted queue that lets any rule send, and it leaves out the dead-letter queue's key.
const targetOf = ({ completionQueue, deadLetterQueue }: CompletionRuleProps): events.RuleTargetConfig => ({
  arn: completionQueue.queueArn,
  deadLetterConfig: { arn: deadLetterQueue.queueArn },
});

const letSend = (rule: events.Rule, queue: sqs.Queue): void => {
  queue.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'CompletionRuleSends',
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
    }),
  );
};
