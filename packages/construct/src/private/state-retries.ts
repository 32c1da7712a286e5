import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { JitterType, type RetryProps } from 'aws-cdk-lib/aws-stepfunctions';

/**
 * What Lambda and the services behind the invoker answer when something of their own went wrong. The statement may have
 * started: the next attempt then adopts it.
 *
 * https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception
 */
const SERVICE_ERRORS = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'Runtime.ExitError',
  'InternalServerException',
  'InternalServerError',
  'InternalFailure',
  'ExecuteStatementException',
  'BatchExecuteStatementException',
  'ServiceUnavailable',
  'TimeoutError',
];

/** What they answer when asked too often. The invoker tells a throttle that the Data API has put into a ValidationException as ThrottlingException. */
const THROTTLES = [
  'Lambda.TooManyRequestsException',
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ActiveStatementsExceededException',
  'ActiveSessionsExceededException',
];

/** Another invocation is starting the same statement: it may do so until its function ends. */
const STARTS = ['StartInProgress'];

/** AWS's advice for Lambda: after 2, 4, 8, 16, 32 and 64 seconds. */
const INTERVAL_SECONDS = 2;
const BACKOFF_RATE = 2;
const ATTEMPTS = 6;
const BACKOFF = { interval: Duration.seconds(INTERVAL_SECONDS), backoffRate: BACKOFF_RATE };

/** Clocks and Lambda itself take their time, too. */
const MARGIN_SECONDS = 30;
const LONGEST_FUNCTION = Duration.minutes(15);

/** What a state that invokes the function repeats by itself. */
export const retriesFor = ({ timeout = LONGEST_FUNCTION }: LambdaFunction): readonly RetryProps[] => [
  { errors: SERVICE_ERRORS, maxAttempts: ATTEMPTS, ...BACKOFF },
  // Many states are throttled at once: they must not all come back at once.
  { errors: THROTTLES, maxAttempts: ATTEMPTS, ...BACKOFF, jitterStrategy: JitterType.FULL },
  { errors: STARTS, maxAttempts: attemptsBeyond(timeout), ...BACKOFF },
];

/** How many attempts it takes to wait longer than an invocation may last. */
const attemptsBeyond = (timeout: Duration): number => {
  const seconds = (timeout.isUnresolved() ? LONGEST_FUNCTION : timeout).toSeconds() + MARGIN_SECONDS;
  return Math.max(ATTEMPTS, Math.ceil(Math.log2(seconds / INTERVAL_SECONDS + 1)));
};
