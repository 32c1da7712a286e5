import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anything, foundIn, mutated } from '../../src/index.ts';

const RIGHT = { name: 'x', list: [1, { inner: true }], more: { deep: null } };

const samples = fc.sample(mutated(fc.constant(RIGHT)), { numRuns: 2_000, seed: 1 });

const isJson = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return value !== undefined;
  const inner = Object.values(value);
  return (!Array.isArray(value) || inner.length === value.length) && inner.every(isJson);
};

describe('a mutated value', () => {
  it('is right, nearly right, or something else altogether', () => {
    const texts = samples.map((sample) => JSON.stringify(sample));

    expect(texts).toContain(JSON.stringify(RIGHT));
    expect(texts).toContain(JSON.stringify({ ...RIGHT, list: [1] }));
    expect(texts).toContain(JSON.stringify([RIGHT]));
    expect(texts.some((text) => text.includes('"names":"x"'))).toBe(true);
    expect(texts.some((text) => text.startsWith('{"name":"x","list":[1,{"inner":true'))).toBe(true);
    expect(texts).toContain('null');
  });

  it('leaves what it is made of as it was', () => {
    expect(RIGHT).toEqual({ name: 'x', list: [1, { inner: true }], more: { deep: null } });
  });

  it('is JSON', () => {
    fc.assert(
      fc.property(mutated(anything), (value) => {
        expect(isJson(value)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a secret', () => {
  it('is found in a text as it is, and as JSON writes it', () => {
    expect(foundIn('the "secret" one', ['"secret"', 'other'])).toEqual(['"secret"']);
    expect(foundIn(JSON.stringify({ told: 'a "secret"' }), ['"secret"'])).toEqual(['"secret"']);
    expect(foundIn('nothing', ['secret'])).toEqual([]);
  });
});
