import { mergeConfig } from 'vitest/config';
import base from './vitest.base.ts';

/**
 * For mutation testing: thousands of short runs. One thread for all files, which so load what they share once; and without
 * the tests that are slow, random or about what was built or written: mutants are to be killed by tests that say what is wrong.
 */
export default mergeConfig(base, {
  test: {
    pool: 'threads',
    reporters: [],
    exclude: ['**/fuzz.test.ts', '**/bundle.test.ts', '**/telemetry.test.ts', '**/payload-page.test.ts'],
  },
});
