/**
 * `npm run prove:bugs`: each patch in `bugs/` plants one bug into a copy of the sources; the prover must catch it. A patch
 * that no longer applies, or is not caught, fails. `--schedules N`: so many are tried for each (1,000).
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wholeNumbers } from './options.ts';
import { type PlantedBug, plant, plantedBugs, ROOT } from './planted-bugs.ts';

const PACKAGES = ['shared', 'invoker', 'completer', 'prove'];
const SCOPE = '@sfn-redshift';

/** Planted bugs are looked for from this seed on. */
const SEED = 1;

const write = (line: string): void => void process.stdout.write(`${line}\n`);

/** The sources that the prover runs, in a directory of their own, with everybody else's packages linked in. */
const copyOfSources = (): string => {
  const copy = mkdtempSync(join(tmpdir(), 'sfn-redshift-bugs-'));
  for (const name of PACKAGES) {
    const from = join(ROOT, 'packages', name);
    const to = join(copy, 'packages', name);
    for (const part of ['package.json', 'src']) cpSync(join(from, part), join(to, part), { recursive: true });
  }
  cpSync(join(ROOT, 'packages/prove/regressions.json'), join(copy, 'packages/prove/regressions.json'));
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, SCOPE), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== SCOPE && !name.startsWith('.')) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  for (const name of PACKAGES) symlinkSync(join(copy, 'packages', name), join(modules, SCOPE, name));
  return copy;
};

/** What is wrong with a planted bug; undefined where it was caught, as a breach of its own invariant. */
const tryBug = ({ patch, invariant }: PlantedBug, schedules: number): string | undefined => {
  const copy = copyOfSources();
  try {
    const complaint = plant(patch, copy);
    if (complaint) return `no longer applies: ${complaint}`;
    const { status, stdout, stderr } = proveIn(copy, schedules);
    if (status === 0) return `is not caught in ${schedules} schedules`;
    if (status !== 1) return `broke the prover: ${stderr}`;
    return stdout.includes(`invariant ${invariant}:`) ? undefined : `breaks another invariant:\n${stdout}`;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
};

const proveIn = (cwd: string, schedules: number) => {
  const prover = ['--conditions=@sfn-redshift/source', 'packages/prove/src/main.ts'];
  const flags = ['--schedules', String(schedules), '--seed', String(SEED), '--failures', '1'];
  return spawnSync(process.execPath, [...prover, ...flags], { cwd, encoding: 'utf8' });
};

const run = (schedules: number): number => {
  const bugs = plantedBugs();
  let failed = 0;
  for (const bug of bugs) {
    const problem = tryBug(bug, schedules);
    if (problem) failed += 1;
    write(problem ? `FAILED ${bug.patch} ${problem}` : `caught ${bug.patch}: ${bug.story}`);
  }
  write(`${bugs.length - failed} passed, ${failed} failed`);
  return failed > 0 || bugs.length === 0 ? 1 : 0;
};

const options = wholeNumbers(process.argv.slice(2), { schedules: { least: 1, usual: 1_000 } });
if ('problem' in options) {
  process.stderr.write(`prove:bugs: ${options.problem}\nUsage: npm run prove:bugs -- [--schedules N]\n`);
  process.exitCode = 2;
} else {
  process.exitCode = run(options.values.schedules);
}
