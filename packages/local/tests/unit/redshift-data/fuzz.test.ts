import { afterAll, beforeAll, expect, it } from 'vitest';
import { fuzzDataApi } from '../../fuzz/fuzz.ts';
import { startRedshift, type TestRedshift } from '../../helpers/redshift.ts';

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshift();
});
afterAll(() => redshift.close());

it('The Data API answers 300 requests, few as they should be, with a result or an AWS error each', async () => {
  // Act
  const { counts, failures } = await fuzzDataApi(redshift.stage, { cases: 300, seed: 20_261_126 });

  // Assess
  expect(failures).toEqual([]);
  expect([...counts.keys()]).toEqual(
    expect.arrayContaining(['200 FINISHED', '200 FAILED', '400 ValidationException', '400 SerializationException']),
  );
});
