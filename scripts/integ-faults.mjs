/**
 * `npm run integ:faults [-- --scenario TEXT] [--fault TEXT] [--seed N] [--jobs N]`: plays every scenario of packages/integ under every
 * kind of fault on local stages, some side by side, and ends with one line, `N passed, N failed`; exit code 1 where one failed, 2
 * for options that make no sense.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './lib/build.mjs';

const USAGE = `Usage: npm run integ:faults [-- --scenario TEXT] [--fault TEXT] [--seed N] [--jobs N]

  --scenario TEXT  only scenarios with that in their name
  --fault TEXT     only kinds of fault with that in their name
  --seed N         decides what faults leave to chance (1)
  --jobs N         stages side by side (2)`;

const MAIN = fileURLToPath(new URL('../packages/integ/scenarios/faults/main.ts', import.meta.url));
const LAST_LINE = /^(\d+) passed, (\d+) failed$/;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const wholeNumber = (name, text) => {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${name} must be a whole number above 0; received ${JSON.stringify(text)}`);
};

const options = () => {
  try {
    const text = (value) => ({ type: 'string', default: value });
    const { values } = parseArgs({
      options: { scenario: text(''), fault: text(''), seed: text('1'), jobs: text('2') },
    });
    wholeNumber('seed', values.seed);
    return { ...values, jobs: wholeNumber('jobs', values.jobs) };
  } catch (error) {
    console.error(`integ:faults: ${error.message.split('. ')[0]}\n\n${USAGE}`);
    process.exit(2);
  }
};

const ending = new AbortController();
for (const signal of SIGNALS) process.on(signal, () => ending.abort());

/** One process with a stage of its own; its counts. A process that ends without them has failed. */
const runShard = ({ scenario, fault, seed, jobs }, shard) =>
  new Promise((resolve) => {
    const args = ['--scenario', scenario, '--fault', fault, '--seed', seed, '--shard', `${shard}/${jobs}`];
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const stop = () => child.kill('SIGTERM');
    ending.signal.addEventListener('abort', stop, { once: true });
    let counts = { passed: 0, failed: 1 };
    let rest = '';
    child.stdout.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        const [, passed, failed] = LAST_LINE.exec(line) ?? [];
        if (passed === undefined) console.log(line);
        else counts = { passed: Number(passed), failed: Number(failed) };
      }
    });
    child.once('close', () => {
      ending.signal.removeEventListener('abort', stop);
      resolve(counts);
    });
  });

const chosen = options();
await build({ signal: ending.signal });
const shards = await Promise.all(Array.from({ length: chosen.jobs }, (_, index) => runShard(chosen, index + 1)));
const sum = (key) => shards.reduce((total, counts) => total + counts[key], 0);
const [passed, failed] = [sum('passed'), sum('failed')];
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 || ending.signal.aborted ? 1 : 0;
