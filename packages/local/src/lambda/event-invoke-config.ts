/** What becomes of the asynchronous invocations of a function, or of one of its versions or aliases. */
export interface EventInvokeConfig {
  /**
   * How often an invocation is tried again when the function fails, 0 to 2.
   *
   * @default 2
   */
  readonly maximumRetryAttempts?: number;
  /**
   * How long an invocation may be tried, 60 to 21,600 seconds.
   *
   * @default 21600 (6 hours)
   */
  readonly maximumEventAgeSeconds?: number;
  /** ARN of a queue, a function or the default event bus that gets a record of each success. */
  readonly onSuccess?: string;
  /** The same for each failure, when no attempt is left. */
  readonly onFailure?: string;
}

/** The default event bus, a standard queue, a function: where a record can go here. */
export const DESTINATION =
  /^arn:[^:]+:(?:sqs:[^:]*:\d*:[^:]+|lambda:[^:]*:\d*:function:[^:]+(?::[^:]+)?|events:[^:]*:\d*:event-bus\/default)$/;
