import { type Case, ends, failed, GUIDE, recorded, spec } from '../../case.ts';
import { only, pass } from '../../machines.ts';

const INPUT = { foo: 123, bar: ['a', 'b', 'c'], car: { cdr: true }, 'odd name': 'odd', nothing: null };
const IO = spec('Using InputPath, Parameters, ResultSelector, ResultPath and OutputPath');

const inputPath = (name: string, source: string, path: string | null, output: unknown): Case => ({
  name,
  source,
  machine: only(pass({ InputPath: path })),
  input: INPUT,
  expect: ends(output),
});

const resultPath = (name: string, path: string | null, input: unknown, output: unknown): Case => ({
  name,
  source: IO,
  machine: only(pass({ Result: 6, ResultPath: path })),
  input,
  expect: ends(output),
});

const unresolved = (field: string): Case => ({
  name: `${field} that leads nowhere fails with States.Runtime, naming the path`,
  source: recorded('base_scenarios test_invalid_jsonpath'),
  machine: only(pass({ [field]: '$.no.such' })),
  input: INPUT,
  expect: {
    status: 'FAILED',
    error: 'States.Runtime',
    causeContains:
      "An error occurred while executing the state 'Only' (entered at the event id #2). Invalid path '$.no.such'",
  },
});

export const cases: readonly Case[] = [
  inputPath('a path gives a field', spec('Reference Paths'), '$.foo', 123),
  inputPath('a path gives a list', spec('Reference Paths'), '$.bar', ['a', 'b', 'c']),
  inputPath('a path goes through fields', spec('Reference Paths'), '$.car.cdr', true),
  inputPath('a path may name fields in brackets', spec('Reference Paths'), "$['car']['cdr']", true),
  inputPath('a path may name fields with blanks', spec('Reference Paths'), "$['odd name']", 'odd'),
  inputPath('an index gives an item', spec('Reference Paths'), '$.bar[0]', 'a'),
  inputPath('a field may be null', spec('Paths'), '$.nothing', null),
  inputPath('several indices give a list', IO, '$.bar[0,1]', ['a', 'b']),
  inputPath('a slice gives a list', spec('Payload Template'), '$.bar[-2:]', ['b', 'c']),
  inputPath('a slice from the start gives a list', spec('Paths'), '$.bar[:1]', ['a']),
  inputPath('a wildcard gives a list', spec('Paths'), '$.bar[*]', ['a', 'b', 'c']),
  inputPath('a descent gives a list', spec('Paths'), '$..cdr', [true]),
  inputPath('$ is the whole input', spec('Defaults'), '$', INPUT),
  inputPath('$$ is the context object', spec('Paths'), '$$.Execution.Input.foo', 123),
  inputPath('InputPath null stands for an empty object', IO, null, {}),
  {
    name: 'a filter gives the items that it holds for',
    source: recorded('base test_state_pass_regex_json_path_base'),
    machine: only(pass({ InputPath: '$.users[?(@.year == 1997)]' })),
    input: {
      users: [
        { year: 1997, status: 0 },
        { year: 1998, status: 1 },
      ],
    },
    expect: ends([{ year: 1997, status: 0 }]),
  },
  {
    name: 'wildcards and slices that find nothing give an empty list',
    source: recorded('base test_json_path_array_wildcard_or_slice_with_no_input'),
    machine: only(pass({ Parameters: { 'all.$': '$.items[*]', 'some.$': '$.items[1:]', 'deep.$': '$.a.b[*].c' } })),
    expect: ends({ all: [], some: [], deep: [] }),
  },
  {
    name: 'an index past the end is not found',
    source: recorded('base_scenarios test_invalid_jsonpath'),
    machine: only(pass({ InputPath: '$.bar[3]' })),
    input: INPUT,
    expect: failed('States.Runtime'),
  },
  unresolved('InputPath'),
  unresolved('OutputPath'),
  {
    name: 'OutputPath chooses from the output',
    source: IO,
    machine: only(pass({ OutputPath: '$.car' })),
    input: INPUT,
    expect: ends({ cdr: true }),
  },
  {
    name: 'OutputPath gathers several values in a list',
    source: IO,
    machine: only(pass({ OutputPath: '$.bar[0,2]' })),
    input: INPUT,
    expect: ends(['a', 'c']),
  },
  {
    name: 'OutputPath null stands for an empty object',
    source: IO,
    machine: only(pass({ OutputPath: null })),
    input: INPUT,
    expect: ends({}),
  },
  {
    name: 'OutputPath is applied after ResultPath',
    source: IO,
    machine: only(pass({ Result: { sum: 7 }, ResultPath: '$.result', OutputPath: '$.result.sum' })),
    input: { numbers: [3, 4] },
    expect: ends(7),
  },
  resultPath(
    'ResultPath overwrites a field',
    '$.master.detail',
    { master: { detail: [1, 2, 3] } },
    { master: { detail: 6 } },
  ),
  resultPath(
    'ResultPath makes the fields on its way',
    '$.master.result.sum',
    { master: { detail: [1, 2, 3] } },
    { master: { detail: [1, 2, 3], result: { sum: 6 } } },
  ),
  resultPath('ResultPath $ replaces the input', '$', { a: 1 }, 6),
  resultPath('ResultPath null drops the result', null, { a: 1 }, { a: 1 }),
  resultPath('ResultPath may name fields in brackets', "$['the result']", { a: 1 }, { a: 1, 'the result': 6 }),
  {
    name: 'ResultPath that cannot be applied to the input fails with States.ResultPathMatchFailure',
    source: spec('JSONPath Runtime Errors'),
    machine: only(pass({ Result: 1, ResultPath: '$.x' })),
    input: 'foo',
    expect: failed('States.ResultPathMatchFailure'),
  },
  {
    name: 'ResultPath places the result in the raw input, not in what InputPath chose',
    source: IO,
    machine: only(pass({ InputPath: '$.numbers', Parameters: { 'first.$': '$.val1' }, ResultPath: '$.sum' })),
    input: { title: 'Numbers to add', numbers: { val1: 3, val2: 4 } },
    expect: ends({ title: 'Numbers to add', numbers: { val1: 3, val2: 4 }, sum: { first: 3 } }),
  },
  {
    name: 'the output of a state is the input of the next',
    source: spec('Data'),
    machine: {
      StartAt: 'One',
      States: {
        One: { Type: 'Pass', Result: { a: 1 }, Next: 'Two' },
        Two: { Type: 'Pass', InputPath: '$.a', End: true },
      },
    },
    expect: ends(1),
  },
  {
    name: 'a state without fields hands its input on',
    source: spec('Defaults'),
    machine: only(pass()),
    input: INPUT,
    expect: ends(INPUT),
  },
  {
    name: 'Result is data: paths in it are not resolved',
    source: recorded('base test_state_pass_result_jsonpaths'),
    machine: only(pass({ Result: { 'a.$': '$.jsonpath', b: '$$' } })),
    expect: ends({ 'a.$': '$.jsonpath', b: '$$' }),
  },
  {
    name: 'Succeed hands its input on, through InputPath and OutputPath',
    source: GUIDE.succeed,
    machine: only({ Type: 'Succeed', InputPath: '$.car', OutputPath: '$.cdr' }),
    input: INPUT,
    expect: ends(true),
  },
  {
    name: 'strings, numbers, booleans and null are JSON texts too',
    source: spec('Data'),
    machine: only(pass()),
    input: 'text',
    expect: ends('text'),
  },
];
