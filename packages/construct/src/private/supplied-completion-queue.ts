import { Duration, Token } from 'aws-cdk-lib';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { SfnRedshiftTaskerProps } from '../sfn-redshift-tasker-props';
import { COMPLETION_RETENTION, DEFAULT_DRAIN_TIMEOUT, RECEIVE_COUNT, visibilityFor } from './completion-limits';
import { queueResource } from './queue-resource';
import { checkQueueOfRule } from './supplied-queue';
import { checkAtLeast, checkReceives, checkWholeNumber, refuse } from './validation';

/** What SQS takes where nothing is said. */
const DEFAULT_VISIBILITY_SECONDS = 30;
const DEFAULT_RETENTION_SECONDS = Duration.days(4).toSeconds();

/** How long messages are kept for the drain. Of an imported queue it is not known; a token is as well as not. */
export const completionRetentionOf = ({ completionQueue }: SfnRedshiftTaskerProps): Duration => {
  const resource = completionQueue && queueResource(completionQueue);
  if (!resource) return COMPLETION_RETENTION;
  const seconds = resource.messageRetentionPeriod ?? DEFAULT_RETENTION_SECONDS;
  return Token.isUnresolved(seconds) ? COMPLETION_RETENTION : Duration.seconds(Number(seconds));
};

/** The dead-letter queue that a queue of this app has. */
export const deadLettersOf = (queue: sqs.IQueue): sqs.DeadLetterQueue | undefined =>
  (queue as Partial<sqs.Queue>).deadLetterQueue;

/** @throws Error naming the property and what it got. */
export const checkCompletionQueue = (props: SfnRedshiftTaskerProps): void => {
  const { completionQueue, completer } = props;
  checkQueueOfRule('completionQueue', completionQueue);
  if (!completionQueue) return;
  if (completer?.maxReceiveCount !== undefined) {
    const rule = 'is an option of a queue that the tasker makes, and must not be given together with completionQueue';
    refuse('completer.maxReceiveCount', rule, completer.maxReceiveCount);
  }
  const resource = queueResource(completionQueue);
  if (resource) checkKnown(props, completionQueue, resource);
  else checkUnknown(props, completionQueue);
};

const checkUnknown = ({ completionDeadLetterQueue }: SfnRedshiftTaskerProps, queue: sqs.IQueue): void => {
  if (completionDeadLetterQueue) return;
  const rule = 'must be given together with an imported completionQueue, of which it is not known here';
  refuse('completionDeadLetterQueue', `${rule} (${queue.node.path})`, undefined);
};

const checkKnown = (props: SfnRedshiftTaskerProps, queue: sqs.IQueue, resource: sqs.CfnQueue): void => {
  const { completionDeadLetterQueue, completer } = props;
  const deadLetters = deadLettersOf(queue);
  if (!deadLetters) {
    const rule = 'must have a dead-letter queue, or what cannot be handled is received until the queue drops it';
    return refuse('completionQueue', rule, queue.node.path);
  }
  if (completionDeadLetterQueue && completionDeadLetterQueue !== deadLetters.queue) {
    const rule = `must be that of completionQueue (${deadLetters.queue.node.path}), or left out`;
    refuse('completionDeadLetterQueue', rule, completionDeadLetterQueue.node.path);
  }
  checkWholeNumber('completionQueue.maxReceiveCount', deadLetters.maxReceiveCount, ...RECEIVE_COUNT);
  const seconds = resource.visibilityTimeout ?? DEFAULT_VISIBILITY_SECONDS;
  if (Token.isUnresolved(seconds)) return;
  const needed = visibilityFor(completer?.timeout ?? DEFAULT_DRAIN_TIMEOUT).toSeconds();
  const reason = 'six times completer.timeout: else a message comes again while it is still tried';
  checkAtLeast('completionQueue.visibilityTimeout', Number(seconds), needed, reason);
  checkReceives('completionQueue.maxReceiveCount', {
    maxReceiveCount: deadLetters.maxReceiveCount,
    visibility: Duration.seconds(Number(seconds)),
    retention: completionRetentionOf(props),
    because: 'with its visibilityTimeout',
  });
};
