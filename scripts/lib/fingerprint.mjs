import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the build reads: nx.json names the same for its own cache. */
const INPUTS = [
  'packages/*/{src,scripts,bin}/**/*.*',
  'packages/*/{package,tsconfig.build}.json',
  'scripts/**/*.mjs',
  'package-lock.json',
  'tsconfig.base.json',
];
const GENERATED = '**/contract.generated.ts';

/** What it makes. */
const OUTPUTS = [
  ...['shared', 'invoker', 'completer', 'local'].map((name) => `packages/${name}/dist`),
  ...['lib', 'assets'].map((folder) => `packages/construct/${folder}`),
];

/** Whether nothing that the build makes is missing. */
export const isBuilt = (root) => OUTPUTS.every((folder) => existsSync(join(root, folder)));

/** Stands for all that the build reads. */
export const fingerprint = (root) => {
  const files = globSync(INPUTS, { cwd: root, exclude: [GENERATED] }).sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
};
