import type { TargetInput } from './target-input.ts';

/** Where a matched event goes: an SQS queue, a function or a state machine of the account. */
export interface RuleTarget {
  readonly id: string;
  readonly arn: string;
  /**
   * Role that EventBridge takes on for the target; a state machine needs one.
   *
   * @default EventBridge acts for itself, as far as the policy of the target lets it
   */
  readonly roleArn?: string;
  /**
   * What the target gets.
   *
   * @default the event
   */
  readonly input?: TargetInput;
  /** ARN of the queue for what cannot be delivered; without it such events are lost, as on AWS. */
  readonly deadLetterArn?: string;
  /** @default 185 */
  readonly maximumRetryAttempts?: number;
  /** @default 86400 (24 hours) */
  readonly maximumEventAgeInSeconds?: number;
}

/** A rule of the default event bus: with a pattern, a schedule, or both. */
export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly pattern?: unknown;
  /** `rate(…)` or `cron(…)`. */
  readonly schedule?: string;
  /** A disabled rule is kept, but matches nothing, and its schedule rests. */
  readonly enabled: boolean;
  readonly targets: readonly RuleTarget[];
}
