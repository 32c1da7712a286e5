/** A queue that is polled for a function. */
export interface EventSourceMapping {
  readonly id: string;
  readonly functionName: string;
  /** ARN of a standard queue. */
  readonly queueArn: string;
  /** Most messages per invocation, up to 10. */
  readonly batchSize: number;
  /** Batches at work at a time. */
  readonly maximumConcurrency: number;
  /** Whether the function names the messages that failed (`ReportBatchItemFailures`); otherwise a batch succeeds or fails as a whole. */
  readonly reportsItemFailures: boolean;
}
