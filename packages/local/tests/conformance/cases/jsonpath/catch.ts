import {
  type Case,
  ends,
  failed,
  GUIDE,
  hangs,
  recorded,
  refused,
  refusedCall,
  spec,
  throws,
  waits,
} from '../../case.ts';
import { caught, machine, task } from '../../machines.ts';

const FALLBACK = spec('Fallback states');
const OUTPUT = spec('Error output');
const JSONPATH = spec('JSONPath Catchers');
const CUSTOM = { errorType: 'Custom', errorMessage: 'no' };

const catching = (catcher: Record<string, unknown>, fields: Record<string, unknown> = {}) =>
  caught(task({ Catch: [{ Next: 'After', ...catcher }], ...fields }));

export const cases: readonly Case[] = [
  {
    name: 'the error output goes on to the state that Catch names',
    source: OUTPUT,
    machine: catching({ ErrorEquals: ['Custom'] }),
    functions: { fn: [throws('Custom')] },
    expect: ends({ Error: 'Custom', Cause: JSON.stringify(CUSTOM) }),
  },
  {
    name: 'States.ALL catches every error',
    source: FALLBACK,
    machine: catching({ ErrorEquals: ['States.ALL'], ResultPath: '$.e' }),
    functions: { fn: [throws('Whatever')] },
    expect: { status: 'SUCCEEDED' },
  },
  {
    name: 'ResultPath puts the error output into the input',
    source: JSONPATH,
    machine: catching({ ErrorEquals: ['Custom'], ResultPath: '$.error-info' }),
    input: { a: 1 },
    functions: { fn: [throws('Custom')] },
    expect: ends({ a: 1, 'error-info': { Error: 'Custom', Cause: JSON.stringify(CUSTOM) } }),
  },
  {
    name: 'ResultPath null drops the error output',
    source: JSONPATH,
    machine: catching({ ErrorEquals: ['Custom'], ResultPath: null }),
    input: { a: 1 },
    functions: { fn: [throws('Custom')] },
    expect: ends({ a: 1 }),
  },
  {
    name: 'the first catcher that names the error is taken',
    source: FALLBACK,
    machine: machine({
      Only: task({
        End: true,
        Catch: [
          { ErrorEquals: ['Other'], Next: 'First' },
          { ErrorEquals: ['Custom', 'Third'], Next: 'Second' },
          { ErrorEquals: ['States.ALL'], Next: 'First' },
        ],
      }),
      First: { Type: 'Pass', Result: 1, End: true },
      Second: { Type: 'Pass', Result: 2, End: true },
    }),
    functions: { fn: [throws('Custom')] },
    expect: ends(2),
  },
  {
    name: 'an error that no catcher names fails the execution',
    source: spec('Errors'),
    machine: catching({ ErrorEquals: ['Other'] }),
    functions: { fn: [throws('Custom')] },
    expect: failed('Custom', '"errorType":"Custom"'),
  },
  {
    name: 'retriers come first',
    source: FALLBACK,
    machine: catching(
      { ErrorEquals: ['Custom'], ResultPath: null },
      { Retry: [{ ErrorEquals: ['Custom'], MaxAttempts: 1 }] },
    ),
    input: { a: 1 },
    functions: { fn: [throws('Custom')] },
    steps: [waits(1)],
    expect: { status: 'SUCCEEDED', output: { a: 1 }, payloads: [{ a: 1 }, { a: 1 }] },
  },
  {
    name: 'States.TaskFailed catches what a function throws',
    source: GUIDE.errors,
    machine: catching({ ErrorEquals: ['States.TaskFailed'], ResultPath: null }),
    functions: { fn: [throws('Custom')] },
    expect: ends({}),
  },
  {
    name: 'a timeout is caught as States.Timeout',
    source: spec('Timeouts'),
    machine: catching({ ErrorEquals: ['States.Timeout'] }, { TimeoutSeconds: 7 }),
    functions: { fn: [hangs()] },
    steps: [waits(7)],
    expect: ends({ Error: 'States.Timeout', Cause: '' }),
  },
  {
    name: 'States.Runtime is not caught, by whatever name',
    source: recorded('scenarios test_catch_states_runtime'),
    machine: caught(
      task({
        ResultPath: '$.r',
        OutputPath: '$.no.such',
        Catch: [
          { ErrorEquals: ['States.Runtime'], Next: 'After' },
          { ErrorEquals: ['States.ALL'], Next: 'After' },
        ],
      }),
    ),
    expect: failed('States.Runtime', "Invalid path '$.no.such' : Missing property in path $['no']"),
  },
  {
    name: 'a function that does not exist is Lambda.ResourceNotFoundException',
    source: GUIDE.lambda,
    machine: catching({ ErrorEquals: ['Lambda.ResourceNotFoundException'], ResultPath: null }),
    functions: { fn: [refusedCall('ResourceNotFoundException', 'Function not found')] },
    expect: ends({}),
  },
  {
    name: 'a caught error leaves the state by its exit',
    source: recorded('error_handling test_task_service_lambda'),
    machine: catching({ ErrorEquals: ['Custom'] }),
    functions: { fn: [throws('Custom')] },
    expect: {
      status: 'SUCCEEDED',
      events: [
        'ExecutionStarted',
        'TaskStateEntered',
        'TaskScheduled',
        'TaskStarted',
        'TaskFailed',
        'TaskStateExited',
        'PassStateEntered',
        'PassStateExited',
        'ExecutionSucceeded',
      ],
    },
  },
  {
    name: 'Next of a catcher must name a state',
    source: FALLBACK,
    machine: catching({ ErrorEquals: ['Custom'], Next: 'Nowhere' }),
    expect: refused('Nowhere'),
  },
  {
    name: 'States.ALL must stand in the last catcher',
    source: FALLBACK,
    machine: caught(
      task({
        Catch: [
          { ErrorEquals: ['States.ALL'], Next: 'After' },
          { ErrorEquals: ['Custom'], Next: 'After' },
        ],
      }),
    ),
    expect: refused('States.ALL'),
  },
  {
    name: 'a Pass state has no Catch',
    source: spec('Table of State Types and Fields (JSONPath)'),
    machine: caught({ Type: 'Pass', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'After' }] }),
    expect: refused(),
  },
];
