import { failuresOf } from '@sfn-redshift/fuzz';
import { expect, it } from 'vitest';
import { openFuzzing } from '../fuzz/properties.ts';

/** Few, and always the same; `npm run fuzz` tries more and others. */
const CASES = 300;

it('neither crashes nor leaks, whatever comes in', async () => {
  expect(await failuresOf(openFuzzing, CASES)).toEqual([]);
}, 90_000);
