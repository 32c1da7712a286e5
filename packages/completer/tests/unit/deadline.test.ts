import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startDeadline } from '../../src/deadline.ts';
import { TimeUp } from '../../src/errors.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a deadline', () => {
  it('is told when it is reached, not before', async () => {
    const { reached } = startDeadline(1_000);
    const told = vi.fn();
    reached.catch(told);

    await vi.advanceTimersByTimeAsync(999);
    expect(told).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);

    expect(told).toHaveBeenCalledWith(new TimeUp('the invocation is about to end'));
  });

  it('that nobody waits for is no unhandled rejection', async () => {
    startDeadline(1_000);

    await vi.advanceTimersByTimeAsync(1_000);
  });

  it('that was cleared leaves nothing behind', () => {
    startDeadline(1_000).clear();

    expect(vi.getTimerCount()).toBe(0);
  });
});
