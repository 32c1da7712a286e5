import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { regressions } from '../src/regressions.ts';
import { runSchedule } from '../src/run-schedule.ts';

/** `npm run prove` tries others. */
const SEED = 20_261_126;
const SCHEDULES = 500;

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** A process of its own, as `npm run prove` is: the virtual clock replaces the timers of the whole process. */
const prove = async (...flags: readonly string[]) => {
  const child = spawn(process.execPath, ['--conditions=@sfn-redshift/source', MAIN, ...flags]);
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout, stderr, exitCode: await exited };
};

describe('npm run prove', () => {
  it(`finds the invariants kept in ${SCHEDULES} schedules and the kept regressions`, { timeout: 240_000 }, async () => {
    const { stdout, exitCode } = await prove('--schedules', String(SCHEDULES), '--seed', String(SEED));

    expect(stdout).not.toContain('FAILED');
    expect(stdout.trim().split('\n').at(-1)).toBe(`${SCHEDULES + regressions().length} passed, 0 failed`);
    expect(exitCode).toBe(0);
  });

  it.each([
    [['--schedules', 'many'], '--schedules must be a whole number, at least 1; received "many"'],
    [['--seed', '-1'], '--seed'],
    [['--sed', '1'], "Unknown option '--sed'"],
  ])('refuses %j', async (flags, problem) => {
    const { stderr, exitCode } = await prove(...flags);

    expect(stderr).toContain(problem);
    expect(exitCode).toBe(2);
  });
});

describe('a schedule', () => {
  it('goes the same way each time', async () => {
    const [regression] = regressions();
    if (!regression) throw new Error('there is no schedule to run');
    const schedule = { ...regression.schedule, latencySeed: 7 };

    const [one, other] = [await runSchedule(schedule), await runSchedule(schedule)];

    expect(one.trace.length).toBeGreaterThan(10);
    expect(other.trace).toEqual(one.trace);
  });
});
