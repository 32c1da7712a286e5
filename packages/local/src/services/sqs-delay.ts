import { AwsError } from '../common/aws-error.ts';

const LONGEST_DELAY_SECONDS = 900;

/** fauxqs takes any delay. @throws AwsError `InvalidParameterValue` for one that SQS does not take */
export const checkDelay = (given: unknown): void => {
  const seconds = Number(given ?? 0);
  if (seconds >= 0 && seconds <= LONGEST_DELAY_SECONDS) return;
  throw new AwsError(
    'InvalidParameterValue',
    `Value ${seconds} for parameter DelaySeconds is invalid. Reason: it must be from 0 to ${LONGEST_DELAY_SECONDS}.`,
  );
};
