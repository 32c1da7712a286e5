import { expect } from 'vitest';
import { type Case, ends, failed, GUIDE, recorded, refused, spec } from '../../case.ts';
import { only, pass } from '../../machines.ts';

const call = (source: string, text: string, input: unknown, output: unknown): Case => ({
  name: `${text} of ${JSON.stringify(input)} is ${JSON.stringify(output)}`,
  source,
  machine: only(pass({ Parameters: { 'r.$': text } })),
  input,
  expect: ends({ r: output }),
});

const failing = (source: string, name: string, text: string, input: unknown = {}): Case => ({
  name,
  source,
  machine: only(pass({ Parameters: { 'r.$': text } })),
  input,
  expect: failed('States.IntrinsicFailure'),
});

const FORMAT = 'intrinsic_functions test_format';
const ADD = 'States.MathAdd($.a, $.b)';
const SPLIT = 'States.StringSplit($.s, $.by)';
const splitting = recorded('intrinsic_functions test_string_split');
const adding = recorded('intrinsic_functions test_math_add');

/** `levels` calls, each the argument of the one around it. */
const nested = (levels: number) => `${'States.Array('.repeat(levels)}1${')'.repeat(levels)}`;

export const cases: readonly Case[] = [
  call(
    spec('States.Format'),
    "States.Format('Your name is {}, we are in the year {}', $.name, 2020)",
    { name: 'Foo' },
    'Your name is Foo, we are in the year 2020',
  ),
  call(spec('Intrinsic Functions'), "States.Format('a \\{\\} {} \\\\ \\'b\\'', 1)", {}, "a {} 1 \\ 'b'"),
  call(spec('Intrinsic Functions'), 'States.Format($.template, $.x)', { template: 'x={}', x: true }, 'x=true'),
  call(recorded(`${FORMAT}_1`), "States.Format('{}.', $.x)", { x: null }, 'null.'),
  call(recorded(`${FORMAT}_1`), "States.Format('{}.', $.x)", { x: 1.1 }, '1.1.'),
  failing(spec('States.Format'), 'States.Format with fewer values than places fails', "States.Format('{} {}', $.x)", {
    x: 1,
  }),
  call(spec('States.StringSplit'), SPLIT, { s: '1,2,3,4,5', by: ',' }, ['1', '2', '3', '4', '5']),
  call(splitting, SPLIT, { s: 'This.is+a,test=string', by: '.+,=' }, ['This', 'is', 'a', 'test', 'string']),
  call(splitting, SPLIT, { s: ' , ', by: ',' }, [' ', ' ']),
  call(splitting, SPLIT, { s: ',,,,', by: ',' }, []),
  call(spec('States.MathAdd'), ADD, { a: 111, b: -1 }, 110),
  call(adding, ADD, { a: 1.5, b: 1.51 }, 4),
  call(adding, ADD, { a: -1.5, b: 0 }, -1),
  call(adding, ADD, { a: -0.5, b: 0.5 }, 1),
  failing(spec('States.MathAdd'), 'States.MathAdd of a text fails', ADD, { a: '1', b: 2 }),
  {
    name: 'States.MathRandom gives whole numbers between its ends',
    source: spec('States.MathRandom'),
    machine: only(pass({ Parameters: { 'r.$': 'States.MathRandom(7, 8)' } })),
    expect: ends({ r: expect.toBeOneOf([7, 8]) }),
  },
  {
    name: 'States.MathRandom of one seed gives one number',
    source: spec('States.MathRandom'),
    machine: only(
      pass({
        Parameters: {
          'r.$': 'States.ArrayUnique(States.Array(States.MathRandom(1, 999999, 3), States.MathRandom(1, 999999, 3)))',
        },
      }),
    ),
    expect: ends({ r: [expect.any(Number)] }),
  },
  {
    name: 'States.UUID makes a UUID of version 4',
    source: spec('States.UUID'),
    machine: only(pass({ Parameters: { 'r.$': 'States.UUID()' } })),
    expect: ends({ r: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/) }),
  },
  call(
    GUIDE.intrinsics,
    "States.Format('{}.{}.{}', States.ArrayGetItem(States.StringSplit(States.ArrayGetItem(States.StringSplit($.arn, '/'), 2), '.'), 0), States.ArrayGetItem(States.StringSplit(States.ArrayGetItem(States.StringSplit($.arn, '/'), 2), '.'), 1), 9)",
    { arn: 'arn:aws:imagebuilder:us-east-1:1:image-recipe/x/1.0.0' },
    '1.0.9',
  ),
  {
    name: 'ten functions may be nested',
    source: GUIDE.intrinsics,
    machine: only(pass({ Parameters: { 'r.$': nested(10) } })),
    expect: ends({ r: [[[[[[[[[[1]]]]]]]]]] }),
  },
  {
    name: 'eleven may not',
    source: GUIDE.intrinsics,
    machine: only(pass({ Parameters: { 'r.$': nested(11) } })),
    expect: refused(),
  },
  {
    name: 'a function that there is not is refused',
    source: spec('Intrinsic Functions'),
    machine: only(pass({ Parameters: { 'r.$': 'States.Reverse($.a)' } })),
    expect: refused('r.$'),
  },
];
