import { describe, expect, it } from 'vitest';
import { Concurrency } from '../../../src/lambda/concurrency.ts';

describe('Concurrency', () => {
  it('is at rest before anything runs', async () => {
    await expect(new Concurrency(1000).atRest()).resolves.toBeUndefined();
  });

  it('is at rest when the last invocation of any function has left', async () => {
    const concurrency = new Concurrency(1000);
    const left: string[] = [];
    const leave = { one: concurrency.enter('one'), other: concurrency.enter('other') };
    const resting = concurrency.atRest().then(() => left.push('at rest'));

    left.push('one');
    leave.one();
    await Promise.resolve();
    left.push('other');
    leave.other();
    await resting;

    expect(left).toEqual(['one', 'other', 'at rest']);
  });
});
