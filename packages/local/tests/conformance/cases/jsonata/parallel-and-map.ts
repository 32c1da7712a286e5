import { type Case, ends, failed, GUIDE, recorded, refused, returns, spec, throws, waits } from '../../case.ts';
import { caughtJsonata, jsonata, jsonataTask, machine, onlyJsonata, pass } from '../../machines.ts';

const PARALLEL = spec('Parallel State');
const MAP = spec('JSONata Map State');
const SELECTING = spec('Selecting Items');

const parallel = (
  first: Record<string, unknown>,
  second: Record<string, unknown>,
  more: Record<string, unknown> = {},
) => ({
  Type: 'Parallel',
  Branches: [machine({ One: { End: true, ...first } }), machine({ Two: { End: true, ...second } })],
  ...more,
});
const map = (more: Record<string, unknown> = {}, state: Record<string, unknown> = pass()) => ({
  Type: 'Map',
  ItemProcessor: machine({ Item: { End: true, ...state } }),
  ...more,
});

const FAIL = { Type: 'Fail', Error: 'FailureType', Cause: 'why', End: undefined };
const notList = (type: string, expression: string, text: string): Case => ({
  name: `Items that are ${type} fail with States.QueryEvaluationError`,
  source: recorded('scenarios test_map_state_items_eval_jsonata_fail'),
  machine: onlyJsonata(map({ Items: `{% ${expression} %}` })),
  expect: failed(
    'States.QueryEvaluationError',
    `The JSONata expression '${expression}' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was '${type}' for value: ${text}`,
  ),
});

const SHIPPED = { 'delivery-partner': 'UQS', detail: { shipped: [{ prod: 'R31' }, { prod: 'S39' }] } };

export const cases: readonly Case[] = [
  {
    name: 'the input goes to each branch; the list of outputs is the output',
    source: PARALLEL,
    machine: onlyJsonata(
      parallel(
        pass({ Output: '{% $states.input[0] + $states.input[1] %}' }),
        pass({ Output: '{% $states.input[0] - $states.input[1] %}' }),
      ),
    ),
    input: [3, 2],
    expect: ends([5, 1]),
  },
  {
    name: 'Arguments is what the branches are given',
    source: PARALLEL,
    machine: onlyJsonata(parallel(pass(), pass({ Output: 1 }), { Arguments: { b: '{% $states.input.a %}' } })),
    input: { a: 'x' },
    expect: ends([{ b: 'x' }, 1]),
  },
  {
    name: 'Output of Parallel sees the list',
    source: PARALLEL,
    machine: onlyJsonata(
      parallel(pass({ Output: 1 }), pass({ Output: 2 }), {
        Output: { sum: '{% $sum($states.result) %}', a: '{% $states.input.a %}' },
      }),
    ),
    input: { a: 'x' },
    expect: ends({ sum: 3, a: 'x' }),
  },
  {
    name: 'Catch of Parallel catches what a branch fails with',
    source: recorded('states_variables test_parallel_catch_error'),
    machine: caughtJsonata(
      parallel(pass(), FAIL, {
        Catch: [
          {
            ErrorEquals: ['FailureType'],
            Output: { in: '{% $states.input %}', error: '{% $states.errorOutput %}' },
            Next: 'After',
          },
        ],
      }),
    ),
    input: { a: 1 },
    expect: ends({ in: { a: 1 }, error: { Error: 'FailureType', Cause: 'why' } }),
  },
  {
    name: 'an evaluation that fails in a branch fails the state',
    source: spec('JSONata Runtime Errors'),
    machine: caughtJsonata(
      parallel(pass(), pass({ Output: '{% $none %}' }), {
        Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Output: 'caught', Next: 'After' }],
      }),
    ),
    expect: ends('caught'),
  },
  {
    name: 'Items chooses what is gone through: the example of the specification',
    source: MAP,
    machine: jsonata({
      All: {
        ...map(
          { Items: '{% $states.input.detail.shipped %}', MaxConcurrency: 0 },
          pass({ Output: '{% $states.input.prod %}' }),
        ),
        Assign: { shipped: '{% $states.result %}' },
        Output: { numItemsProcessed: '{% $count($states.input.detail.shipped) %}' },
        Next: 'Show',
      },
      Show: pass({ Output: { in: '{% $states.input %}', shipped: '{% $shipped %}' }, End: true }),
    }),
    input: SHIPPED,
    expect: ends({ in: { numItemsProcessed: 2 }, shipped: ['R31', 'S39'] }),
  },
  {
    name: 'ItemSelector makes the input of each iteration',
    source: MAP,
    machine: onlyJsonata(
      map({
        Items: '{% $states.input.detail.shipped %}',
        ItemSelector: {
          parcel: '{% $states.context.Map.Item.Value %}',
          n: '{% $states.context.Map.Item.Index %}',
          courier: "{% $states.input.'delivery-partner' %}",
        },
      }),
    ),
    input: SHIPPED,
    expect: ends([
      { parcel: { prod: 'R31' }, n: 0, courier: 'UQS' },
      { parcel: { prod: 'S39' }, n: 1, courier: 'UQS' },
    ]),
  },
  {
    name: 'ItemSelector may be one expression',
    source: SELECTING,
    machine: onlyJsonata(map({ ItemSelector: '{% $states.context.Map.Item.Value * 2 %}' })),
    input: [1, 2],
    expect: ends([2, 4]),
  },
  {
    name: 'without Items the input is gone through',
    source: SELECTING,
    machine: onlyJsonata(map({}, pass({ Output: '{% $states.input + 1 %}' }))),
    input: [1, 2, 3],
    expect: ends([2, 3, 4]),
  },
  {
    name: 'Items may be a list of constants and expressions',
    source: recorded('evaluate_jsonata test_base_map[ITEMS]'),
    machine: onlyJsonata(map({ Items: [1, '{% $states.input.b %}', 'three'] })),
    input: { b: 2 },
    expect: ends([1, 2, 'three']),
  },
  {
    name: 'a list of one is a list',
    source: recorded('scenarios test_map_state_items_eval_jsonata[singleton]'),
    machine: onlyJsonata(map({ Items: "{% ['only'] %}" })),
    expect: ends(['only']),
  },
  {
    name: 'an empty list is gone through at once',
    source: recorded('scenarios test_map_state_items_eval_jsonata[empty]'),
    machine: onlyJsonata(map({ Items: '{% [] %}' })),
    expect: ends([]),
  },
  notList('number', '1', '1'),
  notList('string', "'string'", '"string"'),
  notList('boolean', 'true', 'true'),
  notList('null', 'null', 'null'),
  {
    name: 'an input that is no list fails with States.QueryEvaluationError',
    source: recorded('scenarios test_map_state_items_input_types[string]'),
    machine: onlyJsonata(map()),
    input: 'string',
    expect: failed('States.QueryEvaluationError', 'Map state input must be an array but was: "string"'),
  },
  {
    name: 'the history tells of Items that are no list',
    source: recorded('scenarios test_map_state_items_eval_jsonata_fail[number]'),
    machine: onlyJsonata(map({ Items: '{% 1 %}' })),
    expect: {
      status: 'FAILED',
      events: ['ExecutionStarted', 'MapStateEntered', 'EvaluationFailed', 'MapStateFailed', 'ExecutionFailed'],
    },
  },
  {
    name: 'MaxConcurrency may be an expression',
    source: recorded('evaluate_jsonata test_base_map_from_input[MAX_CONCURRENCY]'),
    machine: onlyJsonata(map({ Items: [1, 2], MaxConcurrency: '{% $states.input.input_value %}' })),
    input: { input_value: 1 },
    expect: ends([1, 2]),
  },
  {
    name: 'an item may be retried by its own state',
    source: spec('Map State'),
    machine: onlyJsonata(map({}, jsonataTask({ Retry: [{ ErrorEquals: ['Custom'], IntervalSeconds: 2 }] }))),
    input: ['a'],
    functions: { fn: [throws('Custom'), returns('ok')] },
    steps: [waits(2)],
    expect: ends(['ok']),
  },
  {
    name: 'Catch of Map catches what an iteration fails with',
    source: spec('Map State'),
    machine: caughtJsonata(
      map({ Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Cause %}', Next: 'After' }] }, FAIL),
    ),
    input: [1],
    expect: ends('why'),
  },
  {
    name: 'ItemsPath belongs to JSONPath',
    source: GUIDE.map,
    machine: onlyJsonata(map({ ItemsPath: '$.items' })),
    expect: refused(),
  },
];
