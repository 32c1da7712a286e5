import { type Case, ends, failed, GUIDE, recorded, spec } from '../../case.ts';
import { only, pass } from '../../machines.ts';

const NINE = [1, 2, 3, 4, 5, 6, 7, 8, 9];

const call = (source: string, text: string, input: unknown, output: unknown): Case => ({
  name: `${text} of ${JSON.stringify(input)} is ${JSON.stringify(output)}`,
  source,
  machine: only(pass({ Parameters: { 'r.$': text } })),
  input,
  expect: ends({ r: output }),
});

const failing = (source: string, text: string, input: unknown = {}): Case => ({
  name: `${text} of ${JSON.stringify(input)} fails with States.IntrinsicFailure`,
  source,
  machine: only(pass({ Parameters: { 'r.$': text } })),
  input,
  expect: failed('States.IntrinsicFailure'),
});

const PARTITION = 'States.ArrayPartition($.a, $.n)';
const CONTAINS = 'States.ArrayContains($.a, $.v)';
const RANGE = 'States.ArrayRange($.from, $.to, $.by)';

export const cases: readonly Case[] = [
  call(spec('States.Array'), "States.Array('Foo', 2020, $.someJson, null)", { someJson: { random: 'abcdefg' } }, [
    'Foo',
    2020,
    { random: 'abcdefg' },
    null,
  ]),
  call(recorded('intrinsic_functions test_array_0'), 'States.Array()', {}, []),
  call(spec('States.ArrayPartition'), PARTITION, { a: NINE, n: 4 }, [[1, 2, 3, 4], [5, 6, 7, 8], [9]]),
  call(recorded('intrinsic_functions test_array_partition'), PARTITION, { a: [], n: 3 }, []),
  call(recorded('intrinsic_functions test_array_partition'), PARTITION, { a: [0], n: 5 }, [[0]]),
  failing(spec('States.ArrayPartition'), PARTITION, { a: NINE, n: 0 }),
  failing(spec('States.ArrayPartition'), PARTITION, { a: 'text', n: 2 }),
  call(spec('States.ArrayContains'), CONTAINS, { a: NINE, v: 5 }, true),
  call(recorded('intrinsic_functions test_array_contains'), CONTAINS, { a: [[1, 2, 3], 2], v: [1, 2, 3] }, true),
  call(
    recorded('intrinsic_functions test_array_contains'),
    CONTAINS,
    { a: [{ 1: 2, 2: [] }], v: { 1: 2, 2: [] } },
    true,
  ),
  call(recorded('intrinsic_functions test_array_contains'), CONTAINS, { a: [[1, 2, 3], 2], v: null }, false),
  call(spec('States.ArrayRange'), RANGE, { from: 1, to: 9, by: 2 }, [1, 3, 5, 7, 9]),
  call(recorded('intrinsic_functions test_array_range'), RANGE, { from: 0, to: 10, by: 3 }, [0, 3, 6, 9]),
  call(recorded('intrinsic_functions test_array_range'), RANGE, { from: 1, to: 9, by: 9 }, [1]),
  failing(spec('States.ArrayRange'), RANGE, { from: 1, to: 9, by: 0 }),
  failing(spec('States.ArrayRange'), RANGE, { from: 1, to: 1001, by: 1 }),
  call(spec('States.ArrayGetItem'), 'States.ArrayGetItem($.a, $.i)', { a: NINE, i: 5 }, 6),
  failing(GUIDE.intrinsics, 'States.ArrayGetItem($.a, $.i)', { a: [1], i: 1 }),
  call(spec('States.ArrayLength'), 'States.ArrayLength($.a)', { a: NINE }, 9),
  failing(spec('States.ArrayLength'), 'States.ArrayLength($.a)', { a: 'text' }),
  call(spec('States.ArrayUnique'), 'States.ArrayUnique($.a)', { a: [1, 2, 3, 3, 3, 3, 3, 3, 4] }, [1, 2, 3, 4]),
];
