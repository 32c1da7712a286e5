import type { Execution } from './execution.ts';

interface RedriveStatus {
  readonly redriveCount: number;
  /** What is part of a Map Run is redriven with the execution that this belongs to. */
  readonly redriveStatus: 'REDRIVABLE' | 'NOT_REDRIVABLE' | 'REDRIVABLE_BY_MAP_RUN';
  readonly redriveStatusReason?: string;
}

const DAY_MS = 86_400_000;
/** How long after its end an execution can be redriven. */
const REDRIVABLE_MS = 14 * DAY_MS;
/** How long an execution may take. */
const LONGEST_MS = 365 * DAY_MS;

/** What AWS tells about whether an execution can be redriven. */
export const redriveStatusOf = (execution: Execution, now: number): RedriveStatus => {
  const { redriveCount } = execution;
  const reason = obstacleTo(execution, now);
  return reason === undefined
    ? { redriveCount, redriveStatus: execution.mapRun ? 'REDRIVABLE_BY_MAP_RUN' : 'REDRIVABLE' }
    : { redriveCount, redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: reason };
};

const obstacleTo = ({ status, history, startedAt, stoppedAt = 0 }: Execution, now: number): string | undefined => {
  if (status === 'RUNNING' || status === 'SUCCEEDED' || status === 'PENDING_REDRIVE')
    return `Execution is ${status} and cannot be redriven`;
  if (history.isFull) return 'Execution history event limit exceeded';
  if (now - startedAt > LONGEST_MS) return 'Execution has exceeded the max execution time';
  return now - stoppedAt > REDRIVABLE_MS ? 'Execution redrivable period exceeded' : undefined;
};
