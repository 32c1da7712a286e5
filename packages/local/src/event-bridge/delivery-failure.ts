import { AwsError } from '../common/aws-error.ts';

/** Why a target did not take an event, in EventBridge's words. */
export interface DeliveryFailure {
  readonly code: string;
  readonly message: string;
  /** Whether a later attempt can help: a missing queue or permission goes to the dead-letter queue at once. */
  readonly mayPass: boolean;
  readonly retries: number;
  readonly exhausted?: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';
}

const FINAL: readonly (readonly [RegExp, string])[] = [
  [/NonExistentQueue|QueueDoesNotExist|ResourceNotFound|StateMachineDoesNotExist/, 'NO_RESOURCE'],
  [/AccessDenied/, 'NO_PERMISSIONS'],
  [/Kms|KMS/, 'NO_PERMISSIONS'],
  [
    /InvalidParameter|InvalidMessageContents|InvalidAttributeValue|InvalidRequestContent|InvalidExecutionInput|Validation/,
    'INVALID_PARAMETER',
  ],
];

export const failureOf = (error: unknown): DeliveryFailure => {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof AwsError ? error.code : '';
  const final = FINAL.find(([pattern]) => pattern.test(code));
  if (final) return { code: final[1], message, mayPass: false, retries: 0 };
  return {
    code: /Throttl|TooMany/.test(code) ? 'THROTTLING' : 'ERROR_FROM_TARGET',
    message,
    mayPass: true,
    retries: 0,
  };
};
