/** A queue that is polled for a function. */
export interface EventSourceMapping {
  readonly id: string;
  readonly functionName: string;
  /**
   * Version or alias.
   *
   * @default - the function as it is
   */
  readonly qualifier?: string;
  /** ARN of a standard queue. */
  readonly queueArn: string;
  /** Most messages per invocation, up to 10,000; more than 10 need a batching window. */
  readonly batchSize: number;
  /** Batches at work at a time. */
  readonly maximumConcurrency: number;
  /** Whether the function names the messages that failed (`ReportBatchItemFailures`); otherwise a batch succeeds or fails as a whole. */
  readonly reportsItemFailures: boolean;
  /**
   * How long messages wait for a batch to fill, 0 to 300 seconds of the stage's clock.
   *
   * @default 0
   */
  readonly batchingWindowSeconds?: number;
  /**
   * Patterns for the body, one of which has to match: other messages are deleted.
   *
   * @default - every message comes to the function
   */
  readonly filters?: readonly unknown[];
  /**
   * A mapping that is not enabled exists, and polls nothing.
   *
   * @default true
   */
  readonly isEnabled?: boolean;
}
