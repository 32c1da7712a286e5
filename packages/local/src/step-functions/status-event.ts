import type { BusEvent } from '../common/ports.ts';
import type { Execution } from './execution.ts';
import { redriveStatusOf } from './redrive-status.ts';

/** Larger inputs and outputs, escaped, are left out of the event. */
const LARGEST_DATA = 248 * 1024;

/** "Step Functions Execution Status Change", as EventBridge gets it when an execution has started, ended, or been redriven. */
export const statusEvent = (execution: Execution, now: number): BusEvent => ({
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  resources: [execution.arn],
  detail: {
    executionArn: execution.arn,
    stateMachineArn: execution.machine.arn,
    name: execution.name,
    status: execution.status,
    startDate: execution.startedAt,
    stopDate: execution.stoppedAt ?? null,
    ...data('input', execution.inputText),
    ...data('output', execution.end.output),
    error: execution.end.error ?? null,
    cause: execution.end.cause ?? null,
    stateMachineVersionArn: null,
    stateMachineAliasArn: null,
    redriveDate: execution.redrivenAt ?? null,
    redriveStatusReason: null,
    ...redriveStatusOf(execution, now),
  },
});

const data = (member: 'input' | 'output', text: string | undefined): Record<string, unknown> => {
  if (text === undefined) return { [member]: null, [`${member}Details`]: null };
  const included = Buffer.byteLength(JSON.stringify(text)) <= LARGEST_DATA;
  return { [member]: included ? text : null, [`${member}Details`]: { included } };
};
