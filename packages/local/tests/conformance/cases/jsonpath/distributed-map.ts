import { type Case, ends, failed, GUIDE, recorded, refused, returns, spec, throws } from '../../case.ts';
import { caught, machine, only, pass, task } from '../../machines.ts';

const TOLERANCE = spec('Map State Failure Tolerance');
const BATCHING = spec('Batching Items');
const counts = 'scenarios test_map_state_tolerated_failure_count_path';
const percentages = 'scenarios test_map_state_tolerated_failure_percentage_path';

const distributed = (more: Record<string, unknown> = {}, state: Record<string, unknown> = pass()) => ({
  Type: 'Map',
  ItemProcessor: {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    ...machine({ Item: { End: true, ...state } }),
  },
  ...more,
});

const threshold = (
  name: string,
  source: string,
  fields: Record<string, unknown>,
  input: unknown,
  cause: string,
): Case => ({
  name,
  source,
  machine: only(distributed({ ItemsPath: '$.Items', ...fields })),
  input,
  expect: failed(
    'States.Runtime',
    `An error occurred while executing the state 'Only' (entered at the event id #2). ${cause}`,
  ),
});

/** One of four items fails. */
const tolerating = (
  name: string,
  source: string,
  fields: Record<string, unknown>,
  status: 'SUCCEEDED' | 'FAILED',
): Case => ({
  name,
  source,
  machine: only(distributed({ MaxConcurrency: 1, ...fields }, task())),
  input: [1, 2, 3, 4],
  functions: { fn: [returns('a'), throws('Custom'), returns('c'), returns('d')] },
  expect:
    status === 'SUCCEEDED'
      ? { status, payloads: [1, 2, 3, 4] }
      : failed('States.ExceedToleratedFailureThreshold', 'The specified tolerated failure threshold was exceeded'),
});

export const cases: readonly Case[] = [
  {
    name: 'each item has a child execution; the outputs keep the order of the items',
    source: recorded('scenarios test_map_state_tolerated_failure_values[count_literal]'),
    machine: only(distributed({}, pass({ Parameters: { 'v.$': '$' } }))),
    input: [1, 2, 3],
    expect: {
      status: 'SUCCEEDED',
      output: [{ v: 1 }, { v: 2 }, { v: 3 }],
      events: [
        'ExecutionStarted',
        ...[
          'MapStateEntered',
          'MapStateStarted',
          'MapRunStarted',
          'MapRunSucceeded',
          'MapStateSucceeded',
          'MapStateExited',
        ],
        'ExecutionSucceeded',
      ],
    },
  },
  {
    name: 'ItemSelector makes the input of each child, out of the state’s input and the item',
    source: recorded('scenarios test_map_state_config_distributed_item_selector'),
    machine: only(
      distributed({
        ItemSelector: { constantValue: 'constant', 'mapValue.$': '$$.Map.Item.Value', 'fromInput.$': '$' },
      }),
    ),
    input: ['Hello', 'World'],
    expect: ends([
      { constantValue: 'constant', mapValue: 'Hello', fromInput: ['Hello', 'World'] },
      { constantValue: 'constant', mapValue: 'World', fromInput: ['Hello', 'World'] },
    ]),
  },
  {
    name: 'MaxItemsPerBatch: the last batch may be smaller',
    source: BATCHING,
    machine: only(distributed({ ItemBatcher: { MaxItemsPerBatch: 2 } })),
    input: [1, 2, 3],
    expect: ends([{ Items: [1, 2] }, { Items: [3] }]),
  },
  {
    name: 'BatchInput is handed to each batch',
    source: BATCHING,
    machine: only(
      distributed({ ItemsPath: '$.items', ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { 'day.$': '$.day' } } }),
    ),
    input: { day: 'Monday', items: [1, 2] },
    expect: ends([{ BatchInput: { day: 'Monday' }, Items: [1, 2] }]),
  },
  {
    name: 'MaxItemsPerBatchPath takes the size from the input',
    source: BATCHING,
    machine: only(distributed({ ItemsPath: '$.items', ItemBatcher: { MaxItemsPerBatchPath: '$.size' } })),
    input: { size: 3, items: [1, 2, 3, 4] },
    expect: ends([{ Items: [1, 2, 3] }, { Items: [4] }]),
  },
  {
    name: 'items are selected before they are batched',
    source: spec('Processing Items'),
    machine: only(distributed({ ItemSelector: { 'n.$': '$$.Map.Item.Value' }, ItemBatcher: { MaxItemsPerBatch: 2 } })),
    input: [1, 2],
    expect: ends([{ Items: [{ n: 1 }, { n: 2 }] }]),
  },
  {
    name: 'an empty ItemBatcher is refused',
    source: BATCHING,
    machine: only(distributed({ ItemBatcher: {} })),
    expect: refused(),
  },
  tolerating('by default no failure is tolerated', TOLERANCE, {}, 'FAILED'),
  tolerating('ToleratedFailureCount: as many may fail', TOLERANCE, { ToleratedFailureCount: 1 }, 'SUCCEEDED'),
  tolerating(
    'ToleratedFailurePercentage: such a part may fail',
    TOLERANCE,
    { ToleratedFailurePercentage: 25 },
    'SUCCEEDED',
  ),
  tolerating('ToleratedFailurePercentage: more may not', TOLERANCE, { ToleratedFailurePercentage: 24 }, 'FAILED'),
  tolerating('ToleratedFailurePercentage may be a fraction', TOLERANCE, { ToleratedFailurePercentage: 24.9 }, 'FAILED'),
  {
    name: 'ToleratedFailurePercentage of more than 100 is refused',
    source: TOLERANCE,
    machine: only(distributed({ ToleratedFailurePercentage: 100.5 })),
    expect: refused('ToleratedFailurePercentage'),
  },
  {
    name: 'of both thresholds the one that is crossed counts',
    source: TOLERANCE,
    machine: only(distributed({ ToleratedFailureCount: 1, ToleratedFailurePercentage: 100 }, task())),
    input: [1, 2, 3, 4],
    functions: { fn: [throws('Custom')] },
    expect: failed('States.ExceedToleratedFailureThreshold'),
  },
  {
    name: 'Catch catches that too much has failed',
    source: GUIDE.errors,
    machine: caught(
      distributed(
        { Catch: [{ ErrorEquals: ['States.ExceedToleratedFailureThreshold'], Next: 'After', ResultPath: null }] },
        { Type: 'Fail', Error: 'x', End: undefined },
      ),
    ),
    input: [1],
    expect: ends([1]),
  },
  threshold(
    'ToleratedFailureCountPath must lead to an integer',
    recorded(`${counts}[NoNumber]`),
    { ToleratedFailureCountPath: '$.ToleratedFailureCount' },
    { Items: [0], ToleratedFailureCount: 'NoNumber' },
    'The ToleratedFailureCountPath field refers to value "NoNumber" which is not a valid integer: $.ToleratedFailureCount',
  ),
  threshold(
    'ToleratedFailureCount must not be negative',
    recorded(`${counts}[-1]`),
    { ToleratedFailureCountPath: '$.ToleratedFailureCount' },
    { Items: [0], ToleratedFailureCount: -1 },
    'ToleratedFailureCount cannot be negative.',
  ),
  threshold(
    'ToleratedFailurePercentagePath must lead to a number',
    recorded(`${percentages}[NoNumber]`),
    { ToleratedFailurePercentagePath: '$.ToleratedFailurePercentage' },
    { Items: [0], ToleratedFailurePercentage: 'NoNumber' },
    'The ToleratedFailurePercentagePath field refers to value "NoNumber" which is not a valid float: $.ToleratedFailurePercentage',
  ),
  threshold(
    'ToleratedFailurePercentage is at most 100',
    recorded(`${percentages}[100.1]`),
    { ToleratedFailurePercentagePath: '$.ToleratedFailurePercentage' },
    { Items: [0], ToleratedFailurePercentage: 100.1 },
    'ToleratedFailurePercentage must be between 0 and 100.',
  ),
  {
    name: 'ToleratedFailurePercentagePath may lead to a fraction',
    source: recorded(`${percentages}[1.1]`),
    machine: only(
      distributed({ ItemsPath: '$.Items', ToleratedFailurePercentagePath: '$.ToleratedFailurePercentage' }),
    ),
    input: { Items: [0], ToleratedFailurePercentage: 1.1 },
    expect: ends([0]),
  },
  {
    name: 'a Label may have 40 characters',
    source: recorded('test_sfn_api_map_run test_map_state_label_too_long_fail'),
    machine: only(distributed({ Label: 'l'.repeat(41) })),
    expect: refused('Label'),
  },
  {
    name: 'a Label has no blanks',
    source: recorded('test_sfn_api_map_run test_map_state_label_invalid_char_fail'),
    machine: only(distributed({ Label: 'label label' })),
    expect: refused('Label'),
  },
  {
    name: 'children see no variables of the state machine',
    source: GUIDE.variables,
    machine: machine({
      First: pass({ Assign: { outer: 1 }, Result: [1], Next: 'All' }),
      All: { ...distributed({}, pass({ Parameters: { 'v.$': '$outer' } })), End: true },
    }),
    expect: { status: 'FAILED' },
  },
];
