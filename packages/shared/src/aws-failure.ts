/**
 * What a failed AWS call tells us:
 * - `refused`: a definite no; it had no effect and repeating it changes nothing;
 * - `throttled`: a no for now; it had no effect, later it may succeed;
 * - `uncertain`: nobody knows; it may have taken effect (5xx, time-out, broken connection).
 */
export type AwsFailureKind = 'refused' | 'throttled' | 'uncertain';

export interface AwsFailure {
  readonly kind: AwsFailureKind;
  /** The exception's name, as `Catch` would list it; `ThrottlingException` where it is a throttle's in disguise. */
  readonly name: string;
  readonly message: string;
  readonly status?: number;
  readonly requestId?: string;
}

/** Names under which AWS services throttle, whatever the HTTP status. */
const THROTTLES = new Set([
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'SlowDown',
  'KmsThrottled',
  'KmsThrottling',
  'KmsThrottlingException',
]);

/** Serverless workgroups pass their own throttle on inside a ValidationException (redshift-data-api.md, section 1.3). */
const DISGUISED_THROTTLE = /\b(ThrottlingException|Rate exceeded|Too ?Many ?Requests)\b/i;

/** What the Data API and most services call a throttle, for one whose own name does not say it: a `Retry` lists names. */
const THROTTLE = 'ThrottlingException';

/** Sorts whatever an AWS SDK client threw. What has no HTTP status never got an answer, so it is uncertain. */
export const awsFailureOf = (error: unknown): AwsFailure => {
  const { name, message, $metadata } = error as Partial<SdkError>;
  const status = $metadata?.httpStatusCode;
  const requestId = $metadata?.requestId;
  const kind = kindOf(name ?? '', message ?? '', status);
  return {
    kind,
    name: kind === 'throttled' && !THROTTLES.has(name ?? '') ? THROTTLE : (name ?? 'Error'),
    message: message ?? String(error),
    ...(status !== undefined && { status }),
    ...(requestId !== undefined && { requestId }),
  };
};

interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly $metadata: { readonly httpStatusCode?: number; readonly requestId?: string };
}

const kindOf = (name: string, message: string, status: number | undefined): AwsFailureKind => {
  if (status === undefined || status < 400) return 'uncertain';
  if (status === 429 || THROTTLES.has(name)) return 'throttled';
  if (DISGUISED_THROTTLE.test(message) && status < 500) return 'throttled';
  return status >= 500 ? 'uncertain' : 'refused';
};
