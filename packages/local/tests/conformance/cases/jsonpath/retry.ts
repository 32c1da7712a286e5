import {
  type Case,
  ends,
  failed,
  GUIDE,
  hangs,
  recorded,
  refused,
  refusedCall,
  returns,
  spec,
  throws,
  waits,
} from '../../case.ts';
import { caught, only, task } from '../../machines.ts';

const RETRY = spec('Retrying after error');
const COMPLEX = spec('Complex retry scenarios');

const retrying = (...retriers: readonly Record<string, unknown>[]) => only(task({ Retry: retriers }));

const intervals = (name: string, retrier: Record<string, unknown>, seconds: readonly number[]): Case => ({
  name,
  source: RETRY,
  machine: retrying({ ErrorEquals: ['Custom'], ...retrier }),
  functions: { fn: [...seconds.map(() => throws('Custom')), returns('done')] },
  steps: seconds.map(waits),
  expect: ends('done'),
});

const invalid = (name: string, ...retriers: readonly Record<string, unknown>[]): Case => ({
  name,
  source: RETRY,
  machine: retrying(...retriers),
  expect: refused(),
});

export const cases: readonly Case[] = [
  intervals('by default three retries, after 1, 2 and 4 seconds', {}, [1, 2, 4]),
  intervals(
    'IntervalSeconds and BackoffRate: after 3 and 6 seconds',
    { IntervalSeconds: 3, MaxAttempts: 2, BackoffRate: 2 },
    [3, 6],
  ),
  intervals(
    'MaxDelaySeconds bounds the interval: after 3 and 4 seconds',
    { IntervalSeconds: 3, MaxAttempts: 2, BackoffRate: 2, MaxDelaySeconds: 4 },
    [3, 4],
  ),
  intervals('BackoffRate may be a fraction: after 2 and 3 seconds', { IntervalSeconds: 2, BackoffRate: 1.5 }, [2, 3]),
  {
    name: 'after MaxAttempts retries the error stands',
    source: RETRY,
    machine: retrying({ ErrorEquals: ['Custom'], MaxAttempts: 1, IntervalSeconds: 5 }),
    functions: { fn: [throws('Custom', 'first'), throws('Custom', 'second')] },
    steps: [waits(5)],
    expect: failed('Custom', 'second'),
  },
  {
    name: 'MaxAttempts 0: never retried',
    source: RETRY,
    machine: retrying({ ErrorEquals: ['Custom'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }),
    functions: { fn: [throws('Custom')] },
    expect: failed('Custom'),
  },
  {
    name: 'States.ALL retries every error',
    source: RETRY,
    machine: retrying({ ErrorEquals: ['Other'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }),
    functions: { fn: [throws('Custom'), returns(1)] },
    steps: [waits(1)],
    expect: ends(1),
  },
  {
    name: 'error names are case-sensitive',
    source: spec('Error representation'),
    machine: retrying({ ErrorEquals: ['custom'] }),
    functions: { fn: [throws('Custom')] },
    expect: failed('Custom'),
  },
  {
    name: 'each retrier counts its own retries, over all visits to it',
    source: COMPLEX,
    machine: caught(
      task({
        Retry: [
          { ErrorEquals: ['ErrorA', 'ErrorB'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 2 },
          { ErrorEquals: ['ErrorC'], IntervalSeconds: 5 },
        ],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'After' }],
      }),
      { Type: 'Pass', OutputPath: '$.Error', End: true },
    ),
    functions: { fn: [throws('ErrorA'), throws('ErrorB'), throws('ErrorC'), throws('ErrorB')] },
    steps: [waits(1), waits(2), waits(5)],
    expect: ends('ErrorB'),
  },
  {
    name: 'States.TaskFailed retries what a function throws',
    source: GUIDE.errors,
    machine: retrying({ ErrorEquals: ['States.TaskFailed'] }),
    functions: { fn: [throws('Custom'), returns(1)] },
    steps: [waits(1)],
    expect: ends(1),
  },
  {
    name: 'States.TaskFailed does not retry States.Timeout',
    source: GUIDE.errors,
    machine: only(task({ TimeoutSeconds: 10, Retry: [{ ErrorEquals: ['States.TaskFailed'] }] })),
    functions: { fn: [hangs()] },
    steps: [waits(10)],
    expect: failed('States.Timeout'),
  },
  {
    name: 'States.Timeout is retried by its name',
    source: RETRY,
    machine: only(task({ TimeoutSeconds: 10, Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 3 }] })),
    functions: { fn: [hangs(), returns(1)] },
    steps: [waits(10), waits(3)],
    expect: ends(1),
  },
  {
    name: 'a refused invocation is retried by its name',
    source: GUIDE.lambda,
    machine: retrying({ ErrorEquals: ['Lambda.TooManyRequestsException'], IntervalSeconds: 2 }),
    functions: { fn: [refusedCall('TooManyRequestsException'), returns(1)] },
    steps: [waits(2)],
    expect: ends(1),
  },
  {
    name: 'States.Runtime is not retried',
    source: GUIDE.errors,
    machine: only(task({ InputPath: '$.none', Retry: [{ ErrorEquals: ['States.ALL'] }] })),
    expect: failed('States.Runtime'),
  },
  {
    name: 'each attempt is scheduled anew in the history',
    source: recorded('scenarios test_retry_interval_features_jitter_none'),
    machine: retrying({ ErrorEquals: ['Custom'], MaxAttempts: 1, JitterStrategy: 'NONE' }),
    functions: { fn: [throws('Custom'), returns(1)] },
    steps: [waits(1)],
    expect: {
      status: 'SUCCEEDED',
      events: [
        'ExecutionStarted',
        'TaskStateEntered',
        ...['TaskScheduled', 'TaskStarted', 'TaskFailed'],
        ...['TaskScheduled', 'TaskStarted', 'TaskSucceeded'],
        'TaskStateExited',
        'ExecutionSucceeded',
      ],
    },
  },
  {
    name: 'State.RetryCount in the context object counts the retries',
    source: GUIDE.context,
    machine: only(
      task({
        Parameters: { FunctionName: 'fn', Payload: { 'count.$': '$$.State.RetryCount' } },
        Retry: [{ ErrorEquals: ['Custom'] }],
      }),
    ),
    functions: { fn: [throws('Custom'), throws('Custom'), returns(1)] },
    steps: [waits(1), waits(2)],
    expect: { status: 'SUCCEEDED', payloads: [{ count: 0 }, { count: 1 }, { count: 2 }] },
  },
  invalid('States.ALL must stand alone', { ErrorEquals: ['States.ALL', 'Custom'] }),
  invalid('States.ALL must be in the last retrier', { ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['Custom'] }),
  invalid('ErrorEquals must not be empty', { ErrorEquals: [] }),
  invalid('BackoffRate must be at least 1', { ErrorEquals: ['Custom'], BackoffRate: 0.5 }),
  invalid('MaxAttempts must not be negative', { ErrorEquals: ['Custom'], MaxAttempts: -1 }),
  invalid('IntervalSeconds must be positive', { ErrorEquals: ['Custom'], IntervalSeconds: 0 }),
];
