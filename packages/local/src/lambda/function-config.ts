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
  /** @default Text, in which levels count for nothing */
  readonly logging?: FunctionLogging;
}

/** How the lines of a function, and Lambda's own, are written. */
export interface FunctionLogging {
  readonly format: 'Text' | 'JSON';
  /** In the format JSON, lines of the function below this level are left out. */
  readonly applicationLevel: (typeof LOG_LEVELS)[number];
  /** In the format JSON, Lambda's own lines are left out above INFO. */
  readonly systemLevel: (typeof SYSTEM_LOG_LEVELS)[number];
}

export const LOG_LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
export const SYSTEM_LOG_LEVELS = ['DEBUG', 'INFO', 'WARN'] as const;
