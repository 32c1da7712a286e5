import { defineConfig } from 'vitest/config';

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
