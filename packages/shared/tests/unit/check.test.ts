import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { check, checkMessage } from '../../src/check.ts';
import { MalformedMessage } from '../../src/index.ts';
import { failureIn } from '../helpers/failure-of.ts';

const field = (schema: z.ZodMiniType) => z.looseObject({ field: schema });

const complaintAbout = (schema: z.ZodMiniType, value: unknown): string =>
  failureIn(() => checkMessage(field(schema), { field: value }, 'item')).message;

const text = z.string();
const key = text.check(z.regex(/^[a-z]+$/, { error: 'must have a name of letters' }));

describe('a field of a message', () => {
  it.each<[string, z.ZodMiniType, unknown, string]>([
    ['another type', text, 7, 'must be a string; received 7'],
    ['another type that begins with a vowel', z.array(text), 'x', 'must be an array; received "x"'],
    ['no record', z.record(text, text), 'x', 'must be an object; received "x"'],
    ['no whole number', z.number().check(z.int()), 'x', 'must be a number; received "x"'],
    ['a fraction', z.number().check(z.int()), 1.5, 'must be a whole number; received 1.5'],
    ['none of the values', z.enum(['a', 'b']), 'c', 'must be "a" or "b"; received "c"'],
    ['none of several types', z.union([text, z.number()]), true, 'is not valid; received true'],
    ['empty', text.check(z.minLength(1)), '', 'must not be empty; received ""'],
    ['an empty list', z.array(text).check(z.minLength(1)), [], 'must not be empty; received an array'],
    ['short', text.check(z.minLength(3)), 'ab', 'must be at least 3 characters long; received "ab"'],
    ['a short list', z.array(text).check(z.minLength(2)), ['a'], 'must be at least 2 items long; received an array'],
    ['low', z.number().check(z.minimum(1)), 0, 'must be at least 1; received 0'],
    ['long', text.check(z.maxLength(1)), 'ab', 'must be at most 1 characters long; received "ab"'],
    ['high', z.number().check(z.maximum(1)), 2, 'must be at most 1; received 2'],
    ['of another form', text.check(z.regex(/^a/)), 'b', 'is not valid; received "b"'],
  ])('that is %s is named with what it should be and what it is', (_what, schema, value, complaint) => {
    expect(complaintAbout(schema, value)).toBe(`item.field: ${complaint}`);
  });

  it('of no kind that there is names the kinds', () => {
    const kinds = z.discriminatedUnion('type', [
      z.object({ type: z.literal('one') }),
      z.object({ type: z.literal('other') }),
    ]);

    expect(complaintAbout(kinds, { type: 'none' })).toBe('item.field.type: must be "one" or "other"; received "none"');
  });

  it('with a name that is not one says what the schema says', () => {
    expect(complaintAbout(z.record(key, text), { a1: 'x' })).toBe(
      'item.field.a1: must have a name of letters; received "x"',
    );
  });

  it.each([
    [{ secret: 'x' }, 'an object'],
    [['x'], 'an array'],
    [null, 'null'],
  ])('that is %j is told by its kind only', (value, kind) => {
    expect(complaintAbout(text, value)).toBe(`item.field: must be a string; received ${kind}`);
  });
});

describe('a whole message', () => {
  it.each([
    ['a text', 'a string'],
    [7, 'a number'],
    [[1], 'an array'],
    [null, 'null'],
    [undefined, 'nothing'],
  ])('that is %j is told by its kind only', (message, kind) => {
    const error = failureIn(() => checkMessage(field(text), message, 'item'));

    expect(error).toBeInstanceOf(MalformedMessage);
    expect(error).toMatchObject({ where: 'item', message: `item: must be an object; received ${kind}` });
  });

  it('may be nested 100 levels deep, and no deeper', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 'x' : [nested(levels - 1)]);
    const message = (levels: number) => ({ field: 'x', more: nested(levels - 1) });

    expect(checkMessage(field(text), message(100), 'item')).toMatchObject({ field: 'x' });
    expect(failureIn(() => checkMessage(field(text), message(101), 'item')).message).toBe(
      'item: must be nested no deeper than 100 levels',
    );
  });
});

describe('a check', () => {
  it('hands the place, the problem and what stood there to whoever refuses', () => {
    const refuse = (finding: object): never => {
      throw new Error(JSON.stringify(finding));
    };

    expect(failureIn(() => check(z.object({ a: z.object({ b: text }) }), { a: { b: 1 } }, refuse)).message).toBe(
      JSON.stringify({ place: 'a.b', problem: 'must be a string', received: 1 }),
    );
  });
});
