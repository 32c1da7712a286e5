import { defineConfig } from 'vitest/config';

/** What every package's tests share: our packages are read from source, and a report is left for the summary. */
export default defineConfig({
  ssr: { resolve: { conditions: ['@sfn-redshift/source', 'node', 'import', 'default'] } },
  resolve: { conditions: ['@sfn-redshift/source', 'node', 'import', 'default'] },
  test: {
    include: ['tests/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: '.test-report.json' }]],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
