import { type Case, ends, failed, recorded, returns, spec, throws } from '../../case.ts';
import { jsonataTask, machine, onlyJsonata, pass } from '../../machines.ts';

const TOLERANCE = spec('Map State Failure Tolerance');
const BATCHING = spec('Batching Items');

const distributed = (more: Record<string, unknown> = {}, state: Record<string, unknown> = pass()) => ({
  Type: 'Map',
  ItemProcessor: {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    ...machine({ Item: { End: true, ...state } }),
  },
  ...more,
});

const tolerating = (name: string, fields: Record<string, unknown>, status: 'SUCCEEDED' | 'FAILED'): Case => ({
  name,
  source: TOLERANCE,
  machine: onlyJsonata(
    distributed({ Items: '{% $states.input.items %}', MaxConcurrency: 1, ...fields }, jsonataTask()),
  ),
  input: { items: [1, 2, 3, 4], count: 1, percentage: 10 },
  functions: { fn: [returns('a'), throws('Custom'), returns('c'), returns('d')] },
  expect: status === 'SUCCEEDED' ? { status } : failed('States.ExceedToleratedFailureThreshold'),
});

export const cases: readonly Case[] = [
  {
    name: 'children evaluate JSONata, and Output of the state sees their outputs',
    source: spec('JSONata Map State'),
    machine: onlyJsonata(
      distributed({ Output: '{% $sum($states.result) %}' }, pass({ Output: '{% $states.input * 2 %}' })),
    ),
    input: [1, 2, 3],
    expect: ends(12),
  },
  {
    name: 'ItemSelector may be an expression',
    source: spec('Selecting Items'),
    machine: onlyJsonata(
      distributed({
        Items: '{% $states.input.items %}',
        ItemSelector: { v: '{% $states.context.Map.Item.Value %}', d: '{% $states.input.day %}' },
      }),
    ),
    input: { day: 'Monday', items: [1, 2] },
    expect: ends([
      { v: 1, d: 'Monday' },
      { v: 2, d: 'Monday' },
    ]),
  },
  {
    name: 'MaxItemsPerBatch and BatchInput may be expressions',
    source: recorded('scenarios test_map_item_batching_base_json_max_per_batch_jsonata'),
    machine: onlyJsonata(
      distributed({
        Items: '{% $states.input.items %}',
        ItemBatcher: { MaxItemsPerBatch: '{% $states.input.size %}', BatchInput: { day: '{% $states.input.day %}' } },
      }),
    ),
    input: { size: 2, day: 'Monday', items: [1, 2, 3] },
    expect: ends([
      { BatchInput: { day: 'Monday' }, Items: [1, 2] },
      { BatchInput: { day: 'Monday' }, Items: [3] },
    ]),
  },
  {
    name: 'a batch size that is no positive integer fails with States.QueryEvaluationError',
    source: BATCHING,
    machine: onlyJsonata(distributed({ ItemBatcher: { MaxItemsPerBatch: "{% 'two' %}" } })),
    input: [1],
    expect: failed('States.QueryEvaluationError'),
  },
  tolerating(
    'ToleratedFailureCount may be an expression',
    { ToleratedFailureCount: '{% $states.input.count %}' },
    'SUCCEEDED',
  ),
  tolerating(
    'ToleratedFailurePercentage may be an expression',
    { ToleratedFailurePercentage: '{% $states.input.percentage %}' },
    'FAILED',
  ),
  {
    name: 'a negative ToleratedFailurePercentage fails with States.QueryEvaluationError',
    source: spec('JSONata Runtime Errors'),
    machine: onlyJsonata(distributed({ Items: [1], ToleratedFailurePercentage: '{% $states.input.negative %}' })),
    input: { negative: -1 },
    expect: failed('States.QueryEvaluationError'),
  },
];
