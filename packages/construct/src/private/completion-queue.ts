import { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import { queueEncryption } from './encryption';

/** The longest that SQS keeps a message. */
const DEAD_LETTER_RETENTION = Duration.days(14);

// Shorter than the dead-letter queue's: a message keeps its age when it moves there.
const COMPLETION_RETENTION = Duration.days(4);

// What AWS Lambda recommends, so that a batch is not handed out again while it is still tried.
const VISIBILITY_PER_TIMEOUT = 6;

export interface CompletionQueueProps {
  readonly encryptionKey?: kms.IKey;
  readonly drainTimeout: Duration;
  readonly maxReceiveCount: number;
  readonly deadLetterQueue: sqs.IQueue;
}

/** Where completion events wait for the drain. */
export const createCompletionQueue = (scope: Construct, props: CompletionQueueProps): sqs.Queue =>
  new sqs.Queue(scope, 'CompletionQueue', {
    ...queueEncryption(props.encryptionKey),
    enforceSSL: true,
    retentionPeriod: COMPLETION_RETENTION,
    visibilityTimeout: Duration.seconds(VISIBILITY_PER_TIMEOUT * props.drainTimeout.toSeconds()),
    deadLetterQueue: { queue: props.deadLetterQueue, maxReceiveCount: props.maxReceiveCount },
  });

/** Keeps, for as long as SQS can, what could not be handled. */
export const createDeadLetterQueue = (scope: Construct, id: string, encryptionKey: kms.IKey | undefined): sqs.Queue => {
  const queue = new sqs.Queue(scope, id, {
    ...queueEncryption(encryptionKey),
    enforceSSL: true,
    retentionPeriod: DEAD_LETTER_RETENTION,
  });
  acknowledge(queue, { 'AwsSolutions-SQS3': 'This is a dead-letter queue: of a function, a rule or another queue.' });
  return queue;
};
