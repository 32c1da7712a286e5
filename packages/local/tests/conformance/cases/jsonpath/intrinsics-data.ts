import { type Case, ends, failed, GUIDE, recorded, spec } from '../../case.ts';
import { only, pass } from '../../machines.ts';

const call = (source: string, text: string, input: unknown, output: unknown): Case => ({
  name: `${text} of ${JSON.stringify(input)} is ${JSON.stringify(output)}`,
  source,
  machine: only(pass({ Parameters: { 'r.$': text } })),
  input,
  expect: ends({ r: output }),
});

const failing = (source: string, name: string, text: string, input: unknown): Case => ({
  name,
  source,
  machine: only(pass({ Parameters: { 'r.$': text } })),
  input,
  expect: failed('States.IntrinsicFailure'),
});

const JSON_OPS = 'intrinsic_functions test_json';
const MERGED = { json1: { a: { a1: 1, a2: 2 }, b: 2 }, json2: { a: { a3: 1, a4: 2 }, c: 3 } };
const LONG = 'x'.repeat(10_001);

const HASHES = {
  MD5: '812f45842bc6d66ee14572ce20db8e86',
  'SHA-1': 'aaff4a450a104cd177d28d18d74485e8cae074b7',
  'SHA-256': 'b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3',
  'SHA-384': 'd28a7d5cf25a74f11a50a18452b75e04bb3d70c9dd0510d6123aa008c756511b87525bdc835ebb27e1fb9e9374a15562',
  'SHA-512':
    '6ce4adb348546d4f449c4d25aad9a7c9cb711d9e91982d3f0b29ca2f3f47d4ce2deba23bf2954f0f1d593fc50283731a533d30d425402d4f91316d871303aac4',
};

export const cases: readonly Case[] = [
  call(spec('States.StringToJson'), 'States.StringToJson($.s)', { s: '{"number": 20}' }, { number: 20 }),
  call(recorded(`${JSON_OPS}_manipulation test_string_to_json`), 'States.StringToJson($.s)', { s: '' }, null),
  call(
    recorded(`${JSON_OPS}_manipulation test_string_to_json`),
    'States.StringToJson($.s)',
    { s: '"HelloWorld"' },
    'HelloWorld',
  ),
  failing(spec('Payload Template'), 'States.StringToJson of what is no JSON fails', 'States.StringToJson($.s)', {
    s: '{',
  }),
  call(
    spec('States.JsonToString'),
    'States.JsonToString($.j)',
    { j: { name: 'Foo', year: 2020 } },
    '{"name":"Foo","year":2020}',
  ),
  call(
    recorded(`${JSON_OPS}_manipulation test_json_to_string`),
    'States.JsonToString($.j)',
    { j: 'HelloWorld' },
    '"HelloWorld"',
  ),
  call(spec('States.JsonMerge'), 'States.JsonMerge($.json1, $.json2, false)', MERGED, {
    a: { a3: 1, a4: 2 },
    b: 2,
    c: 3,
  }),
  failing(
    GUIDE.intrinsics,
    'States.JsonMerge merges shallowly only',
    'States.JsonMerge($.json1, $.json2, true)',
    MERGED,
  ),
  call(
    recorded('intrinsic_functions test_json_merge_escaped_argument'),
    'States.JsonMerge($.a, States.StringToJson(\'{"constant_in_literal":"false"}\'), false)',
    { a: { constant_input_field: 'constant_value' } },
    { constant_input_field: 'constant_value', constant_in_literal: 'false' },
  ),
  call(spec('States.Base64Encode'), 'States.Base64Encode($.s)', { s: 'Data to encode' }, 'RGF0YSB0byBlbmNvZGU='),
  call(recorded('intrinsic_functions test_base_64_encode'), 'States.Base64Encode($.s)', { s: '' }, ''),
  failing(
    spec('States.Base64Encode'),
    'States.Base64Encode takes 10,000 characters at most',
    'States.Base64Encode($.s)',
    { s: LONG },
  ),
  call(spec('States.Base64Decode'), 'States.Base64Decode($.s)', { s: 'RGF0YSB0byBlbmNvZGU=' }, 'Data to encode'),
  failing(
    spec('States.Base64Decode'),
    'States.Base64Decode takes 10,000 characters at most',
    'States.Base64Decode($.s)',
    { s: LONG },
  ),
  ...Object.entries(HASHES).map(([algorithm, hash]) =>
    call(recorded('intrinsic_functions test_hash'), 'States.Hash($.d, $.a)', { d: 'input data', a: algorithm }, hash),
  ),
  failing(spec('States.Hash'), 'States.Hash knows no other algorithm', 'States.Hash($.d, $.a)', { d: 'x', a: 'SHA-3' }),
  failing(spec('States.Hash'), 'States.Hash takes 10,000 characters at most', 'States.Hash($.d, $.a)', {
    d: LONG,
    a: 'MD5',
  }),
];
