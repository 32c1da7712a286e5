import { Duration } from 'aws-cdk-lib';

// Shorter than the dead-letter queue's: a message keeps its age when it moves there.
export const COMPLETION_RETENTION = Duration.days(4);

export const DEFAULT_DRAIN_TIMEOUT = Duration.seconds(30);

// With the default timeout, the completion of a statement is tried for an hour.
export const DEFAULT_MAX_RECEIVE_COUNT = 20;

/** Below 5, reads that Lambda throttles could use up a message's receives; AWS Lambda recommends no fewer. */
export const RECEIVE_COUNT = [5, 1000] as const;

// What AWS Lambda recommends, so that a batch is not handed out again while it is still tried.
const VISIBILITY_PER_TIMEOUT = 6;

const LONGEST_TIMEOUT = Duration.minutes(15);

/** How long a message is hidden that was received. A token's value is known after synthesis only; then it is right for any. */
export const visibilityFor = (drainTimeout: Duration): Duration => {
  const timeout = drainTimeout.isUnresolved() ? LONGEST_TIMEOUT : drainTimeout;
  return Duration.seconds(VISIBILITY_PER_TIMEOUT * timeout.toSeconds());
};
