/** Stryker over one package: its sources mutated one place at a time, each tried on its unit tests. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Lists of names; what Lambda loads, which only joins parts; and what the tests run in a process of its own, where no mutant
 * is switched on.
 */
const NOT_MUTATED = ['src/index.ts', 'src/handlers/**', 'src/telemetry.ts'];

/** What one run knew is kept for the next, which tries only what has changed since; `npm ci` forgets it. */
const memoryOf = (name) => join(ROOT, 'node_modules/.cache/mutate', `${name}.json`);

const optionsOf = (name, tempDirName, { fresh, concurrency }) => ({
  mutate: [`packages/${name}/src/**/*.ts`, ...NOT_MUTATED.map((glob) => `!packages/${name}/${glob}`)],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner', fileURLToPath(new URL('stryker-plugin.mjs', import.meta.url))],
  ignorers: ['log-texts', 'live-clients'],
  vitest: { configFile: 'vitest.mutate.ts', dir: `packages/${name}`, related: false, pool: 'threads' },
  coverageAnalysis: 'perTest',
  // What is slow on a busy machine must not pass for an endless loop.
  timeoutMS: 20_000,
  concurrency,
  ignorePatterns: [
    '**',
    `!packages/${name}/**`,
    '**/node_modules/**',
    '!packages/shared/fixtures/**',
    '!vitest.*.ts',
    '!tsconfig.base.json',
  ],
  tempDirName,
  cleanTempDir: 'always',
  incremental: true,
  incrementalFile: memoryOf(name),
  force: fresh,
  reporters: ['survivors', 'progress-append-only'],
  allowConsoleColors: false,
  logLevel: 'error',
});

/** Gives the mutants, as `verdictOf` takes them. */
export const mutatePackage = async (name, options) => {
  const tempDir = mkdtempSync(join(tmpdir(), 'sfn-redshift-mutate-'));
  const remove = () => rmSync(tempDir, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const mutants = await new Stryker(optionsOf(name, tempDir, options)).runMutationTest();
    return mutants.map(described());
  } finally {
    remove();
    process.off('exit', remove);
  }
};

const described = () => {
  const lines = new Map();
  const linesOf = (file) => {
    if (!lines.has(file)) lines.set(file, readFileSync(file, 'utf8').split('\n'));
    return lines.get(file);
  };
  return ({ fileName, location, replacement = '', mutatorName, status }) => ({
    file: relative(ROOT, fileName),
    line: linesOf(fileName)[location.start.line - 1].trim(),
    place: `${relative(ROOT, fileName)}:${location.start.line}:${location.start.column + 1}`,
    replacement,
    mutatorName,
    status,
  });
};
