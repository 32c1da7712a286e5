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
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    setupFiles: [new URL('vitest.seed.ts', import.meta.url).pathname],
  },
});
