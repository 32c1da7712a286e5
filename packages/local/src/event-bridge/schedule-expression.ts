import { AwsError } from '../common/aws-error.ts';
import { type NextFiring, parseCron } from './cron-expression.ts';

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * `rate(5 minutes)` counts from when the rule came to be; `cron(0 20 * * ? *)` is in UTC.
 *
 * @throws AwsError `ValidationException`
 */
export const parseSchedule = (expression: string): NextFiring => {
  const [, kind, inner = ''] = /^(rate|cron)\((.*)\)$/.exec(expression) ?? [];
  const next = kind === 'rate' ? parseRate(inner) : kind === 'cron' ? parseCron(inner) : undefined;
  if (!next) throw new AwsError('ValidationException', 'Parameter ScheduleExpression is not valid.');
  return next;
};

/** The unit is singular after 1, and plural otherwise. */
const parseRate = (text: string): NextFiring | undefined => {
  const [, value = '', unit = '', plural = ''] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  if (unitMs === undefined || (value === '1') !== (plural === '')) return undefined;
  return (after) => after + Number(value) * unitMs;
};
