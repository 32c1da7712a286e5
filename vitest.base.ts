import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Dozens of processes load the stage or the CDK, the workers and what tests start: half of that time is compiling the same again.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/node-compile-cache', import.meta.url));

// vitest hands these to Node, for `require` too: with `import` among them, CommonJS packages would be given ES modules.
const conditions = ['@sfn-redshift/source', 'node'];

/** What every package's tests share: our packages are read from source, and a report is left for the summary. */
export default defineConfig({
  ssr: { resolve: { conditions } },
  resolve: { conditions },
  test: {
    include: ['tests/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: '.test-report.json' }]],
    // What hangs is given up late: a machine that much else runs on is slow, and that is no failure.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // A worker keeps what it has loaded: the CDK and a whole stage anew for each file is a third of the time.
    isolate: false,
    setupFiles: [new URL('vitest.seed.ts', import.meta.url).pathname],
  },
});

/**
 * Test files that take longest, in the order in which they are started, before all others: one that is started last has a core to itself
 * to the end. vitest knows durations by earlier runs only, and goes by size before; the longest here are small.
 */
export const longestFirst = (...names: readonly string[]): typeof BaseSequencer =>
  class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      const rank = ({ moduleId }: TestSpecification): number => {
        const found = names.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
        return found < 0 ? names.length : found;
      };
      return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
    }
  };
