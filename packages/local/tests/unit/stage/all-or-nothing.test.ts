import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { allOrNothing } from '../../../src/stage/all-or-nothing.ts';

const never = new AbortController().signal;

describe('allOrNothing', () => {
  it('gives what every task gave', async () => {
    const tasks = [() => Promise.resolve(1), () => Promise.resolve('two')] as const;
    expect(await allOrNothing(tasks, never)).toEqual([1, 'two']);
  });

  it('tells the others to give up when one fails, waits for them, and throws what failed first', async () => {
    const seen: string[] = [];
    const patient = async (signal: AbortSignal) => {
      await once(signal, 'abort');
      await Promise.resolve();
      seen.push('gave up');
      throw new Error('because of the other');
    };
    const failing = () => Promise.reject(new Error('the reason'));
    await expect(allOrNothing([patient, failing], never)).rejects.toThrow('the reason');
    expect(seen).toEqual(['gave up']);
  });

  it('fails with the reason of the signal, even when every task came to its end', async () => {
    const abort = new AbortController();
    const task = () => {
      abort.abort(new Error('stop'));
      return Promise.resolve(1);
    };
    await expect(allOrNothing([task], abort.signal)).rejects.toThrow('stop');
  });
});
