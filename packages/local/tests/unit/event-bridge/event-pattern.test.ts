import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../src/event-bridge/index.ts';

const matches = (pattern: unknown, event: Record<string, unknown>) => compilePattern(pattern)(event);

describe('compilePattern', () => {
  it.each([
    ['a value of the list', ['a', 'b'], 'b', 'c'],
    ['null', [null], null, 'null'],
    ['the empty text', [''], '', 'a'],
    ['a number', [1], 1, '1'],
    ['a truth value', [true], true, 'true'],
    ['prefix', [{ prefix: 'sfn_' }], 'sfn_x', 'asfn_'],
    ['suffix', [{ suffix: '.csv' }], 'a.csv', 'a.csv2'],
    ['equals-ignore-case', [{ 'equals-ignore-case': 'Finished' }], 'FINISHED', 'FINISH'],
    ['numeric, one bound', [{ numeric: ['>', 0] }], 1, 0],
    ['numeric, two bounds', [{ numeric: ['>=', 0, '<', 5] }], 0, 5],
    ['numeric, no text', [{ numeric: ['=', 5] }], 5, '5'],
    ['exists', [{ exists: true }], 'x', undefined],
    ['exists: false', [{ exists: false }], undefined, 'x'],
    ['anything-but a value', [{ 'anything-but': 'a' }], 'b', 'a'],
    ['anything-but a list', [{ 'anything-but': ['a', 1] }], 2, 1],
    ['anything-but a prefix', [{ 'anything-but': { prefix: 'a' } }], 'ba', 'ab'],
    ['anything-but, something there', [{ 'anything-but': 'a' }], 'b', undefined],
    ['one of several operators', [{ prefix: 'a' }, { suffix: 'z' }], 'bz', 'b'],
    ['a value of a list in the event', ['a'], ['b', 'a'], ['b']],
  ])('matches %s', (_what, wanted, fitting, other) => {
    expect([
      matches({ detail: { x: wanted } }, { detail: { x: fitting } }),
      matches({ detail: { x: wanted } }, { detail: { x: other } }),
    ]).toEqual([true, false]);
  });

  it('wants all fields, and one of the alternatives of $or', () => {
    // Prepare
    const pattern = { source: ['s'], $or: [{ detail: { a: [1] } }, { detail: { b: [2] } }] };

    // Act
    const results = [
      { source: 's', detail: { a: 1 } },
      { source: 's', detail: { b: 2 } },
      { source: 's', detail: { a: 2, b: 1 } },
      { source: 't', detail: { a: 1 } },
    ].map(compilePattern(pattern));

    // Assess
    expect(results).toEqual([true, true, false, false]);
  });

  it('looks into the objects of a list', () => {
    expect(matches({ detail: { items: { id: [2] } } }, { detail: { items: [{ id: 1 }, { id: 2 }] } })).toBe(true);
  });

  it.each([
    ['wildcard', { a: [{ wildcard: 'x*' }] }, 'event pattern operator "wildcard" at "a"'],
    ['cidr', { a: [{ cidr: '10.0.0.0/8' }] }, 'event pattern operator "cidr" at "a"'],
    [
      'prefix with equals-ignore-case',
      { a: [{ prefix: { 'equals-ignore-case': 'x' } }] },
      'operator "prefix" with {"equals-ignore-case":"x"}',
    ],
    [
      'anything-but with suffix',
      { a: { b: [{ 'anything-but': { suffix: 'x' } }] } },
      'operator "anything-but" with {"suffix":"x"} at "a.b"',
    ],
    ['two operators in one', { a: [{ prefix: 'x', suffix: 'y' }] }, 'operator "prefix" at "a"'],
  ])('refuses by name what it does not know: %s', (_what, pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(
      expect.objectContaining({ name: 'NotSupportedError', message: expect.stringContaining(message) }),
    );
  });

  it.each([
    [{ a: 'x' }, '"a" must be an object or an array'],
    [{ a: [] }, 'empty arrays are not allowed at "a"'],
    [{ $or: [{ a: [1] }] }, '"$or" must be an array of at least two alternatives'],
    [{ a: [{ numeric: ['>', 'x'] }] }, '"numeric" at "a" is malformed'],
    [{ a: [{ exists: 'yes' }] }, '"exists" at "a" is malformed'],
  ])('refuses %j as EventBridge does', (pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(
      expect.objectContaining({ code: 'InvalidEventPatternException', message: expect.stringContaining(message) }),
    );
  });
});
