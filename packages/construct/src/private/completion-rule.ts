import * as events from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { COMPLETION_EVENT, END_STATES } from './contract.generated';
import { describe } from './description';
import { letSend, type RuleQueues, targetOf } from './rule-target';

export interface CompletionRuleProps extends RuleQueues {
  readonly statementNamePrefix: string;
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
  letSend(rule, props);
  return rule;
};
