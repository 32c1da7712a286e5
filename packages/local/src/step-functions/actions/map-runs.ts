import type { ExecutionStatus } from '../execution.ts';
import type { MapRun, MapRunPart } from '../map-run.ts';
import type { Store } from '../store.ts';
import { type Input, requiredText } from './input.ts';
import { pageOf } from './page.ts';

export const describeMapRun = (input: Input, store: Store): unknown => {
  const run = store.mapRun(requiredText(input, 'mapRunArn'));
  const { limits, redriveCount, redrivenAt } = run;
  return {
    mapRunArn: run.arn,
    executionArn: run.executionArn,
    status: run.status,
    ...datesOf(run),
    ...limits,
    itemCounts: countsOf(run, ({ itemCount }) => itemCount),
    executionCounts: countsOf(run, () => 1),
    redriveCount,
    ...(redrivenAt === undefined ? {} : { redriveDate: redrivenAt / 1000 }),
  };
};

export const listMapRuns = (input: Input, store: Store): unknown => {
  const { arn } = store.execution(requiredText(input, 'executionArn'));
  const { items, ...rest } = pageOf({ all: store.mapRunsOf(arn), newestFirst: true }, input);
  return { mapRuns: items.map(summaryOf), ...rest };
};

const summaryOf = (run: MapRun) => ({
  executionArn: run.executionArn,
  mapRunArn: run.arn,
  stateMachineArn: run.machine.arn,
  ...datesOf(run),
});

const datesOf = ({ startedAt, stoppedAt }: MapRun) => ({
  startDate: startedAt / 1000,
  ...(stoppedAt === undefined ? {} : { stopDate: stoppedAt / 1000 }),
});

/** Without a ResultWriter, what succeeded counts as written. */
const countsOf = ({ parts, children }: MapRun, weigh: (part: MapRunPart) => number): Record<string, number> => {
  const inStatus = (...statuses: readonly (ExecutionStatus | undefined)[]): number =>
    parts.reduce((sum, part, index) => (statuses.includes(children[index]?.status) ? sum + weigh(part) : sum), 0);
  const succeeded = inStatus('SUCCEEDED');
  return {
    pending: inStatus(undefined),
    running: inStatus('RUNNING'),
    succeeded,
    failed: inStatus('FAILED'),
    timedOut: inStatus('TIMED_OUT'),
    aborted: inStatus('ABORTED'),
    total: parts.reduce((sum, part) => sum + weigh(part), 0),
    resultsWritten: succeeded,
    failuresNotRedrivable: 0,
    pendingRedrive: inStatus('PENDING_REDRIVE'),
  };
};
