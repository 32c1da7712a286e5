import fc, { type IRawProperty } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkProperties, type Outcome } from '../../src/index.ts';

const checked = async (property: IRawProperty<unknown>, onCase?: () => void): Promise<Outcome | undefined> => {
  const properties = [
    { name: 'it', weight: 3, property },
    { name: 'another', weight: 1, property: fc.property(fc.nat(), () => undefined) },
  ];
  const { value } = await checkProperties({ properties }, { cases: 400, seed: 7 }, onCase).next();
  return value as Outcome | undefined;
};

describe('a property', () => {
  it('that holds has passed its share of the cases, each of them announced', async () => {
    let announced = 0;

    const outcome = await checked(
      fc.property(fc.nat(), (number) => number >= 0),
      () => announced++,
    );

    expect(outcome).toEqual({ name: 'it', passed: 300, failed: 0, failure: undefined });
    expect(announced).toBe(300);
  });

  it.each([
    ['sync', fc.property(fc.nat(), (number) => mustBeSmall(number))],
    ['async', fc.asyncProperty(fc.nat(), (number) => Promise.resolve(number).then(mustBeSmall))],
  ])(
    'that does not hold (%s) tells seed, smallest counterexample and error with its cause',
    async (_kind, property) => {
      const outcome = await checked(property);

      expect(outcome).toMatchObject({ name: 'it', failed: 1 });
      expect(outcome?.failure).toContain('seed: 7');
      expect(outcome?.failure).toContain('Counterexample: [1000]');
      expect(outcome?.failure).toContain('Error: 1000 is not small');
      expect(outcome?.failure).toContain('caused by Error: the cause');
    },
  );
});

const mustBeSmall = (number: number): void => {
  if (number >= 1_000) throw new Error(`${number} is not small`, { cause: new Error('the cause') });
};
