import { expect, it } from 'vitest';
import { inBatches } from '../../../src/sweep/in-batches.ts';

async function* upTo(count: number) {
  for (let n = 1; n <= count; n++) yield await Promise.resolve(n);
}

it.each([
  [0, []],
  [2, [[1, 2]]],
  [3, [[1, 2], [3]]],
])('%d things come in batches of two, none of them empty: %j', async (count, batches) => {
  const seen: (readonly number[])[] = [];
  for await (const batch of inBatches(upTo(count), 2)) seen.push(batch);

  expect(seen).toEqual(batches);
});
