/**
 * `npm run prove -- [--schedules N] [--seed S]`: the kept regressions and N schedules (500), of seed S and those after it.
 * It stops at `--failures N` (1), since shrinking each takes its time. Exit 1 when a schedule broke an invariant, 2 when none could run.
 */
import { wholeNumbers } from './options.ts';
import { type Failure, proveSeed, reportOf } from './prove.ts';
import { regressions, replay } from './regressions.ts';

type Flag = 'schedules' | 'seed' | 'failures';

const write = (line: string): void => void process.stdout.write(`${line}\n`);

/** A long run tells how far it is. */
const PROGRESS = 1_000;

const run = async ({ schedules, seed, failures: most }: Record<Flag, number>): Promise<number> => {
  const failures: Failure[] = [];
  const note = (failure: Failure | undefined): void => {
    if (!failure) return;
    failures.push(failure);
    write(reportOf(failure));
  };
  const kept = regressions();
  for (const regression of kept) note(await replay(regression));
  let next = seed;
  while (next < seed + schedules && failures.length < most) {
    note(await proveSeed(next++));
    if ((next - seed) % PROGRESS === 0) write(`${next - seed} schedules, ${failures.length} failures so far`);
  }
  const passed = kept.length + next - seed - failures.length;
  write(`${kept.length} regressions and ${next - seed} schedules from seed ${seed}`);
  write(`${passed} passed, ${failures.length} failed`);
  return failures.length > 0 ? 1 : 0;
};

const options = wholeNumbers(process.argv.slice(2), {
  schedules: { least: 1, usual: 500 },
  failures: { least: 1, usual: 1 },
  seed: { least: 0, usual: Math.floor(Math.random() * 1_000_000_000) },
});
if ('problem' in options) {
  process.stderr.write(
    `prove: ${options.problem}\nUsage: npm run prove -- [--schedules N] [--seed S] [--failures N]\n`,
  );
  process.exitCode = 2;
} else {
  process.exitCode = await run(options.values);
}
