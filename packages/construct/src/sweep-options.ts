import type { Duration } from 'aws-cdk-lib';
import type { HandlerOptions } from './handler-options';

/** How the sweep runs: the scheduled Lambda function that looks for statements whose end no event told. */
export interface SweepOptions extends HandlerOptions {
  /**
   * Whether the sweep runs. Without it a task whose completion event is lost waits until its own timeout. The function is
   * there in any case, so the rule can be switched on again without a deployment.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Time between two runs, 1 minute to 1 hour in whole minutes. A lost event is made up for within two of it while the
   * statement is young, later within a tenth of the statement's run time if that is longer.
   *
   * @default Duration.minutes(1)
   */
  readonly interval?: Duration;

  /**
   * Longest one run may take, 10 seconds to 15 minutes, and no longer than the interval: a run goes on where the one before
   * it came to, so two at a time would look twice. A statement is looked at in a few milliseconds, at most 40 a second.
   *
   * @default Duration.minutes(1)
   */
  readonly timeout?: Duration;
}
