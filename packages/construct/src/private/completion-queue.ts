import { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { SfnRedshiftTaskerProps } from '../sfn-redshift-tasker-props';
import { acknowledge } from './acknowledge';
import {
  COMPLETION_RETENTION,
  DEFAULT_DRAIN_TIMEOUT,
  DEFAULT_MAX_RECEIVE_COUNT,
  visibilityFor,
} from './completion-limits';
import { queueEncryption } from './encryption';
import { deadLettersOf } from './supplied-completion-queue';

/** The longest that SQS keeps a message. */
const DEAD_LETTER_RETENTION = Duration.days(14);

export interface Queues {
  readonly completionQueue: sqs.IQueue;
  readonly completionDeadLetterQueue: sqs.IQueue;
  /** For asynchronous invocations only: synchronous callers see the exception. */
  readonly invokerDeadLetterQueue: sqs.IQueue;
  readonly ruleDeadLetterQueue: sqs.IQueue;
}

/** Those that are supplied, and the others made. */
export const createQueues = (
  scope: Construct,
  props: SfnRedshiftTaskerProps,
  encryptionKey: kms.IKey | undefined,
): Queues => {
  const { completionQueue: supplied } = props;
  const deadLetterQueue = (id: string) => createDeadLetterQueue(scope, id, encryptionKey);
  const completionDeadLetterQueue =
    props.completionDeadLetterQueue ??
    (supplied && deadLettersOf(supplied)?.queue) ??
    deadLetterQueue('CompletionDeadLetterQueue');
  const { timeout, maxReceiveCount } = props.completer ?? {};
  return {
    completionQueue:
      supplied ??
      createCompletionQueue(scope, {
        ...(encryptionKey && { encryptionKey }),
        drainTimeout: timeout ?? DEFAULT_DRAIN_TIMEOUT,
        maxReceiveCount: maxReceiveCount ?? DEFAULT_MAX_RECEIVE_COUNT,
        deadLetterQueue: completionDeadLetterQueue,
      }),
    completionDeadLetterQueue,
    invokerDeadLetterQueue: props.invokerDeadLetterQueue ?? deadLetterQueue('InvokerDeadLetterQueue'),
    ruleDeadLetterQueue: props.ruleDeadLetterQueue ?? createRuleDeadLetterQueue(scope, encryptionKey),
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

const createRuleDeadLetterQueue = (scope: Construct, encryptionKey: kms.IKey | undefined): sqs.Queue => {
  const queue = createDeadLetterQueue(scope, 'RuleDeadLetterQueue', encryptionKey);
  acknowledge(queue, { 'AwsSolutions-SQS3': 'This is a dead-letter queue: of a rule.' });
  return queue;
};

/** Keeps, for as long as SQS can, what could not be handled. */
const createDeadLetterQueue = (scope: Construct, id: string, encryptionKey: kms.IKey | undefined): sqs.Queue =>
  new sqs.Queue(scope, id, {
    ...queueEncryption(encryptionKey),
    enforceSSL: true,
    retentionPeriod: DEAD_LETTER_RETENTION,
  });
