/** A part of `npm run integ:faults`, which says what its options are: `--shard I/N` is the I-th of N parts. */
import { parseArgs } from 'node:util';
import { SCENARIOS } from '../table/index.ts';
import { FAULT_KINDS } from './kinds.ts';
import { type Play, runMatrix } from './run-matrix.ts';
import { lineOf, summaryOf } from './summary.ts';

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

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());

await runMatrix({
  scenarios: SCENARIOS.filter(({ name }) => name.includes(values.scenario)).filter(
    (_scenario, index) => index % shards === shard - 1,
  ),
  kinds: FAULT_KINDS.filter(({ name }) => name.includes(values.fault)),
  seed: Number(values.seed),
  report: (play) => {
    plays.push(play);
    say(lineOf(play));
  },
  signal: ending.signal,
});

const failed = plays.filter(({ error }) => error !== undefined).length;
for (const line of summaryOf(plays)) say(line);
say(`${plays.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 || ending.signal.aborted ? 1 : 0;
