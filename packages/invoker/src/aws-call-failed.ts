import {
  type AwsFailure,
  type AwsFailureKind,
  awsFailureOf,
  TaskerError,
  withoutCredentials,
} from '@sfn-redshift/shared';

/**
 * A call to AWS that failed, under the exception's own name and with its own text. The SDK's exception itself stays
 * inside: Lambda logs every property of what a handler throws, and an exception can hold an item or a whole response.
 */
export class AwsCallFailed extends TaskerError {
  override readonly name: string;
  readonly retryable: boolean;
  readonly kind: AwsFailureKind;
  readonly requestId: string | undefined;

  constructor({ kind, name, message, requestId }: AwsFailure, hide: (text: string) => string = withoutCredentials) {
    super(hide(message));
    this.name = name;
    this.kind = kind;
    this.retryable = kind !== 'refused';
    this.requestId = requestId;
  }
}

/** What the caller is told: errors of ours as they are, AWS's without what it must not see. */
export const callerErrorOf = (error: unknown): Error => {
  if (error instanceof TaskerError) return error;
  if (isFromSdk(error)) return new AwsCallFailed(awsFailureOf(error));
  return error instanceof Error ? error : new Error(String(error));
};

/** How often the SDK has sent the request. */
export const attemptsOf = (error: unknown): number =>
  (error as { $metadata?: { attempts?: number } }).$metadata?.attempts ?? 1;

// The SDK marks what it throws so, broken connections and time-outs included.
const isFromSdk = (error: unknown): boolean => typeof error === 'object' && error !== null && '$metadata' in error;
