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
  [/NonExistentQueue|QueueDoesNotExist/, 'NO_RESOURCE'],
  [/AccessDenied/, 'NO_PERMISSIONS'],
  [/Kms|KMS/, 'NO_PERMISSIONS'],
  [/InvalidParameter|InvalidMessageContents|InvalidAttributeValue/, 'INVALID_PARAMETER'],
];

export const failureOf = (error: unknown): DeliveryFailure => {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const final = FINAL.find(([pattern]) => pattern.test(name));
  if (final) return { code: final[1], message, mayPass: false, retries: 0 };
  return {
    code: /Throttl|TooMany/.test(name) ? 'THROTTLING' : 'ERROR_FROM_TARGET',
    message,
    mayPass: true,
    retries: 0,
  };
};
