import type { Duration } from 'aws-cdk-lib';
import type { HandlerOptions } from './handler-options';

/** How the invoker runs: the Lambda function that starts, describes and cancels statements and reads results. */
export interface InvokerOptions extends HandlerOptions {
  /**
   * Longest one invocation may take, 10 seconds to 15 minutes. It bounds a call to the Data API, never a statement: nothing
   * waits for one.
   *
   * @default Duration.seconds(30)
   */
  readonly timeout?: Duration;

  /**
   * Concurrency set aside for the function, which is also the most it can get. Starts beyond it are throttled, so a state
   * machine that fans out needs a Retry on `Lambda.TooManyRequestsException`.
   *
   * @default - no reservation; the function shares the account's concurrency
   */
  readonly reservedConcurrency?: number;

  /**
   * Whether statements are sent with a comment before their SQL, by which Redshift's query history tells whose they are: the names
   * of execution and state, and the invocation key. Redshift's result cache knows queries by their text, comment included.
   *
   * @default true
   */
  readonly sqlComment?: boolean;
}
