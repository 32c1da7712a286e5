/**
 * Measures what users wait for: the load of each bundled handler (`--runs N` times, default 20), and the local stage's Redshift
 * Data API and Step Functions, and the time from what happens to what is done about it (`--runs N` times). `--only` and a part's
 * name measures one of them. Printed, never asserted: machines are shared.
 */
import { parseArgs } from 'node:util';
import { benchDataApi } from './lib/bench-data-api.mjs';
import { benchHandlers } from './lib/bench-handlers.mjs';
import { benchReaction } from './lib/bench-reaction.mjs';
import { benchStepFunctions } from './lib/bench-step-functions.mjs';

const PARTS = {
  handlers: benchHandlers,
  'data-api': benchDataApi,
  'step-functions': benchStepFunctions,
  reaction: benchReaction,
};
const NAMES = Object.keys(PARTS);

const options = () => {
  try {
    const { values } = parseArgs({ options: { runs: { type: 'string', default: '20' }, only: { type: 'string' } } });
    const runs = Number(values.runs);
    if (!Number.isInteger(runs) || runs <= 0)
      throw new Error(`--runs must be a whole number above 0; received ${JSON.stringify(values.runs)}`);
    if (values.only !== undefined && !NAMES.includes(values.only))
      throw new Error(`--only must be ${NAMES.join(' or ')}; received ${JSON.stringify(values.only)}`);
    return { runs, parts: NAMES.filter((name) => name === (values.only ?? name)) };
  } catch (error) {
    console.error(`bench: ${error.message}\nUsage: npm run bench [-- --runs N] [--only ${NAMES.join('|')}]`);
    process.exit(2);
  }
};

const { runs, parts } = options();
for (const name of parts) await PARTS[name](runs);
