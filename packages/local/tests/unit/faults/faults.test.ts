import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/faults/fault.ts';
import { Faults } from '../../../src/faults/faults.ts';

/** Which of `count` matches a fault hits, counted from 1. */
const hits = (faults: Faults, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => i + 1).filter(() => faults.meet('call', () => true).hit !== undefined);

const given = (fault: Partial<Fault>, seed?: number): Faults => {
  const faults = new Faults(seed === undefined ? {} : { seed });
  faults.add({ on: 'call', do: 'throttle', ...fault } as Fault);
  return faults;
};

describe('A fault', () => {
  it.each([
    [{}, [1, 2, 3, 4, 5]],
    [{ nth: 3 }, [3]],
    [{ uses: 2 }, [1, 2]],
    [{ nth: 2, uses: 2 }, [2, 3]],
  ])('with %j hits the matches %j of five', (selection, expected) => {
    expect(hits(given(selection), 5)).toEqual(expected);
  });

  it('hits the part of its matches that it is told to', () => {
    const { length } = hits(given({ probability: 0.25 }), 1000);
    expect(length).toBeGreaterThan(180);
    expect(length).toBeLessThan(320);
  });

  it('hits the same matches with the same seed, and others with another one', () => {
    const withSeed = (seed: number) => hits(given({ probability: 0.5 }, seed), 100);
    expect(withSeed(7)).toEqual(withSeed(7));
    expect(withSeed(7)).not.toEqual(withSeed(8));
  });

  it('hits the same matches whatever other faults meanwhile do', () => {
    const alone = given({ id: 'a', probability: 0.5 });
    const beside = given({ id: 'other', probability: 0.5 });
    beside.add({ on: 'call', do: 'throttle', id: 'a', probability: 0.5 });
    const a = beside.get('a');
    const hitByA = Array.from({ length: 100 }, () => {
      const used = a.used;
      const { hit } = beside.meet('call', () => true);
      // What the other one takes away from it, it would have hit or not.
      return hit?.id === 'other' ? 'taken' : a.used > used;
    });
    const hitAlone = Array.from({ length: 100 }, () => alone.meet('call', () => true).hit !== undefined);
    expect(hitByA.map((hit, i) => hit === 'taken' || hit === hitAlone[i])).not.toContain(false);
    expect(hitByA).toContain(true);
    expect(hitByA).toContain('taken');
  });

  it('tells how often it has matched and hit', () => {
    const faults = given({ nth: 2 });
    hits(faults, 3);
    expect(faults.list()).toMatchObject([{ id: 'fault-1', matched: 3, used: 1 }]);
  });

  it('has its turn when those given before it have had theirs', () => {
    const faults = given({ id: 'first', uses: 1 });
    faults.add({ on: 'call', do: 'throttle', id: 'second' });
    const turns = [1, 2].map(() => faults.meet('call', () => true).hit?.id);
    expect(turns).toEqual(['first', 'second']);
  });

  it('hits nothing more once it is removed', () => {
    const faults = given({});
    faults.list()[0]?.remove();
    expect(hits(faults, 2)).toEqual([]);
    expect(() => faults.get('fault-1')).toThrow('There is no fault fault-1.');
  });

  it('is numbered from 1 again after all were removed', () => {
    const faults = given({});
    faults.clear();
    expect(faults.add({ on: 'call', do: 'hang' }).id).toBe('fault-1');
  });
});

describe('What is wrong with a fault', () => {
  it.each<readonly [unknown, string]>([
    [null, 'a fault must be an object; received null'],
    [{}, 'on must be one of call, event, message; received undefined'],
    [{ on: 'toString' }, 'on must be one of call, event, message; received "toString"'],
    [{ on: 'call' }, 'do must be one of fail, throttle, serverError, disconnect, hang, delay, kill; received nothing'],
    [{ on: 'event', do: 'kill' }, 'do must be one of drop, duplicate, delay, reorder; received "kill"'],
    [
      { on: 'call', do: 'throttle', servce: 'sqs' },
      'servce is no field of a fault on calls; its fields are on, service,',
    ],
    [{ on: 'call', do: 'throttle', constructor: 1 }, 'constructor is no field of a fault on calls'],
    [{ on: 'call', do: 'throttle', service: 'sns' }, 'service must be one of dynamodb, '],
    [{ on: 'call', do: 'throttle', operation: {} }, 'operation must be a text or a regular expression; received {}'],
    [{ on: 'call', do: 'throttle', nth: 0 }, 'nth must be a whole number of at least 1; received 0'],
    [{ on: 'call', do: 'throttle', uses: '1' }, 'uses must be a whole number of at least 1; received "1"'],
    [
      { on: 'call', do: 'throttle', probability: 1.5 },
      'probability must be a number above 0 and up to 1; received 1.5',
    ],
    [
      { on: 'call', do: 'throttle', probability: Number.NaN },
      'probability must be a number above 0 and up to 1; received',
    ],
    [
      { on: 'call', do: 'throttle', id: 'a b' },
      'id must be up to 64 letters, digits, "-", "_" and "."; received "a b"',
    ],
    [{ on: 'call', do: 'throttle', when: 'later' }, 'when must be one of before, after, answered; received "later"'],
    [
      { on: 'call', do: 'throttle', when: 'answered' },
      'when must be before or after with do throttle; received "answered"',
    ],
    [{ on: 'call', do: 'fail' }, 'error is needed with do fail; received nothing'],
    [
      { on: 'call', do: 'fail', error: 'E', status: 200 },
      'status must be a whole number from 400 to 599; received 200',
    ],
    [{ on: 'call', do: 'delay' }, 'delayMs is needed with do delay; received nothing'],
    [{ on: 'call', do: 'throttle', delayMs: 1 }, 'delayMs is for delay only; received it with do throttle'],
    [{ on: 'event', do: 'drop', copies: 2 }, 'copies is for duplicate only; received it with do drop'],
    [{ on: 'event', do: 'drop', pattern: [] }, 'Event pattern is not valid.'],
    [{ on: 'event', do: 'drop', pattern: { source: 'a' } }, 'Event pattern is not valid.'],
    [{ on: 'event', do: 'reorder', behind: 1, window: 2 }, 'behind and window exclude each other; received both'],
    [{ on: 'message', do: 'reorder', window: 1 }, 'window must be a whole number of at least 2; received 1'],
    [{ on: 'message', do: 'drop', rule: 'r' }, 'rule is no field of a fault on messages'],
  ])('%j: %s', (fault, message) => {
    expect(() => new Faults().add(fault as Fault)).toThrow(message);
  });

  it('a second one of the same id', () => {
    const faults = given({ id: 'a' });
    expect(() => faults.add({ on: 'call', do: 'hang', id: 'a' })).toThrow(
      'id must not be that of another fault; received "a"',
    );
  });

  it('a seed that is no whole number', () => {
    expect(() => new Faults({ seed: 0.5 })).toThrow('seed must be a whole number; received 0.5');
  });
});
