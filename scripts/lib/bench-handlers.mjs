import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from './build.mjs';
import { handlerEnvironments } from './handler-environments.mjs';

const BUNDLES = [
  { name: 'invoker', directory: 'packages/invoker/dist/invoker', aim: { kilobytes: 400, ms: 100 } },
  { name: 'drain', directory: 'packages/completer/dist/drain', aim: { kilobytes: 450, ms: 100 } },
  { name: 'sweep', directory: 'packages/completer/dist/sweep', aim: { kilobytes: 450, ms: 100 } },
];

const LOAD = 'const t = performance.now(); await import(process.argv[1]); console.log(performance.now() - t);';

const loadMs = (entry, env) => {
  const options = { env, encoding: 'utf8' };
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', LOAD, entry], options).trim());
};

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Static imports between the files of a bundle; a dynamic one, `import("…")`, does not match. */
const STATIC_IMPORT = /(?:from|import)"\.\/([^"]+)"/g;

/** `entry` and what it cannot load without; the other files of a bundle are loaded when they are first needed. */
const loadedWith = (entry, read, loaded = new Set()) => {
  if (loaded.has(entry)) return loaded;
  loaded.add(entry);
  for (const [, file] of read(entry).toString().matchAll(STATIC_IMPORT)) loadedWith(file, read, loaded);
  return loaded;
};

const measure = ({ name, directory, aim }, env, count) => {
  const root = fileURLToPath(new URL(`../../${directory}`, import.meta.url));
  const read = (file) => readFileSync(join(root, file));
  const entry = [...loadedWith('index.mjs', read)];
  const lazy = readdirSync(root).filter((file) => file.endsWith('.mjs') && !entry.includes(file));
  const kilobytes = (files, sizeOf) => Math.round(files.reduce((sum, file) => sum + sizeOf(read(file)), 0) / 1000);
  const index = pathToFileURL(join(root, 'index.mjs')).href;
  const times = Array.from({ length: count }, () => loadMs(index, env));
  return {
    handler: name,
    'entry KB': kilobytes(entry, (content) => content.length),
    'gzip KB': kilobytes(entry, (content) => gzipSync(content).length),
    'lazy KB': kilobytes(lazy, (content) => content.length),
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
