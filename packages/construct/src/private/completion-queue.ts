import { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { CompleterOptions } from '../completer-options';
import { acknowledge } from './acknowledge';
import { DEFAULT_DRAIN_TIMEOUT } from './drain-function';
import { queueEncryption } from './encryption';

/** The longest that SQS keeps a message. */
const DEAD_LETTER_RETENTION = Duration.days(14);

// Shorter than the dead-letter queue's: a message keeps its age when it moves there.
export const COMPLETION_RETENTION = Duration.days(4);

// What AWS Lambda recommends, so that a batch is not handed out again while it is still tried.
const VISIBILITY_PER_TIMEOUT = 6;

const LONGEST_TIMEOUT = Duration.minutes(15);

// With the default timeout, the completion of a statement is tried for an hour.
export const DEFAULT_MAX_RECEIVE_COUNT = 20;

export interface Queues {
  readonly completionQueue: sqs.Queue;
  readonly completionDeadLetterQueue: sqs.Queue;
  /** For asynchronous invocations only: synchronous callers see the exception. */
  readonly invokerDeadLetterQueue: sqs.Queue;
  readonly ruleDeadLetterQueue: sqs.Queue;
}

export const createQueues = (
  scope: Construct,
  { timeout, maxReceiveCount }: CompleterOptions,
  encryptionKey: kms.IKey | undefined,
): Queues => {
  const deadLetterQueue = (id: string) => createDeadLetterQueue(scope, id, encryptionKey);
  const completionDeadLetterQueue = deadLetterQueue('CompletionDeadLetterQueue');
  const completionQueue = createCompletionQueue(scope, {
    encryptionKey,
    drainTimeout: timeout ?? DEFAULT_DRAIN_TIMEOUT,
    maxReceiveCount: maxReceiveCount ?? DEFAULT_MAX_RECEIVE_COUNT,
    deadLetterQueue: completionDeadLetterQueue,
  });
  const ruleDeadLetterQueue = deadLetterQueue('RuleDeadLetterQueue');
  acknowledge(ruleDeadLetterQueue, { 'AwsSolutions-SQS3': 'This is a dead-letter queue: of a rule.' });
  return {
    completionQueue,
    completionDeadLetterQueue,
    invokerDeadLetterQueue: deadLetterQueue('InvokerDeadLetterQueue'),
    ruleDeadLetterQueue,
  };
};

interface CompletionQueueProps {
  readonly encryptionKey?: kms.IKey;
  readonly drainTimeout: Duration;
  readonly maxReceiveCount: number;
  readonly deadLetterQueue: sqs.IQueue;
}

/** Where completion events wait for the drain. */
const createCompletionQueue = (scope: Construct, props: CompletionQueueProps): sqs.Queue =>
  new sqs.Queue(scope, 'CompletionQueue', {
    ...queueEncryption(props.encryptionKey),
    enforceSSL: true,
    retentionPeriod: COMPLETION_RETENTION,
    visibilityTimeout: visibilityFor(props.drainTimeout),
    deadLetterQueue: { queue: props.deadLetterQueue, maxReceiveCount: props.maxReceiveCount },
  });

/** How long a message is hidden that was received. A token's value is known after synthesis only; then it is right for any. */
export const visibilityFor = (drainTimeout: Duration): Duration => {
  const timeout = drainTimeout.isUnresolved() ? LONGEST_TIMEOUT : drainTimeout;
  return Duration.seconds(VISIBILITY_PER_TIMEOUT * timeout.toSeconds());
};

/** Keeps, for as long as SQS can, what could not be handled. */
const createDeadLetterQueue = (scope: Construct, id: string, encryptionKey: kms.IKey | undefined): sqs.Queue =>
  new sqs.Queue(scope, id, {
    ...queueEncryption(encryptionKey),
    enforceSSL: true,
    retentionPeriod: DEAD_LETTER_RETENTION,
  });
