import { readFileSync } from 'node:fs';
import type { Failure } from './prove.ts';
import { runSchedule } from './run-schedule.ts';
import type { Schedule } from './schedule.ts';

/** A schedule that once broke an invariant. */
export interface Regression {
  readonly story: string;
  readonly schedule: Schedule;
}

export const regressions = (): readonly Regression[] =>
  JSON.parse(readFileSync(new URL('../regressions.json', import.meta.url), 'utf8')) as Regression[];

/** Runs it again; gives what it breaks. */
export const replay = async ({ schedule }: Regression): Promise<Failure | undefined> => {
  const verdict = await runSchedule(schedule);
  return verdict.findings.length > 0 ? { seed: 0, schedule, verdict } : undefined;
};
