import { awsFailureOf, TaskerError } from '@sfn-redshift/shared';
import type { LogFields } from '@sfn-redshift/shared/telemetry';

/**
 * What may be logged of an error. Our own texts hold no secrets. Those of others may quote what they were given, so of them
 * the name and the place.
 */
export const errorEvidenceOf = (error: unknown): LogFields => {
  if (error instanceof TaskerError) return { error: error.name, reason: error.message };
  const { name, status, requestId } = awsFailureOf(error);
  return { error: name, status, requestId, at: placeOf(error) };
};

const placeOf = (error: unknown): string | undefined =>
  error instanceof Error
    ? error.stack
        ?.split('\n')
        .find((line) => /^\s+at /.test(line))
        ?.trim()
    : undefined;
