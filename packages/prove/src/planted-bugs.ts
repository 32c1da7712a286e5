import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const BUGS = fileURLToPath(new URL('../bugs', import.meta.url));

/** A bug that the prover must catch: a patch of the handlers' sources. */
export interface PlantedBug {
  /** File name: `3-claim-without-condition.patch` breaks invariant 3. */
  readonly patch: string;
  readonly invariant: string;
  readonly story: string;
}

export const plantedBugs = (): readonly PlantedBug[] =>
  readdirSync(BUGS)
    .filter((name) => name.endsWith('.patch'))
    .map((patch) => ({
      patch,
      invariant: patch.split('-')[0] ?? '',
      story: readFileSync(join(BUGS, patch), 'utf8').split('\n')[0] ?? '',
    }));

/** Plants it under `directory`; what git complains of, empty where the bug is planted. */
export const plant = (patch: string, directory: string): string => gitApply(patch, directory, []);

/** As `plant`, but leaves the sources as they are. */
export const applies = (patch: string): string => gitApply(patch, ROOT, ['--check']);

const gitApply = (patch: string, cwd: string, options: readonly string[]): string => {
  const { status, stderr } = spawnSync('git', ['apply', ...options, join(BUGS, patch)], { cwd, encoding: 'utf8' });
  return status === 0 ? '' : `git apply: ${stderr.trim()}`;
};
