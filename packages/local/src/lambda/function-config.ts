/** The Node runtimes that a function may name; all of them run on the Node that runs the stage. */
export const RUNTIMES = ['nodejs22.x', 'nodejs24.x'] as const;

/** A directory as it would be zipped, or the text of `index.js`. */
export type FunctionCode = { readonly directory: string } | { readonly inline: string };

export interface FunctionConfig {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly runtime: (typeof RUNTIMES)[number];
  /** `file.export` */
  readonly handler: string;
  readonly code: FunctionCode;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Name of the log group. */
  readonly logGroup: string;
  readonly description?: string;
  /** Invocations at a time before callers are throttled; undefined: no limit of its own. */
  readonly reservedConcurrency?: number;
  /** ARN of the queue for asynchronous invocations that failed for good; without it they are lost, as on AWS. */
  readonly deadLetterArn?: string;
  /**
   * How often an asynchronous invocation is tried again when the function fails, 0 to 2.
   *
   * @default 2
   */
  readonly maximumRetryAttempts?: number;
  /**
   * How long an asynchronous invocation may be tried, 60 to 21,600 seconds.
   *
   * @default 21600 (6 hours)
   */
  readonly maximumEventAgeSeconds?: number;
}
