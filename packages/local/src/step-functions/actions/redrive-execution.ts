import { AwsError } from '../../common/aws-error.ts';
import { redriveStatusOf } from '../redrive-status.ts';
import type { Store } from '../store.ts';
import { type Input, optionalText, requiredText } from './input.ts';

/** How long a repetition with the same client token is known for one. */
const TOKEN_MS = 15 * 60_000;

/** Repeated with the same client token, it redrives nothing. */
export const redriveExecution = async (input: Input, store: Store, now: () => number): Promise<unknown> => {
  const execution = store.execution(requiredText(input, 'executionArn'));
  const token = optionalText(input, 'clientToken', { minLength: 1, maxLength: 64 });
  const before = token === undefined ? undefined : execution.redrivenWith(token);
  if (before !== undefined && now() - before <= TOKEN_MS) return { redriveDate: before / 1000 };
  // What has been stopped a moment ago may still be unwinding.
  if (execution.status !== 'RUNNING') await execution.finished;
  const { redriveStatus, redriveStatusReason } = redriveStatusOf(execution, now());
  if (redriveStatus !== 'REDRIVABLE') throw notRedrivable(redriveStatusReason ?? 'Execution is part of a Map Run');
  execution.redrive(token);
  return { redriveDate: (execution.redrivenAt ?? now()) / 1000 };
};

const notRedrivable = (reason: string): AwsError =>
  new AwsError('ExecutionNotRedrivable', `Execution Not Redrivable: '${reason}'`);
