import type { AwsFailure } from './aws-failure.ts';

/**
 * What the refusal of a heartbeat says of its task. `gone`: nobody waits with this token any more. `unknown`: it proves
 * nothing, as Step Functions may not know the task yet, and a token that was never one says nothing of the task that
 * waits. Undefined for a failure of another kind.
 */
export const heartbeatRefusalOf = ({ name }: AwsFailure): 'gone' | 'unknown' | undefined => {
  if (name === 'TaskTimedOut') return 'gone';
  return name === 'TaskDoesNotExist' || name === 'InvalidToken' ? 'unknown' : undefined;
};

/**
 * The same of a durable function's callback. One that has timed out, was answered, or belongs to an execution that is over
 * gets the same exception.
 */
export const callbackRefusalOf = ({ name }: AwsFailure): 'gone' | 'unknown' | undefined => {
  if (name === 'CallbackTimeoutException') return 'gone';
  return name === 'ResourceNotFoundException' || name === 'InvalidParameterValueException' ? 'unknown' : undefined;
};
