import { expect, it } from 'vitest';
import { oneAtATime } from '../../../src/result/live-store.ts';

async function* nothing(): AsyncGenerator<Buffer> {}

it('a store writes one object at a time, also after one that failed', async () => {
  const begun: string[] = [];
  const first = Promise.withResolvers<void>();
  const store = oneAtATime({
    put: (_bucket, key) => {
      begun.push(key);
      return key === 'first' ? first.promise : Promise.resolve();
    },
  });

  const puts = ['first', 'second'].map((key) => store.put('reports', key, nothing()));
  await Promise.resolve();
  expect(begun).toEqual(['first']);
  first.reject(new Error('refused'));

  await expect(puts[0]).rejects.toThrow('refused');
  await expect(puts[1]).resolves.toBeUndefined();
  expect(begun).toEqual(['first', 'second']);
});
