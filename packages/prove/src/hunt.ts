/**
 * Looks for a breach of one invariant, schedule by schedule, and shrinks nothing: `--invariant K --schedules N --seed S`.
 * Exit 0 and one line on what was found; 1 where nothing was.
 */
import fc from 'fast-check';
import { arbitrarySchedule } from './arbitrary-schedule.ts';
import { wholeNumbers } from './options.ts';
import { regressions } from './regressions.ts';
import { runSchedule } from './run-schedule.ts';
import type { Schedule } from './schedule.ts';

type Flag = 'invariant' | 'schedules' | 'seed';

/** The kept ones first: what they once found, they find at once. */
function* candidates(schedules: number, seed: number): Iterable<readonly [string, Schedule]> {
  for (const { story, schedule } of regressions()) yield [`"${story}"`, schedule];
  for (let next = seed; next < seed + schedules; next++) {
    const [schedule] = fc.sample(arbitrarySchedule, { seed: next, numRuns: 1 });
    if (schedule) yield [`seed ${next}`, schedule];
  }
}

const hunt = async ({ invariant, schedules, seed }: Record<Flag, number>): Promise<number> => {
  for (const [name, schedule] of candidates(schedules, seed)) {
    const { findings } = await runSchedule(schedule);
    const found = findings.find((finding) => finding.invariant === invariant);
    if (!found) continue;
    process.stdout.write(`${name}: ${found.what}\n`);
    return 0;
  }
  return 1;
};

const options = wholeNumbers(process.argv.slice(2), {
  invariant: { least: 1, usual: 1 },
  schedules: { least: 0, usual: 500 },
  seed: { least: 0, usual: 1 },
});
if ('problem' in options) {
  process.stderr.write(`${options.problem}\n`);
  process.exitCode = 2;
} else {
  process.exitCode = await hunt(options.values);
}
