import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StageClock } from '../../../src/common/clock.ts';
import { Scheduler } from '../../../src/event-bridge/scheduler.ts';

const MINUTE = 60_000;

let clock: StageClock;
let scheduler: Scheduler;
let startedAt: number;
/** Names with minutes since the start, rounded. */
let fired: string[];
beforeEach(() => {
  clock = new StageClock();
  scheduler = new Scheduler(clock);
  startedAt = clock.now();
  fired = [];
});
afterEach(() => {
  scheduler.close();
  clock.stop();
});

const every =
  (minutes: number) =>
  (after: number): number =>
    after + minutes * MINUTE;
const note =
  (name: string) =>
  (dueAt: number): Promise<void> => {
    fired.push(`${name}${Math.round((dueAt - startedAt) / MINUTE)}`);
    return Promise.resolve();
  };
const settled = () => new Promise(setImmediate);

describe('Scheduler', () => {
  it('fires once for everything that was due when time jumps, in order over all schedules', async () => {
    // Prepare
    scheduler.put('a', every(2), note('a'));
    scheduler.put('b', every(3), note('b'));

    // Act
    clock.advance(8.5 * MINUTE);
    await settled();

    // Assess
    expect(fired.toSorted()).toEqual(['a2', 'a4', 'a6', 'a8', 'b3', 'b6']);
    expect(fired.map((name) => Number(name.slice(1)))).toEqual([2, 3, 4, 6, 6, 8]);
  });

  it('fires the same however time goes on', async () => {
    const steps = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(steps, async (minutes) => {
        // Prepare
        startedAt = clock.now();
        fired = [];
        scheduler.put('a', every(2), note('a'));
        scheduler.put('b', every(5), note('b'));

        // Act
        for (const step of minutes) {
          clock.advance(step * MINUTE);
          await settled();
        }

        // Assess: a few milliseconds of wall time are in it too
        const end = minutes.reduce((sum, step) => sum + step, 0);
        const due = (name: string, period: number) =>
          Array.from({ length: Math.floor(end / period) }, (_, n) => `${name}${(n + 1) * period}`);
        expect(fired.toSorted()).toEqual([...due('a', 2), ...due('b', 5)].sort());
        const times = fired.map((name) => Number(name.slice(1)));
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
      { numRuns: 30 },
    );
  });

  it('goes on after a jump', async () => {
    // Prepare
    scheduler.put('a', every(2), note('a'));
    clock.advance(2.5 * MINUTE);
    await settled();

    // Act
    clock.advance(2 * MINUTE);
    await settled();

    // Assess
    expect(fired).toEqual(['a2', 'a4']);
  });

  it('fires the next only when the one before is done', async () => {
    // Prepare
    const first = Promise.withResolvers<void>();
    let count = 0;
    scheduler.put('a', every(1), () => (++count === 1 ? first.promise : Promise.resolve()));

    // Act
    clock.advance(3.5 * MINUTE);
    await settled();
    const before = count;
    first.resolve();
    await settled();

    // Assess
    expect([before, count]).toEqual([1, 3]);
  });

  it('fires no more when a schedule is removed, also from within a jump', async () => {
    // Prepare
    scheduler.put('a', every(1), (dueAt) => {
      scheduler.remove('a');
      return note('a')(dueAt);
    });

    // Act
    clock.advance(5 * MINUTE);
    await settled();

    // Assess
    expect(fired).toEqual(['a1']);
  });

  it('counts anew when a schedule is replaced', async () => {
    // Prepare
    scheduler.put('a', every(2), note('a'));
    clock.advance(1 * MINUTE);

    // Act
    scheduler.put('a', every(2), note('b'));
    clock.advance(1.5 * MINUTE);
    await settled();
    const early = [...fired];
    clock.advance(1 * MINUTE);
    await settled();

    // Assess
    expect([early, fired]).toEqual([[], ['b3']]);
  });
});
