import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from './build.mjs';

const BUNDLES = [
  { name: 'invoker', directory: 'packages/invoker/dist/invoker', aim: { kilobytes: 400, ms: 100 } },
  { name: 'drain', directory: 'packages/completer/dist/drain', aim: { kilobytes: 450, ms: 100 } },
];

/** What Lambda and the construct would set; nothing is called while a module loads. */
const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  SFN_REDSHIFT_TABLE_NAME: 'bench',
  SFN_REDSHIFT_STATEMENT_NAME_PREFIX: 'bench/',
  SFN_REDSHIFT_RETENTION_DAYS: '14',
  SFN_REDSHIFT_TARGET_ID: 'default',
  SFN_REDSHIFT_CLUSTER_IDENTIFIER: 'bench',
  SFN_REDSHIFT_DATABASE: 'bench',
  SFN_REDSHIFT_DB_USER: 'bench',
  SFN_REDSHIFT_OWNER_ROLE_ARN: 'arn:aws:iam::000000000000:role/bench',
  SFN_REDSHIFT_COMPLETION_QUEUE_URL: 'http://127.0.0.1/bench',
};

const LOAD = 'const t = performance.now(); await import(process.argv[1]); console.log(performance.now() - t);';

const loadMs = (entry) => {
  const options = { env: ENVIRONMENT, encoding: 'utf8' };
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', LOAD, entry], options).trim());
};

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const measure = ({ name, directory, aim }, count) => {
  const root = fileURLToPath(new URL(`../../${directory}`, import.meta.url));
  const read = (file) => readFileSync(join(root, file));
  const modules = readdirSync(root).filter((file) => file.endsWith('.mjs'));
  const lazy = modules.filter((file) => file !== 'index.mjs').reduce((sum, file) => sum + read(file).length, 0);
  const entry = pathToFileURL(join(root, 'index.mjs')).href;
  const times = Array.from({ length: count }, () => loadMs(entry));
  return {
    handler: name,
    'entry KB': Math.round(read('index.mjs').length / 1000),
    'gzip KB': Math.round(gzipSync(read('index.mjs')).length / 1000),
    'lazy KB': Math.round(lazy / 1000),
    'aim KB': aim.kilobytes,
    'load ms (median)': Math.round(median(times)),
    'aim ms': aim.ms,
  };
};

/** What a cold start pays for: bytes and module load of each bundled handler, loaded `runs` times, each time in a new process. */
export const benchHandlers = async (runs) => {
  await build({ projects: ['@sfn-redshift/invoker', '@sfn-redshift/completer'] });
  console.table(BUNDLES.map((bundle) => measure(bundle, runs)));
};
