import { AwsError } from '../common/aws-error.ts';

const MOST_RECEIVES = 1000;

/** Where messages go that have been received too often. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Which queues may name this one as their dead-letter queue. */
export type RedriveAllowPolicy =
  | { readonly redrivePermission: 'allowAll' | 'denyAll' }
  | { readonly redrivePermission: 'byQueue'; readonly sourceQueueArns: readonly string[] };

/** @throws AwsError `InvalidParameterValue` */
export const parseRedrivePolicy = (text: string): RedrivePolicy => {
  const invalid = (reason: string) => invalidValue('RedrivePolicy', text, reason);
  const { deadLetterTargetArn, maxReceiveCount } = jsonMap(text, () =>
    invalid('Redrive policy is not a valid JSON map.'),
  );
  if (typeof deadLetterTargetArn !== 'string')
    throw invalid('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  if (maxReceiveCount === undefined)
    throw invalid('Redrive policy does not contain mandatory attribute: maxReceiveCount.');
  const count = Number(maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > MOST_RECEIVES)
    throw invalid(
      `Invalid value for maxReceiveCount: ${JSON.stringify(maxReceiveCount)}, valid values are from 1 to ${MOST_RECEIVES} both inclusive.`,
    );
  return { deadLetterTargetArn, maxReceiveCount: count };
};

/** @throws AwsError `InvalidParameterValue` */
export const parseRedriveAllowPolicy = (text: string): RedriveAllowPolicy => {
  const invalid = (reason: string) => invalidValue('RedriveAllowPolicy', text, reason);
  const { redrivePermission, sourceQueueArns } = jsonMap(text, () => invalid('It is not a valid JSON map.'));
  if (redrivePermission === 'byQueue') {
    if (!isTexts(sourceQueueArns) || sourceQueueArns.length < 1 || sourceQueueArns.length > 10)
      throw invalid('With byQueue, sourceQueueArns must hold 1 to 10 ARNs.');
    return { redrivePermission, sourceQueueArns };
  }
  if (redrivePermission !== 'allowAll' && redrivePermission !== 'denyAll')
    throw invalid('redrivePermission must be allowAll, denyAll or byQueue.');
  if (sourceQueueArns !== undefined) throw invalid(`${redrivePermission} takes no sourceQueueArns.`);
  return { redrivePermission };
};

/**
 * Whether the dead-letter queue exists, and takes messages of this one.
 *
 * @param deadLetterQueue undefined when there is none of that ARN
 * @throws AwsError `InvalidParameterValue`
 */
export const checkRedrive = (
  sourceArn: string,
  text: string,
  deadLetterQueue: { readonly redriveAllow?: RedriveAllowPolicy | undefined } | undefined,
): void => {
  const invalid = (reason: string) => invalidValue('RedrivePolicy', text, reason);
  if (!deadLetterQueue) throw invalid('Dead letter target does not exist.');
  const allow = deadLetterQueue.redriveAllow ?? { redrivePermission: 'allowAll' };
  if (allow.redrivePermission === 'allowAll') return;
  if (allow.redrivePermission === 'byQueue' && allow.sourceQueueArns.includes(sourceArn)) return;
  throw invalid(`The dead-letter queue does not allow it to ${sourceArn} (${allow.redrivePermission}).`);
};

const jsonMap = (text: string, invalid: () => AwsError): Readonly<Record<string, unknown>> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid();
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid();
  return value as Record<string, unknown>;
};

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const invalidValue = (parameter: string, text: string, reason: string): AwsError =>
  new AwsError('InvalidParameterValue', `Value ${text} for parameter ${parameter} is invalid. Reason: ${reason}`);
