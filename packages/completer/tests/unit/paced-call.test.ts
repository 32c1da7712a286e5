import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HeldBack } from '../../src/errors.ts';
import { type Pace, pacedCall } from '../../src/paced-call.ts';

let begun: number;

beforeEach(() => {
  vi.useFakeTimers();
  begun = 0;
});

afterEach(() => {
  vi.useRealTimers();
});

const paced = (pace: Omit<Pace, 'name'>) =>
  pacedCall({ name: 'CancelStatement', ...pace }, () => Promise.resolve(++begun));

const begunAfter = async (milliseconds: number): Promise<number> => {
  await vi.advanceTimersByTimeAsync(milliseconds);
  return begun;
};

describe('a paced call', () => {
  it('begins no oftener than so many times within any second', async () => {
    const call = paced({ perSecond: 2, maxWaiting: 10 });

    void call();
    await vi.advanceTimersByTimeAsync(900);
    for (let n = 0; n < 3; n++) void call();

    expect(await begunAfter(99)).toBe(2);
    expect(await begunAfter(1)).toBe(3);
    expect(await begunAfter(899)).toBe(3);
    expect(await begunAfter(1)).toBe(4);
  });

  it('begins once in a while where that is less than once a second', async () => {
    const call = paced({ perSecond: 0.25, maxWaiting: 10 });

    for (let n = 0; n < 2; n++) void call();

    expect(await begunAfter(3_999)).toBe(1);
    expect(await begunAfter(1)).toBe(2);
  });

  it('is held back, and named, where too many wait', async () => {
    const call = paced({ perSecond: 1, maxWaiting: 1 });
    const calls = [call(), call()];

    await expect(call()).rejects.toThrow(new HeldBack('CancelStatement: too many calls wait for their turn'));

    await vi.runAllTimersAsync();
    expect(await Promise.all(calls)).toEqual([1, 2]);
  });

  it('that belongs to what has begun waits however long', async () => {
    const call = pacedCall<[token?: string], number>(
      { name: 'GetStatementResult', perSecond: 1, maxWaiting: 1 },
      () => Promise.resolve(++begun),
      (token) => token !== undefined,
    );
    const calls = [call(), call(), call('next'), call('next')];

    await expect(call()).rejects.toThrow(HeldBack);

    await vi.runAllTimersAsync();
    expect(await Promise.all(calls)).toEqual([1, 2, 3, 4]);
  });
});
