import type { Construct } from 'constructs';
import type { SfnRedshiftTaskerProps } from '../sfn-redshift-tasker-props';
import { DEFAULT_DRAIN_TIMEOUT, RECEIVE_COUNT, visibilityFor } from './completion-limits';
import { letRulesSend } from './supplied-queue';

/** Opens the supplied queues that EventBridge writes to. */
export const letQueuesIn = (scope: Construct, props: SfnRedshiftTaskerProps): void => {
  const { completionQueue, ruleDeadLetterQueue } = props;
  if (completionQueue) letRulesSend(scope, 'completionQueue', completionQueue, limitsOf(props));
  if (ruleDeadLetterQueue) letRulesSend(scope, 'ruleDeadLetterQueue', ruleDeadLetterQueue);
};

const limitsOf = ({ completer }: SfnRedshiftTaskerProps): string[] => {
  const seconds = visibilityFor(completer?.timeout ?? DEFAULT_DRAIN_TIMEOUT).toSeconds();
  return [
    `its VisibilityTimeout must be at least ${seconds} seconds and the maxReceiveCount of its RedrivePolicy at least ${RECEIVE_COUNT[0]}`,
    'it must serve no other tasker',
  ];
};
