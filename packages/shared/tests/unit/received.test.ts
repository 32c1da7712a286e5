import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeReceived, kindOf, pathText } from '../../src/received.ts';
import { anyText } from '../helpers/arbitraries.ts';
import { CANARIES, FORBIDDEN } from '../helpers/canaries.ts';

describe('what was received', () => {
  it.each([
    ['action', 'run', '"run"'],
    ['action', '', '""'],
    ['action', undefined, 'nothing'],
    ['action', null, 'null'],
    ['rows', 3, '3'],
    ['rows', [1, 'two'], '[1,"two"]'],
    ['attempt', { state: 'Load' }, '{"state":"Load"}'],
    ['statementId', 'x'.repeat(47), JSON.stringify('x'.repeat(47))],
    ['statementId', 'x '.repeat(60), `"${'x '.repeat(39)}x…" (length 120)`],
    ['statementId', `a${' '.repeat(1_018)}b-end`, '"a b-end" (length 1024)'],
    ['statementId', `a${' '.repeat(1_018)}b-endless`, '"a ***" (length 1028)'],
  ])('at %s, %j, is described as %s', (place, value, described) => {
    expect(describeReceived(place, value)).toBe(described);
  });

  it.each([
    'taskToken',
    'parameters.a',
    'ResponseURL',
    'callback',
    'password',
    'ResourceProperties',
    'X-Amz-Signature',
  ])('at %s is not shown', (place) => {
    expect(describeReceived(place, 'secret')).toBe('a string (not shown)');
    expect(describeReceived(place, ['secret'])).toBe('an array (not shown)');
    expect(describeReceived(place, { a: 'secret' })).toBe('an object (not shown)');
  });

  it.each(['nextToken', 'ServiceToken', 'callback.type'])('at %s is shown: it is no secret', (place) => {
    expect(describeReceived(place, 'value')).toBe('"value"');
  });

  it.each([
    ['a text', (text: string) => text],
    ['texts in an object', (text: string) => ({ a: { b: [text, text] } })],
  ])('is made fast of %s, however long and awkward', (_what, within) => {
    // Searched whole, it would take minutes.
    expect(describeReceived('action', within('password /* '.repeat(200_000)))).toContain('password /* password');
  });

  it('shows nothing of a secret at which the search of a long text ends', () => {
    for (let length = 1_000; length < 1_030; length++) {
      const hidden = `password '${'x'.repeat(length)}'`;

      expect(describeReceived('action', `${hidden} ${CANARIES.taskToken} ${hidden}`)).not.toMatch(/canaryT|AQCE/);
    }
  });

  it('is never long', () => {
    fc.assert(
      fc.property(fc.oneof(anyText({ maxLength: 400 }), fc.jsonValue()), (value) => {
        expect(describeReceived('field', value).length).toBeLessThan(120);
        expect(describeReceived('field', value).isWellFormed()).toBe(true);
      }),
    );
  });

  it('never holds a token, however deep or wherever in a text it stands', () => {
    const place = fc.string();
    const around = fc.tuple(fc.stringMatching(/^[ .,;:!?"']{0,20}$/), fc.stringMatching(/^[ .,;:!?"']{0,20}$/));
    const secret = fc.constantFrom(CANARIES.taskToken, `password '${CANARIES.credential}'`);
    const nested = (text: string) => [text, [text], { a: text }, { a: { b: [text] } }, { taskToken: text }];
    fc.assert(
      fc.property(place, around, secret, (anyPlace, [before, after], text) => {
        const described = nested(`${before}${text}${after}`).map((value) => describeReceived(anyPlace, value));

        expect(described.filter((shown) => FORBIDDEN.some((piece) => shown.includes(piece)))).toEqual([]);
      }),
    );
  });
});

describe('the kind of a value', () => {
  it.each([
    [undefined, 'nothing'],
    [null, 'null'],
    [[], 'an array'],
    [{}, 'an object'],
    ['', 'a string'],
    [1, 'a number'],
    [true, 'a boolean'],
  ])('of %j is %s', (value, kind) => {
    expect(kindOf(value)).toBe(kind);
  });
});

describe('the place of a value', () => {
  it.each([
    [[], ''],
    [['attempt', 'retryCount'], 'attempt.retryCount'],
    [['sqlStatements', 0], 'sqlStatements.0'],
    [[''], '""'],
  ])('%j is written %j', (path, text) => {
    expect(pathText(path)).toBe(text);
  });

  it('is shortened where a name is long', () => {
    expect(pathText(['x'.repeat(80)])).toBe('x'.repeat(80));
    expect(pathText(['x'.repeat(81)])).toBe(`${'x'.repeat(79)}…`);
  });
});
