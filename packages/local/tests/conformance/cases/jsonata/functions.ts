import { expect } from 'vitest';
import { type Case, ends, GUIDE, recorded, spec } from '../../case.ts';
import { onlyJsonata, pass } from '../../machines.ts';

/** One definition for all expressions without an input would tell less of what failed. */
const call = (source: string, expression: string, input: unknown, value: unknown): Case => ({
  name: `${expression} of ${JSON.stringify(input)} is ${JSON.stringify(value)}`,
  source,
  machine: onlyJsonata(pass({ Output: `{% ${expression} %}` })),
  input,
  expect: ends(value),
});

const named = (name: string, source: string, expression: string, value: unknown): Case => ({
  name,
  source,
  machine: onlyJsonata(pass({ Output: `{% ${expression} %}` })),
  expect: ends(value),
});

const IN = '$states.input';
const PARTITION = `$partition(${IN}.a, ${IN}.n)`;
const RANGE = `$range(${IN}.from, ${IN}.to, ${IN}.by)`;
const PARSE = `$parse(${IN}.s)`;
const HASH = `$hash(${IN}.d, ${IN}.a)`;
const arrays = recorded('intrinsic_functions test_array_jsonata');
const parsing = recorded('intrinsic_functions test_json_manipulation_jsonata test_parse');

export const cases: readonly Case[] = [
  call(GUIDE.jsonata, PARTITION, { a: [1, 2, 3, 4, 5, 6, 7, 8, 9], n: 4 }, [[1, 2, 3, 4], [5, 6, 7, 8], [9]]),
  call(arrays, PARTITION, { a: [0], n: 1 }, [[0]]),
  call(arrays, PARTITION, { a: [0, 1, 2], n: 5 }, [[0, 1, 2]]),
  call(GUIDE.jsonata, RANGE, { from: 0, to: 10, by: 2 }, [0, 2, 4, 6, 8, 10]),
  call(arrays, RANGE, { from: 0, to: 10, by: 3 }, [0, 3, 6, 9]),
  call(arrays, RANGE, { from: 1, to: 9, by: 9 }, 1),
  call(GUIDE.jsonata, PARSE, { s: '{"a": [1, null]}' }, { a: [1, null] }),
  call(parsing, PARSE, { s: '-0' }, 0),
  call(parsing, PARSE, { s: '"HelloWorld"' }, 'HelloWorld'),
  call(GUIDE.jsonata, HASH, { d: 'input data', a: 'MD5' }, '812f45842bc6d66ee14572ce20db8e86'),
  call(GUIDE.jsonata, HASH, { d: 'input data', a: 'SHA-1' }, 'aaff4a450a104cd177d28d18d74485e8cae074b7'),
  call(
    GUIDE.jsonata,
    HASH,
    { d: 'input data', a: 'SHA-256' },
    'b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3',
  ),
  named(
    '$uuid makes a UUID of version 4',
    GUIDE.jsonata,
    '$uuid()',
    expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/),
  ),
  named('$random gives a number from 0 to 1', GUIDE.jsonata, '($r := $random(); $r >= 0 and $r < 1)', true),
  named('$random of one seed gives one number', GUIDE.jsonata, '$random(7) = $random(7)', true),
  named('$random of different seeds gives different numbers', GUIDE.jsonata, '$random(7) != $random(8)', true),
  call(spec('Expressions'), `$sum(${IN}.order.total)`, { order: [{ total: 1 }, { total: 2.5 }] }, 3.5),
  call(
    spec('JSONata Evaluation'),
    `$average(${IN}.course.grade)`,
    { course: [{ grade: 34 }, { grade: 99 }, { grade: 76 }, { grade: 96 }] },
    76.25,
  ),
  call(spec('JSONata Catchers'), `$merge([${IN}, {'error-info': 1}])`, { a: 1 }, { a: 1, 'error-info': 1 }),
  call(spec('JSONata Catchers'), `$contains($lowercase(${IN}.e), /.*fatal.*/)`, { e: 'A FATAL error' }, true),
  call(
    recorded('evaluate_jsonata test_base_jsonata_regular_expressions'),
    `$contains(${IN}.e, /^a+$/)`,
    { e: 'aab' },
    false,
  ),
  call(GUIDE.jsonata, `$split(${IN}.s, ',')`, { s: '1,2,3' }, ['1', '2', '3']),
  call(GUIDE.jsonata, `$base64encode(${IN}.s)`, { s: 'Data to encode' }, 'RGF0YSB0byBlbmNvZGU='),
  call(GUIDE.jsonata, `$base64decode(${IN}.s)`, { s: 'RGF0YSB0byBlbmNvZGU=' }, 'Data to encode'),
  call(GUIDE.jsonata, `$string(${IN})`, { a: [1, 'x'] }, '{"a":[1,"x"]}'),
  call(GUIDE.jsonata, `$map(${IN}, function($v, $i) { $v * $i })`, [5, 6, 7], [0, 6, 14]),
  call(GUIDE.jsonata, `$distinct(${IN})`, [1, 2, 2, 3, 3], [1, 2, 3]),
  call(GUIDE.jsonata, `$fromMillis(${IN})`, 0, '1970-01-01T00:00:00.000Z'),
  call(GUIDE.jsonata, `$toMillis(${IN})`, '1970-01-01T00:00:01.000Z', 1000),
];
