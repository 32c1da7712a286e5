import { AwsError } from '../common/aws-error.ts';

/** @param reason in the words of EventBridge's pattern compiler */
export const invalidPattern = (reason: string, path?: string): AwsError =>
  new AwsError(
    'InvalidEventPatternException',
    `Event pattern is not valid. Reason: ${reason}${path === undefined ? '' : ` at "${path}"`}`,
  );
