import type { Duration } from 'aws-cdk-lib';
import type { HandlerOptions } from './handler-options';

/** How the completer runs: the queue of completion events and the Lambda function that answers the waiting tasks. */
export interface CompleterOptions extends HandlerOptions {
  /**
   * Longest one batch may take, 10 seconds to 15 minutes. A message that could not be settled is tried again after six times
   * as long: the queue's visibility timeout, as AWS Lambda recommends. Nothing can be calculated from a token, so with one
   * that is 90 minutes, right for any timeout.
   *
   * @default Duration.seconds(30)
   */
  readonly timeout?: Duration;

  /**
   * Most batches handled at once, 2 to 1,000. Messages of one batch are handled concurrently as well.
   *
   * @default 5
   */
  readonly maxConcurrency?: number;

  /**
   * Concurrency set aside for the function, which is also the most it can get: no less than `maxConcurrency`, since Lambda
   * would throttle the batches beyond it.
   *
   * @default - no reservation; the function shares the account's concurrency
   */
  readonly reservedConcurrency?: number;

  /**
   * Most messages in a batch, 1 to 10. More would make every message wait for a batching window.
   *
   * @default 10
   */
  readonly batchSize?: number;

  /**
   * How often a message is received before it goes to the dead-letter queue, 5 to 1,000. Reads that Lambda throttles count
   * too, which is why fewer than 5 are refused. So are more than fit into the four days that the queue keeps a message: it
   * would be dropped before it could come into the dead-letter queue. Not together with a `completionQueue`, which brings its own.
   *
   * @default 20 - about an hour with the default timeout
   */
  readonly maxReceiveCount?: number;
}
