import { describe, expect, it } from 'vitest';
import { Faults } from '../../../src/faults/faults.ts';
import { firstFaults } from '../../../src/stage/first-faults.ts';

/** Which of a hundred events are dropped. */
const dropped = (lost: number, seed?: number): readonly number[] => {
  const faults = new Faults();
  for (const fault of firstFaults({ eventLoss: { lost, ...(seed === undefined ? {} : { seed }) } })) faults.add(fault);
  return Array.from({ length: 100 }, (_, i) => i).filter(
    () => faults.meet('event', () => true).hit?.fault.do === 'drop',
  );
};

describe('Faults that a stage begins with', () => {
  it('are none by default', () => {
    expect(firstFaults({})).toEqual([]);
    expect(firstFaults({ eventLoss: { lost: 0 } })).toEqual([]);
  });

  it('lose a part of the completion events, decided by its own seed', () => {
    expect(dropped(1)).toHaveLength(100);
    expect(dropped(0.5, 7)).toEqual(dropped(0.5, 7));
    expect(dropped(0.5, 7)).not.toEqual(dropped(0.5, 8));
  });

  it.each([-0.1, 1.1, Number.NaN])('cannot lose a part of %d', (lost) => {
    expect(() => firstFaults({ eventLoss: { lost } })).toThrow(RangeError);
  });

  it('come after the loss of events in the order given', () => {
    const hang = { on: 'call', do: 'hang' } as const;
    expect(firstFaults({ eventLoss: { lost: 0.1 }, faults: [hang] })).toMatchObject([{ id: 'event-loss-0' }, hang]);
  });
});
