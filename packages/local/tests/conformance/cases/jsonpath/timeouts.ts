import { type Case, ends, failed, GUIDE, hangs, recorded, refused, returns, spec, waits } from '../../case.ts';
import { caught, only, task } from '../../machines.ts';

const TIMEOUTS = spec('Timeouts');

export const cases: readonly Case[] = [
  {
    name: 'TimeoutSeconds: a task that takes longer fails with States.Timeout',
    source: recorded('timeouts test_fixed_timeout_service_lambda'),
    machine: only(task({ TimeoutSeconds: 5 })),
    functions: { fn: [hangs()] },
    steps: [waits(5)],
    expect: {
      status: 'FAILED',
      error: 'States.Timeout',
      events: [
        'ExecutionStarted',
        'TaskStateEntered',
        'TaskScheduled',
        'TaskStarted',
        'TaskTimedOut',
        'ExecutionFailed',
      ],
    },
  },
  {
    name: 'TimeoutSecondsPath takes it from the input',
    source: recorded('timeouts test_fixed_timeout_service_lambda_with_path'),
    machine: only(task({ TimeoutSecondsPath: '$.TimeoutSecondsValue' })),
    input: { TimeoutSecondsValue: 5 },
    functions: { fn: [hangs()] },
    steps: [waits(5)],
    expect: failed('States.Timeout'),
  },
  {
    name: 'TimeoutSecondsPath may lead into the context object',
    source: GUIDE.task,
    machine: only(task({ TimeoutSecondsPath: '$$.Execution.Input.t' })),
    input: { t: 6 },
    functions: { fn: [hangs()] },
    steps: [waits(6)],
    expect: failed('States.Timeout'),
  },
  {
    name: 'TimeoutSecondsPath that leads nowhere fails with States.Runtime',
    source: recorded('base_scenarios test_invalid_jsonpath[ST.INVALID_JSONPATH_IN_TIMEOUTSECONDSPATH]'),
    machine: only(task({ TimeoutSecondsPath: '$.NoSuchTimeoutSecondsPath' })),
    expect: failed(
      'States.Runtime',
      "Invalid path '$.NoSuchTimeoutSecondsPath' : No results for path: $['NoSuchTimeoutSecondsPath']",
    ),
  },
  {
    name: 'TimeoutSecondsPath must lead to a positive integer',
    source: TIMEOUTS,
    machine: only(task({ TimeoutSecondsPath: '$.t' })),
    input: { t: 0 },
    expect: failed('States.Runtime'),
  },
  {
    name: 'TimeoutSeconds holds for each attempt',
    source: GUIDE.task,
    machine: only(task({ TimeoutSeconds: 5, Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 60 }] })),
    functions: { fn: [hangs(), hangs(), returns('late')] },
    steps: [waits(5), waits(60), waits(5), waits(120)],
    expect: ends('late'),
  },
  {
    name: 'an answer in time is no timeout',
    source: TIMEOUTS,
    machine: only(task({ TimeoutSeconds: 5 })),
    functions: { fn: [returns(1)] },
    expect: ends(1),
  },
  {
    name: 'TimeoutSeconds of the machine ends the execution as TIMED_OUT',
    source: spec('Top-level fields'),
    machine: { ...only({ Type: 'Wait', Seconds: 100 }), TimeoutSeconds: 30 },
    steps: [waits(30)],
    expect: { status: 'TIMED_OUT', events: ['ExecutionStarted', 'WaitStateEntered', 'ExecutionTimedOut'] },
  },
  {
    name: 'the timeout of the machine is not caught by its states',
    source: recorded('timeouts test_global_timeout'),
    machine: {
      ...caught(task({ Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'After' }] })),
      TimeoutSeconds: 30,
    },
    functions: { fn: [hangs()] },
    steps: [waits(30)],
    expect: { status: 'TIMED_OUT' },
  },
  {
    name: 'TimeoutSeconds and TimeoutSecondsPath exclude each other',
    source: TIMEOUTS,
    machine: only(task({ TimeoutSeconds: 5, TimeoutSecondsPath: '$.t' })),
    expect: refused(),
  },
  {
    name: 'TimeoutSeconds must be positive',
    source: TIMEOUTS,
    machine: only(task({ TimeoutSeconds: 0 })),
    expect: refused(),
  },
  {
    name: 'HeartbeatSeconds must be smaller than TimeoutSeconds',
    source: TIMEOUTS,
    machine: only(task({ TimeoutSeconds: 5, HeartbeatSeconds: 5 })),
    expect: refused('HeartbeatSeconds'),
  },
];
