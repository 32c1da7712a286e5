import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StageClock } from '../../../src/common/clock.ts';

const DAY_MS = 24 * 3_600_000;

let clock: StageClock;
beforeEach(() => {
  clock = new StageClock();
});
afterEach(() => clock.stop());

describe("The stage's clock", () => {
  it('fires what falls due when it is advanced, in the order of due times, and nothing else', () => {
    const fired: number[] = [];
    for (const delay of [3000, 1000, 2000, 10_000]) clock.after(delay, () => void fired.push(delay));
    clock.advance(3000);
    expect(fired).toEqual([1000, 2000, 3000]);
  });

  it('keeps waits of more than setTimeout can hold', async () => {
    let fired = 0;
    clock.after(30 * DAY_MS, () => (fired += 1));
    clock.advance(29 * DAY_MS);
    expect(fired).toBe(0);
    clock.advance(DAY_MS);
    expect(fired).toBe(1);
    await new Promise(setImmediate);
    expect(fired).toBe(1);
  });

  it('ends a wait that is given up, with the reason', async () => {
    const patience = new AbortController();
    const waiting = clock.sleep(DAY_MS, patience.signal);
    patience.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(clock.nextDue).toBeUndefined();
  });

  it('goes to a point in time, but not back', () => {
    const time = clock.now() + DAY_MS;
    clock.advanceTo(time);
    expect(clock.now()).toBeGreaterThanOrEqual(time);
    expect(() => clock.advanceTo(time - 1)).toThrow('The clock goes forward only');
    expect(() => clock.advanceTo(Number.NaN)).toThrow(RangeError);
  });

  it('tells when the next thing falls due: step by step, what follows from each comes in its time', () => {
    const startedAt = clock.now();
    const times: number[] = [];
    const again = () => {
      times.push(clock.now() - startedAt);
      if (times.length < 3) clock.after(DAY_MS + 0.4, again);
    };
    again();
    while (clock.nextDue !== undefined) clock.advanceTo(clock.nextDue);
    expect(times.map((time) => Math.round(time / DAY_MS))).toEqual([0, 1, 2]);
  });

  it('is the same for threads that share it', () => {
    clock.advance(1234);
    expect(new BigInt64Array(clock.sharedOffset)[0]).toBe(1234n);
  });
});
