import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { build } from './build.mjs';
import { bytesOf, codeIn, loadedWith } from './bundle-files.mjs';
import { handlerEnvironments } from './handler-environments.mjs';

const BUNDLES = [
  { name: 'invoker', directory: 'packages/invoker/dist/invoker', aim: { kilobytes: 400, ms: 100 } },
  { name: 'drain', directory: 'packages/completer/dist/drain', aim: { kilobytes: 400, ms: 100 } },
  { name: 'sweep', directory: 'packages/completer/dist/sweep', aim: { kilobytes: 400, ms: 100 } },
];

const LOAD = 'const t = performance.now(); await import(process.argv[1]); console.log(performance.now() - t);';

const loadMs = (entry, env) => {
  const options = { env, encoding: 'utf8' };
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', LOAD, entry], options).trim());
};

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const measure = ({ name, directory, aim }, env, count) => {
  const root = new URL(`../../${directory}/`, import.meta.url);
  const entry = loadedWith('index.mjs', root);
  const lazy = codeIn(root).filter((file) => !entry.has(file));
  const kilobytes = (files, sizeOf) => Math.round(bytesOf(files, root, sizeOf) / 1000);
  const index = new URL('index.mjs', root).href;
  const times = Array.from({ length: count }, () => loadMs(index, env));
  return {
    handler: name,
    'entry KB': kilobytes(entry),
    'gzip KB': kilobytes(entry, (content) => gzipSync(content).length),
    'lazy KB': kilobytes(lazy),
    'aim KB': aim.kilobytes,
    'load ms (median)': Math.round(median(times)),
    'aim ms': aim.ms,
  };
};

/** What a cold start pays for: bytes and module load of each bundled handler, loaded `runs` times, each time in a new process. */
export const benchHandlers = async (runs) => {
  await build({ projects: ['@sfn-redshift/invoker', '@sfn-redshift/completer', 'sfn-redshift-tasker'] });
  const environments = await handlerEnvironments();
  console.table(BUNDLES.map((bundle) => measure(bundle, environments[bundle.name], runs)));
};
