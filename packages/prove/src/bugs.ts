/**
 * `npm run prove:bugs`: each patch in `bugs/` plants one bug into a copy of the sources; the prover must catch it. A patch
 * that no longer applies, or is not caught, fails. `--schedules N`: so many are tried for each (2,000), besides the kept ones.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { copySources, removeCopies, removeCopy } from './copied-sources.ts';
import { wholeNumbers } from './options.ts';
import { type PlantedBug, plant, plantedBugs } from './planted-bugs.ts';

/** Planted bugs are looked for from this seed on. */
const SEED = 1;

const HUNTERS = 2;

const hunters = new Set<ChildProcess>();

const write = (line: string): void => void process.stdout.write(`${line}\n`);

/** What became of a planted bug: it is to be caught, as a breach of its own invariant. */
interface Result {
  readonly isCaught: boolean;
  readonly how: string;
}

const tryBug = async ({ patch, invariant }: PlantedBug, schedules: number): Promise<Result> => {
  const copy = copySources();
  try {
    const complaint = plant(patch, copy);
    if (complaint) return { isCaught: false, how: `no longer applies: ${complaint}` };
    const { exitCode, stdout, stderr } = await hunt(copy, invariant, schedules);
    if (exitCode === 0) return { isCaught: true, how: stdout.trim().slice(0, 160) };
    return { isCaught: false, how: exitCode === 1 ? `is not caught in ${schedules} schedules` : `breaks: ${stderr}` };
  } finally {
    removeCopy(copy);
  }
};

const hunt = async (cwd: string, invariant: string, schedules: number) => {
  const hunter = ['--conditions=@sfn-redshift/source', 'packages/prove/src/hunt.ts'];
  const flags = ['--invariant', invariant, '--schedules', String(schedules), '--seed', String(SEED)];
  const child = spawn(process.execPath, [...hunter, ...flags], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  hunters.add(child);
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const exitCode = await exited;
  hunters.delete(child);
  return { exitCode, stdout, stderr };
};

const run = async (schedules: number): Promise<number> => {
  const bugs = plantedBugs();
  const waiting = [...bugs];
  let failed = 0;
  const work = async () => {
    for (let bug = waiting.shift(); bug; bug = waiting.shift()) {
      const { isCaught, how } = await tryBug(bug, schedules);
      if (!isCaught) failed += 1;
      write(`${isCaught ? 'caught' : 'FAILED'} ${bug.patch}: ${isCaught ? bug.story : ''} ${how}`);
    }
  };
  await Promise.all(Array.from({ length: HUNTERS }, work));
  write(`${bugs.length - failed} passed, ${failed} failed`);
  return failed > 0 || bugs.length === 0 ? 1 : 0;
};

/** Nothing is left behind, neither process nor directory. */
const stop = (signal: NodeJS.Signals): void => {
  for (const hunter of hunters) hunter.kill('SIGKILL');
  removeCopies();
  process.exit(signal === 'SIGINT' ? 130 : 143);
};

const options = wholeNumbers(process.argv.slice(2), { schedules: { least: 1, usual: 2_000 } });
if ('problem' in options) {
  process.stderr.write(`prove:bugs: ${options.problem}\nUsage: npm run prove:bugs -- [--schedules N]\n`);
  process.exitCode = 2;
} else {
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.exitCode = await run(options.values.schedules);
}
