/** Where a matched event goes: an SQS queue of the account. */
export interface RuleTarget {
  readonly id: string;
  /** ARN of the queue. */
  readonly arn: string;
  /** ARN of the queue for what cannot be delivered; without it such events are lost, as on AWS. */
  readonly deadLetterArn?: string;
  /** @default 185 */
  readonly maximumRetryAttempts?: number;
  /** @default 86400 (24 hours) */
  readonly maximumEventAgeInSeconds?: number;
}

/** A rule of the default event bus. */
export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly pattern: unknown;
  /** A disabled rule is kept, but matches nothing. */
  readonly enabled: boolean;
  readonly targets: readonly RuleTarget[];
}
