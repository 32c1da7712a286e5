import { type Case, ends, failed, GUIDE, recorded, refused, returns, spec, throws, waits } from '../../case.ts';
import { caught, machine, only, pass, task } from '../../machines.ts';

const MAP = spec('Map State');
const SELECTING = spec('Selecting Items');
const SCOPE = spec('Variable Scope');

const processing = (state: Record<string, unknown>) => machine({ Item: { End: true, ...state } });
const map = (more: Record<string, unknown> = {}, state: Record<string, unknown> = pass()) => ({
  Type: 'Map',
  ItemProcessor: processing(state),
  ...more,
});

const SHIPPED = {
  'ship-date': '2016-03-14T01:59:00Z',
  detail: {
    'delivery-partner': 'UQS',
    shipped: [
      { prod: 'R31', quantity: 1344 },
      { prod: 'S39', quantity: 40 },
    ],
  },
};
const FAILING = { Type: 'Fail', Error: 'HandleItemFailError', Cause: 'HandleItemFailCause', End: undefined };

export const cases: readonly Case[] = [
  {
    name: 'each item of the input goes through the states; the outputs keep the order of the items',
    source: SELECTING,
    machine: only(map({}, pass({ Parameters: { 'v.$': '$' } }))),
    input: [1, 'two', { three: 3 }],
    expect: ends([{ v: 1 }, { v: 'two' }, { v: { three: 3 } }]),
  },
  {
    name: 'no items: an empty list',
    source: MAP,
    machine: only(map()),
    input: [],
    expect: ends([]),
  },
  {
    name: 'InputPath, ItemsPath and ResultPath: the example of the specification',
    source: spec('JSONPath Map State'),
    machine: only(
      map(
        { InputPath: '$.detail', ItemsPath: '$.shipped', MaxConcurrency: 0, ResultPath: '$.detail.shipped' },
        pass({ OutputPath: '$.prod' }),
      ),
    ),
    input: SHIPPED,
    expect: ends({ ...SHIPPED, detail: { 'delivery-partner': 'UQS', shipped: ['R31', 'S39'] } }),
  },
  {
    name: 'ItemSelector makes the input of each iteration',
    source: spec('JSONPath Map State'),
    machine: only(
      map({
        InputPath: '$.detail',
        ItemsPath: '$.shipped',
        ItemSelector: {
          'parcel.$': '$$.Map.Item.Value',
          'courier.$': '$.delivery-partner',
          'n.$': '$$.Map.Item.Index',
        },
      }),
    ),
    input: SHIPPED,
    expect: ends([
      { parcel: { prod: 'R31', quantity: 1344 }, courier: 'UQS', n: 0 },
      { parcel: { prod: 'S39', quantity: 40 }, courier: 'UQS', n: 1 },
    ]),
  },
  {
    name: 'Parameters, its older name, does the same',
    source: SELECTING,
    machine: only(map({ ItemsPath: '$.items', Parameters: { 'v.$': '$$.Map.Item.Value', 'all.$': '$.items' } })),
    input: { items: [1, 2] },
    expect: ends([
      { v: 1, all: [1, 2] },
      { v: 2, all: [1, 2] },
    ]),
  },
  {
    name: 'Iterator, the older name of ItemProcessor, does the same',
    source: MAP,
    machine: only({ Type: 'Map', Iterator: processing(pass({ Result: 'x' })) }),
    input: [1, 2],
    expect: ends(['x', 'x']),
  },
  {
    name: 'ResultSelector is filled from the list of outputs',
    source: MAP,
    machine: only(map({ ResultSelector: { 'all.$': '$', 'first.$': '$[0]' } })),
    input: [1, 2],
    expect: ends({ all: [1, 2], first: 1 }),
  },
  {
    name: 'an iteration that fails fails the state, with its error',
    source: recorded('scenarios test_map_state_break_condition'),
    machine: only(map({ MaxConcurrency: 1 }, FAILING)),
    input: [1, 2],
    expect: {
      status: 'FAILED',
      error: 'HandleItemFailError',
      cause: 'HandleItemFailCause',
      events: [
        'ExecutionStarted',
        ...[
          'MapStateEntered',
          'MapStateStarted',
          'MapIterationStarted',
          'FailStateEntered',
          'MapIterationFailed',
          'MapStateFailed',
        ],
        'ExecutionFailed',
      ],
    },
  },
  {
    name: 'Catch catches it',
    source: recorded('scenarios test_map_state_catch'),
    machine: caught(map({ Catch: [{ ErrorEquals: ['HandleItemFailError'], Next: 'After' }] }, FAILING)),
    input: [1],
    expect: ends({ Error: 'HandleItemFailError', Cause: 'HandleItemFailCause' }),
  },
  {
    name: 'Retry runs all iterations again',
    source: recorded('scenarios test_map_state_retry'),
    machine: only(
      map({ Retry: [{ ErrorEquals: ['Custom'], IntervalSeconds: 3, MaxAttempts: 2 }], MaxConcurrency: 1 }, task()),
    ),
    input: ['a', 'b'],
    functions: { fn: [returns(1), throws('Custom'), returns(3), returns(4)] },
    steps: [waits(3)],
    expect: { status: 'SUCCEEDED', output: [3, 4], payloads: ['a', 'b', 'a', 'b'] },
  },
  {
    name: 'an item may be retried by its own state',
    source: MAP,
    machine: only(map({}, task({ Retry: [{ ErrorEquals: ['Custom'], IntervalSeconds: 2 }] }))),
    input: ['a'],
    functions: { fn: [throws('Custom'), returns('ok')] },
    steps: [waits(2)],
    expect: ends(['ok']),
  },
  {
    name: 'the history of one item',
    source: recorded('evaluate_jsonata test_base_map'),
    machine: only(map()),
    input: [1],
    expect: {
      status: 'SUCCEEDED',
      events: [
        'ExecutionStarted',
        ...['MapStateEntered', 'MapStateStarted', 'MapIterationStarted', 'PassStateEntered', 'PassStateExited'],
        ...['MapIterationSucceeded', 'MapStateSucceeded', 'MapStateExited', 'ExecutionSucceeded'],
      ],
      history: [
        { type: 'MapStateStarted', mapStateStartedEventDetails: { length: 1 } },
        { type: 'MapIterationStarted', mapIterationStartedEventDetails: { name: 'Only', index: 0 } },
      ],
    },
  },
  {
    name: 'MaxConcurrencyPath takes the bound from the input',
    source: recorded('scenarios test_max_concurrency_path[1]'),
    machine: only(map({ ItemsPath: '$.Values', MaxConcurrencyPath: '$.MaxConcurrencyValue' })),
    input: { MaxConcurrencyValue: 1, Values: ['HelloWorld'] },
    expect: ends(['HelloWorld']),
  },
  {
    name: 'MaxConcurrencyPath must lead to an integer',
    source: recorded('scenarios test_max_concurrency_path[NoNumber]'),
    machine: only(map({ ItemsPath: '$.Values', MaxConcurrencyPath: '$.MaxConcurrencyValue' })),
    input: { MaxConcurrencyValue: 'NoNumber', Values: ['HelloWorld'] },
    expect: failed(
      'States.Runtime',
      'The MaxConcurrencyPath field refers to value "NoNumber" which is not a valid integer: $.MaxConcurrencyValue',
    ),
  },
  {
    name: 'items that are no list fail with States.Runtime',
    source: GUIDE.map,
    machine: only(map({ ItemsPath: '$.items' })),
    input: { items: 'text' },
    expect: failed('States.Runtime'),
  },
  {
    name: 'an iteration reads the variables around it, and its own are gone after it',
    source: SCOPE,
    machine: machine({
      First: pass({ Assign: { outer: 'hello' }, Result: [1, 2], Next: 'All' }),
      All: {
        Type: 'Map',
        ItemProcessor: machine({
          Begin: pass({ Assign: { 'hi.$': '$outer', 'item.$': '$' }, Next: 'Finish' }),
          Finish: pass({ Parameters: { 'hi.$': '$hi', 'item.$': '$item' }, End: true }),
        }),
        End: true,
      },
    }),
    expect: ends([
      { hi: 'hello', item: 1 },
      { hi: 'hello', item: 2 },
    ]),
  },
  {
    name: 'an iteration must not assign a variable of the scope around it',
    source: SCOPE,
    machine: machine({
      First: pass({ Assign: { outer: 1 }, Next: 'All' }),
      All: { ...map({}, pass({ Assign: { outer: 2 } })), End: true },
    }),
    expect: refused('outer'),
  },
  {
    name: 'ItemProcessor is required',
    source: MAP,
    machine: only({ Type: 'Map' }),
    expect: refused(),
  },
  {
    name: 'ItemSelector and Parameters exclude each other',
    source: SELECTING,
    machine: only(map({ ItemSelector: { a: 1 }, Parameters: { a: 1 } })),
    expect: refused(),
  },
];
