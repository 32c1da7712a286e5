import type { Execution } from './execution.ts';

interface RedriveStatus {
  readonly redriveCount: number;
  readonly redriveStatus: 'REDRIVABLE' | 'NOT_REDRIVABLE';
  readonly redriveStatusReason?: string;
}

/** What AWS tells of an execution that has never been redriven. */
export const redriveStatusOf = ({ status }: Execution): RedriveStatus =>
  status === 'RUNNING' || status === 'SUCCEEDED'
    ? {
        redriveCount: 0,
        redriveStatus: 'NOT_REDRIVABLE',
        redriveStatusReason: `Execution is ${status} and cannot be redriven`,
      }
    : { redriveCount: 0, redriveStatus: 'REDRIVABLE' };
