import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../src/event-bridge/index.ts';

const matches = (pattern: unknown, event: Record<string, unknown>) => compilePattern(pattern)(event);

/** What of the event fits, and what does not. */
type Row = readonly [what: string, wanted: readonly unknown[], fitting: unknown, other: unknown];

const VALUES: readonly Row[] = [
  ['a value of the list', ['a', 'b'], 'b', 'c'],
  ['null', [null], null, 'null'],
  ['null, and not what is absent', [null], null, undefined],
  ['the empty text', [''], '', 'a'],
  ['a number', [1], 1, '1'],
  ['a number however it is written', [100], 1e2, 101],
  ['a truth value', [true], true, 'true'],
  ['one of several operators', [{ prefix: 'a' }, { suffix: 'z' }], 'bz', 'b'],
  ['a value of a list in the event', ['a'], ['b', 'a'], ['b']],
  ['a value of a list in a list', ['a'], ['b', ['a']], ['b', ['c']]],
];

const TEXTS: readonly Row[] = [
  ['prefix', [{ prefix: 'sfn_' }], 'sfn_x', 'asfn_'],
  ['prefix of any text', [{ prefix: '' }], '', 1],
  ['prefix, whatever the case', [{ prefix: { 'equals-ignore-case': 'EventB' } }], 'EVENTBridge', 'bridge'],
  ['suffix', [{ suffix: '.csv' }], 'a.csv', 'a.csv2'],
  ['suffix, whatever the case', [{ suffix: { 'equals-ignore-case': '.PNG' } }], 'a.Png', 'a.png2'],
  ['equals-ignore-case', [{ 'equals-ignore-case': 'Finished' }], 'FINISHED', 'FINISH'],
];

const WILDCARDS: readonly Row[] = [
  ['wildcard', [{ wildcard: 'dir/*.png' }], 'dir/a/b.png', 'dir/a.jpg'],
  ['wildcard without a star', [{ wildcard: 'a' }], 'a', 'ab'],
  ['wildcard that is a star', [{ wildcard: '*' }], '', 1],
  ['wildcard with stars around', [{ wildcard: '*lib*' }], 'a/lib/b', 'a/bin/b'],
  ['wildcard with parts that may not overlap', [{ wildcard: 'ab*ba' }], 'abba', 'aba'],
  ['wildcard with parts between', [{ wildcard: 'a*b*c' }], 'a1b2b3c', 'acb'],
  ['wildcard with an escaped star', [{ wildcard: 'a\\**' }], 'a*b', 'ab'],
  ['wildcard with an escaped backslash', [{ wildcard: 'c:\\\\*' }], 'c:\\x', 'c:/x'],
  ['wildcard, case and all', [{ wildcard: 'A*' }], 'Ab', 'ab'],
];

const OTHERS: readonly Row[] = [
  ['numeric, one bound', [{ numeric: ['>', 0] }], 1, 0],
  ['numeric, two bounds', [{ numeric: ['>=', 0, '<', 5] }], 0, 5],
  ['numeric, no text', [{ numeric: ['=', 5] }], 5, '5'],
  ['numeric, equal after all', [{ numeric: ['=', 3.018e2] }], 301.8, 301.9],
  ['numeric, within what EventBridge compares', [{ numeric: ['>', 0] }], 5e9, 5e9 + 1],
  ['cidr', [{ cidr: '10.0.0.0/24' }], '10.0.0.255', '10.0.1.0'],
  ['cidr, no other text', [{ cidr: '0.0.0.0/0' }], '1.2.3.4', 'localhost'],
  ['cidr of IPv6', [{ cidr: '2001:db8::/32' }], '2001:db8::1', '2001:db9::1'],
  ['exists', [{ exists: true }], 'x', undefined],
  ['exists, of null', [{ exists: true }], null, undefined],
  ['exists, of a leaf only', [{ exists: true }], 0, { y: 1 }],
  ['exists, of what a list holds', [{ exists: true }], ['a'], []],
  ['exists: false', [{ exists: false }], undefined, 'x'],
  ['exists: false, of an object', [{ exists: false }], { y: 1 }, null],
  ['exists: false, or a value', [{ exists: false }, 'a'], undefined, 'b'],
];

const ANYTHING_BUT: readonly Row[] = [
  ['a value', [{ 'anything-but': 'a' }], 'b', 'a'],
  ['a list', [{ 'anything-but': ['a', 'b'] }], 'c', 'a'],
  ['numbers', [{ 'anything-but': [1, 2] }], 3, 1],
  ['a text, so a number is fine', [{ 'anything-but': '1' }], 1, '1'],
  ['a prefix', [{ 'anything-but': { prefix: 'a' } }], 'ba', 'ab'],
  ['prefixes', [{ 'anything-but': { prefix: ['a', 'b'] } }], 'ca', 'bc'],
  ['a suffix', [{ 'anything-but': { suffix: '.png' } }], 'a.jpg', 'a.png'],
  ['a wildcard', [{ 'anything-but': { wildcard: '*/lib/*' } }], 'a/bin/b', 'a/lib/b'],
  ['equals-ignore-case', [{ 'anything-but': { 'equals-ignore-case': 'init' } }], 'done', 'INIT'],
  ['several of equals-ignore-case', [{ 'anything-but': { 'equals-ignore-case': ['a', 'b'] } }], 'c', 'B'],
  ['something, but there', [{ 'anything-but': 'a' }], 'b', undefined],
  ['something, of a list', [{ 'anything-but': 'a' }], ['a', 'b'], ['a']],
];

describe('compilePattern', () => {
  it.each([
    ...VALUES,
    ...TEXTS,
    ...WILDCARDS,
    ...OTHERS,
    ...ANYTHING_BUT.map(([what, ...rest]) => [`anything-but ${what}`, ...rest] as const),
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
    [{ detail: { 'state.status': ['x'] } }, { detail: { state: { status: 'x' } } }, true],
    [{ detail: { state: { status: ['x'] } } }, { detail: { 'state.status': 'x' } }, true],
    [{ detail: { 'a.b': { c: ['x'] } } }, { detail: { a: { 'b.c': 'x' } } }, true],
    [{ detail: { 'a.b': [{ exists: false }] } }, { detail: { a: { c: 'x' } } }, true],
    [{ detail: { 'a.b': { b: ['x'] } } }, { detail: { a: { b: 'x' } } }, false],
    [{ detail: { a: { b: ['x'] } } }, { detail: { 'a.b': { b: 'x' } } }, false],
  ])('takes a dot in a name for a step: %j, %j', (pattern, event, isMatch) => {
    expect(matches(pattern, event)).toBe(isMatch);
  });

  it('takes a field of a missing object for absent', () => {
    expect(matches({ detail: { a: { b: [{ exists: false }] } } }, { detail: {} })).toBe(true);
  });

  it('is not misled by names that every object has', () => {
    expect(matches({ toString: [{ exists: true }] }, {})).toBe(false);
  });

  it('matches wildcards as a regular expression does', () => {
    const parts = fc.array(fc.constantFrom('a', 'b', 'ab', '\\*', '\\\\', '*'), { maxLength: 8 });
    const texts = fc.array(fc.constantFrom('a', 'b', '*', '\\'), { maxLength: 10 });
    fc.assert(
      fc.property(parts, texts, (pieces, letters) => {
        const wanted = pieces.filter((piece, index) => piece !== '*' || pieces[index - 1] !== '*');
        const expression = wanted.map((piece) => (piece === '*' ? '.*' : piece)).join('');
        const text = letters.join('');
        expect(matches({ a: [{ wildcard: wanted.join('') }] }, { a: text })).toBe(
          new RegExp(`^${expression}$`).test(text),
        );
      }),
    );
  });

  it('matches a wildcard of many stars in bounded time', () => {
    expect(matches({ a: [{ wildcard: 'a*'.repeat(500) }] }, { a: `${'a'.repeat(50_000)}b` })).toBe(true);
    expect(matches({ a: [{ wildcard: `${'a*'.repeat(500)}c` }] }, { a: 'a'.repeat(50_000) })).toBe(false);
  });
});

describe('A pattern', () => {
  it.each([
    ['a', 'Filter is not an object'],
    [{ a: 'x' }, '"a" must be an object or an array'],
    [{ a: [] }, 'Empty arrays are not allowed'],
    [{ a: {} }, 'Empty objects are not allowed'],
    [{}, 'Empty objects are not allowed'],
    [{ a: [['b']] }, 'Match value must be String, number, true, false, or null'],
    [{ a: [{}] }, 'Match expression name not found'],
    [{ a: [{ contains: 'x' }] }, 'Unrecognized match type contains at "a"'],
    [{ a: [{ prefix: 'x', suffix: 'y' }] }, 'Only one key allowed in match expression'],
    [{ a: [{ prefix: 1 }] }, 'prefix match pattern must be a string'],
    [{ a: [{ suffix: { prefix: 'a' } }] }, 'Unsupported suffix pattern: prefix'],
    [{ a: [{ prefix: { 'equals-ignore-case': 1 } }] }, 'equals-ignore-case match pattern must be a string'],
    [{ a: [{ wildcard: 'a**b' }] }, 'Consecutive wildcard characters at pos 2'],
    [{ a: [{ wildcard: 'ä\\b' }] }, 'Invalid escape character at pos 3'],
    [{ a: [{ prefix: ['x'] }] }, 'prefix match pattern must be a string'],
    [{ a: [{ exists: 'yes' }] }, 'exists match pattern must be either true or false.'],
    [{ a: [{ cidr: '10.0.0.0' }] }, "Malformed CIDR, one '/' required"],
    [{ a: [{ cidr: '10.0.0.0/x' }] }, 'Malformed CIDR, mask bits must be an integer'],
    [{ a: [{ cidr: '10.0.0/8' }] }, 'Nonstandard IP address: 10.0.0'],
    [{ a: [{ cidr: '10.0.0.0/32' }] }, 'IPv4 mask bits must be < 32'],
    [{ $or: [{ a: [1] }] }, 'There must have at least 2 Objects in $or relationship.'],
    [{ $or: { a: [1] } }, 'It must be an Array followed with $or.'],
    [{ $or: [1, 2] }, 'Only JSON object is allowed in array of $or relationship.'],
  ])('is refused as by EventBridge: %j', (pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(
      expect.objectContaining({
        code: 'InvalidEventPatternException',
        message: expect.stringContaining(`Event pattern is not valid. Reason: ${message}`),
      }),
    );
  });

  it.each([
    [5, 'Value of numeric must be an array.'],
    [[], 'Invalid member in numeric match: undefined'],
    [['>', 'x'], 'Value of > must be numeric'],
    [['~', 1], 'Unrecognized numeric range operator: ~'],
    [['<', 1, '>', 0], 'Too many elements in numeric expression'],
    [['>', 1, '=', 2], 'Bad numeric range operator: ='],
    [['>', 1, '<', 2, '<', 3], 'Too many terms in numeric range expression'],
    [['>', 2, '<', 2], 'Bottom must be less than top'],
    [['>', 6e9], 'Value must be between -5.0E9 and 5.0E9, inclusive'],
  ])('is refused with numeric %j', (numeric, message) => {
    expect(() => compilePattern({ a: [{ numeric }] })).toThrow(message);
  });

  it.each([
    [null, 'Value of anything-but must be an array or single string/number value.'],
    [true, 'Value of anything-but must be an array or single string/number value.'],
    [['a', null], 'Inside anything but list, start|null|boolean is not supported.'],
    [['a', 1], 'mixed type is not supported'],
    [[], 'mixed type is not supported'],
    [{}, 'Anything-But expression name not found'],
    [{ numeric: ['>', 1] }, 'Unsupported anything-but pattern: numeric'],
    [{ prefix: '' }, 'Null prefix/suffix not allowed'],
    [{ wildcard: 'a**' }, 'Consecutive wildcard characters at pos 2'],
    [{ wildcard: 1 }, 'wildcard match pattern must be a string'],
    [{ suffix: ['a', 1] }, 'prefix/suffix match pattern must be a string'],
    [
      { 'equals-ignore-case': [1] },
      'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
    ],
    [
      { prefix: { 'equals-ignore-case': 'a' } },
      'Value of anything-but must be an array or single string/number value.',
    ],
    [{ prefix: 'a', suffix: 'b' }, 'Only one key allowed in match expression'],
  ])('is refused with anything-but %j', (argument, message) => {
    expect(() => compilePattern({ a: [{ 'anything-but': argument }] })).toThrow(message);
  });

  it('is refused when it is too long', () => {
    expect(() => compilePattern({ a: ['x'.repeat(2048)] })).toThrow('it has 2058 characters, 2048 are allowed');
  });

  it('is refused when it uses what its user does not know', () => {
    expect(() => compilePattern({ a: [{ cidr: '10.0.0.0/8' }] }, { without: ['cidr'] })).toThrow(
      'Unrecognized match type cidr',
    );
  });
});
