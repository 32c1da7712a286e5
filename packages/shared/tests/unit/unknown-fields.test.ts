import { describe, expect, it } from 'vitest';
import { unknownFields } from '../../src/unknown-fields.ts';

describe('unknown fields', () => {
  it('are those that the checked copy lacks, at any depth', () => {
    expect(unknownFields({ a: { b: 1, c: 2 }, d: 3 }, { a: { b: 1 } })).toEqual([
      { place: 'a.c', received: 2 },
      { place: 'd', received: 3 },
    ]);
  });

  it.each([
    ['a text', 'x', 'x'],
    ['a list, whatever it holds', [1, { a: 1 }], [1]],
    ['null', null, { a: 1 }],
    ['an object that was checked as a whole', { a: 1 }, undefined],
    ['an object that became a text', { a: 1 }, 'x'],
  ])('has not %s', (_what, value, checked) => {
    expect(unknownFields(value, checked)).toEqual([]);
  });
});
