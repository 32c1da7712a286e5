import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StageClock } from '../../../src/common/clock.ts';
import type { MessageFault } from '../../../src/faults/fault.ts';
import { Faults } from '../../../src/faults/faults.ts';
import { Transits } from '../../../src/faults/transits.ts';

let clock: StageClock;
beforeEach(() => {
  clock = new StageClock();
});
afterEach(() => clock.stop());

/** What is let go arrives in a turn of its own. */
const turn = () => new Promise(setImmediate);

/** Sends numbered things through one fault, and notes in which order they arrive. */
class Road {
  readonly arrived: number[] = [];
  readonly faults: Faults;
  readonly #transits: Transits;

  constructor(fault: Partial<MessageFault>, seed = 1) {
    this.faults = new Faults({ seed });
    this.#transits = new Transits({ faults: this.faults, clock });
    this.faults.add({ on: 'message', do: 'drop', ...fault });
  }

  async send(...things: readonly number[]): Promise<readonly number[]> {
    for (const thing of things) {
      const go = () => Promise.resolve(this.arrived.push(thing)).then(() => undefined);
      const { times, passed } = this.#transits.meet('message', () => true, go);
      for (let time = 0; time < times; time++) await go();
      if (times > 0) passed();
      await turn();
    }
    await turn();
    return this.arrived;
  }
}

describe('Things on their way', () => {
  it.each<readonly [Partial<MessageFault>, readonly number[]]>([
    [{ do: 'drop', nth: 2 }, [1, 3, 4, 5, 6]],
    [{ do: 'duplicate', nth: 2 }, [1, 2, 2, 3, 4, 5, 6]],
    [{ do: 'duplicate', nth: 1, uses: 2, copies: 2 }, [1, 1, 1, 2, 2, 2, 3, 4, 5, 6]],
    [{ do: 'reorder', nth: 1 }, [2, 1, 3, 4, 5, 6]],
    [{ do: 'reorder' }, [2, 1, 4, 3, 6, 5]],
    [{ do: 'reorder', behind: 2 }, [2, 3, 1, 5, 6, 4]],
    [{ do: 'delay', nth: 3, delayMs: 1 }, [1, 2, 4, 5, 6]],
  ])('with %j arrive as %j', async (fault, expected) => {
    expect(await new Road(fault).send(1, 2, 3, 4, 5, 6)).toEqual(expected);
  });

  it('are delayed by the clock of the stage', async () => {
    const road = new Road({ do: 'delay', nth: 1, delayMs: 60_000 });
    await road.send(1, 2);
    clock.advance(60_000);
    expect(await road.send()).toEqual([2, 1]);
  });

  it('are shuffled within a window, the same way with the same seed', async () => {
    const things = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const withSeed = (seed: number) => new Road({ do: 'reorder', window: 5 }, seed).send(...things);
    const shuffled = await withSeed(3);
    expect(shuffled).toEqual(await withSeed(3));
    expect(shuffled).not.toEqual(await withSeed(4));
    expect(shuffled.slice(0, 5).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
    expect(shuffled).not.toEqual(things);
    expect(shuffled.slice(5).map((n) => n - 5)).not.toEqual(shuffled.slice(0, 5));
  });

  it.each([{ behind: 3 }, { window: 3 }])(
    'that wait for others which do not come, %j, go on after a while',
    async (fault) => {
      const road = new Road({ do: 'reorder', holdMs: 5000, ...fault });
      expect(await road.send(1)).toEqual([]);
      clock.advance(5000);
      expect(await road.send()).toEqual([1]);
    },
  );

  it('that wait go on when the fault is removed', async () => {
    const road = new Road({ do: 'reorder', behind: 3 });
    await road.send(1);
    road.faults.clear();
    await turn();
    expect(await road.send(2)).toEqual([1, 2]);
  });
});
