import { checkProperties, type Fuzzing } from '@sfn-redshift/fuzz';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFuzzing } from '../fuzz/properties.ts';

/** Few, and always the same; `npm run fuzz` tries more and others. */
const EXTENT = { cases: 600, seed: 20_261_126 };

let fuzzing: Fuzzing;
beforeAll(async () => {
  fuzzing = await openFuzzing();
});
afterAll(() => fuzzing.close());

it('neither crashes nor leaks, whatever comes in', async () => {
  const failures: string[] = [];
  for await (const { name, failure } of checkProperties(fuzzing, EXTENT)) {
    if (failure !== undefined) failures.push(`${name}: ${failure}`);
  }

  expect(failures).toEqual([]);
});
