/**
 * `npm run integ:faults [-- --scenario TEXT] [--fault TEXT] [--shard I/N] [--seed N]`: every scenario under every kind of fault. Ends
 * with `N passed, N failed`, and with exit code 1 where one failed.
 */
import { parseArgs } from 'node:util';
import { SCENARIOS } from '../table/index.ts';
import { FAULT_KINDS } from './kinds.ts';
import { type Play, runMatrix } from './run-matrix.ts';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: '' },
    fault: { type: 'string', default: '' },
    shard: { type: 'string', default: '1/1' },
    seed: { type: 'string', default: '1' },
  },
});

const [shard = 1, shards = 1] = values.shard.split('/').map(Number);
const say = (line: string) => process.stdout.write(`${line}\n`);
const plays: Play[] = [];

const report = (play: Play): void => {
  plays.push(play);
  const { scenario, kind, error, isMet, seconds } = play;
  const verdict = error ? 'FAILED' : isMet ? 'passed' : 'not met';
  say(`${verdict.padEnd(8)} ${seconds.toFixed(1).padStart(5)} s  ${scenario.name} | ${kind?.name ?? 'no fault'}`);
  if (error) say(error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error));
};

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort());

await runMatrix({
  scenarios: SCENARIOS.filter(({ name }, index) => name.includes(values.scenario) && index % shards === shard - 1),
  kinds: FAULT_KINDS.filter(({ name }) => name.includes(values.fault)),
  seed: Number(values.seed),
  report,
  signal: ending.signal,
});

const failed = plays.filter(({ error }) => error !== undefined).length;
say(`${plays.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 || ending.signal.aborted ? 1 : 0;
