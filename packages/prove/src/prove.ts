import fc from 'fast-check';
import { arbitrarySchedule } from './arbitrary-schedule.ts';
import { runSchedule, type Verdict } from './run-schedule.ts';
import type { Schedule } from './schedule.ts';

/** A schedule that broke an invariant, as small as it could be made. */
export interface Failure {
  readonly seed: number;
  readonly schedule: Schedule;
  readonly verdict: Verdict;
}

/** Runs the schedule of one seed; if it fails, it is shrunk by fast-check: one choice after another is taken back. */
export const proveSeed = async (seed: number): Promise<Failure | undefined> => {
  const property = fc.asyncProperty(arbitrarySchedule, async (schedule) => {
    const { findings } = await runSchedule(schedule);
    return findings.length === 0;
  });
  const { counterexample } = await fc.check(property, { seed, numRuns: 1 });
  const schedule = counterexample?.[0];
  return schedule && { seed, schedule, verdict: await runSchedule(schedule) };
};

/** What a schedule did, for people and for regressions.json. */
export const reportOf = ({ seed, schedule, verdict }: Failure): string =>
  [
    `FAILED seed ${seed}: npm run prove -- --schedules 1 --seed ${seed}`,
    ...verdict.findings.map(({ invariant, what }) => `  invariant ${invariant}: ${what}`),
    ...verdict.trace.map((line) => `  ${line}`),
    `  ${JSON.stringify(schedule)}`,
  ].join('\n');
