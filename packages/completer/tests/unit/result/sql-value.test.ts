import { describe, expect, it } from 'vitest';
import { type Field, valueOf } from '../../../src/result/sql-value.ts';

const text = (stringValue: string): Field => ({ stringValue });

describe('a value of a result', () => {
  it.each<[Field, string, unknown]>([
    [{ isNull: true }, 'int4', null],
    [{ isNull: true }, 'super', null],
    [{ booleanValue: false }, 'bool', false],
    [{ longValue: 0 }, 'int8', 0],
    [{ longValue: -5 }, 'int2', -5],
    [text('9007199254740993'), 'int8', '9007199254740993'],
    [{ doubleValue: 0.1 }, 'float8', 0.1],
    [{ doubleValue: Number.NaN }, 'float8', 'NaN'],
    [{ doubleValue: Number.POSITIVE_INFINITY }, 'float8', 'Infinity'],
    [{ doubleValue: Number.NEGATIVE_INFINITY }, 'float4', '-Infinity'],
    [text('1.10'), 'numeric', '1.10'],
    [text(''), 'varchar', ''],
    [text('[1]'), 'varchar', '[1]'],
    [text('2024-01-01 00:00:00.0'), 'varchar', '2024-01-01 00:00:00.0'],
    [{ blobValue: Uint8Array.of(0, 171, 255) }, 'varbyte', '00abff'],
    [text('[B@1a2b3c'), 'geometry', '[B@1a2b3c'],
    // A member that this build does not know.
    [{}, 'new', null],
  ])('%j of type %s is %j', (field, type, value) => {
    expect(valueOf(field, type)).toEqual(value);
  });

  it.each([
    ['date', '2008-01-01', '2008-01-01'],
    ['date', '0044-03-15 BC', '0044-03-15 BC'],
    ['date', '10000-01-01', '10000-01-01'],
    ['timestamp', '2022-02-22 00:00:00.0', '2022-02-22T00:00:00'],
    ['timestamp', '2022-02-22 00:00:00', '2022-02-22T00:00:00'],
    ['timestamp', '2020-08-21 17:33:51.88712', '2020-08-21T17:33:51.88712'],
    ['timestamp', '2020-08-21 17:33:51.100', '2020-08-21T17:33:51.1'],
    ['timestamp', 'infinity', 'infinity'],
    ['timestamptz', '2008-01-01 20:00:00+00', '2008-01-01T20:00:00Z'],
    ['timestamptz', '2008-01-01 20:00:00.5+00:00', '2008-01-01T20:00:00.5Z'],
    ['timestamptz', '2008-01-01 20:00:00-08', '2008-01-01T20:00:00-08:00'],
    ['timestamptz', '2008-01-01 20:00:00+0530', '2008-01-01T20:00:00+05:30'],
    ['timestamptz', '1883-11-18 12:00:00-04:56:02', '1883-11-18 12:00:00-04:56:02'],
    ['time', '20:00:00.00', '20:00:00'],
    ['time', '23:59:59.999999', '23:59:59.999999'],
    ['timetz', '20:00:00+00', '20:00:00Z'],
    ['timetz', '20:00:00.25+05:45', '20:00:00.25+05:45'],
    ['timestamp', '', ''],
  ])('of type %s is in ISO 8601: %s', (type, given, value) => {
    expect(valueOf(text(given), type)).toBe(value);
  });

  it.each([
    ['null', null],
    ['"a"', 'a'],
    ['{"a":[1,2.50,true,null]}', { a: [1, 2.5, true, null] }],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992', 9_007_199_254_740_992],
    ['9007199254740993', '9007199254740993'],
    ['[-9007199254740993]', ['-9007199254740993']],
    ['1e400', '1e400'],
    ['1e-400', '1e-400'],
    ['0.0', 0],
    ['1.000', 1],
    ['100', 100],
    ['1E2', 100],
    ['0.30000000000000004', 0.30000000000000004],
    ['0.1000000000000000055511151231257827', '0.1000000000000000055511151231257827'],
    ['{"__proto__":1}', JSON.parse('{"__proto__":1}')],
    ['no json', 'no json'],
  ])('of type super is what it holds: %s', (given, value) => {
    const found = valueOf(text(given), 'super');

    expect(found).toEqual(value);
    expect(JSON.stringify(found)).toBe(JSON.stringify(value));
  });
});
