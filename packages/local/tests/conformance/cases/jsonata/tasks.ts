import {
  beats,
  type Case,
  ends,
  failed,
  fails,
  GUIDE,
  hangs,
  refused,
  returns,
  spec,
  succeeds,
  throws,
  waits,
} from '../../case.ts';
import { caughtJsonata, jsonataCallback, jsonataTask, onlyJsonata } from '../../machines.ts';

const TIMEOUTS = spec('Timeouts');
const CATCHERS = spec('JSONata Catchers');

const CAUSE = JSON.stringify({ errorType: 'Custom', errorMessage: 'no' });

export const cases: readonly Case[] = [
  {
    name: 'TimeoutSeconds may be an expression',
    source: TIMEOUTS,
    machine: onlyJsonata(jsonataTask({ TimeoutSeconds: '{% $states.input.t %}' })),
    input: { t: 7 },
    functions: { fn: [hangs()] },
    steps: [waits(7)],
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
    name: 'TimeoutSeconds may be a constant',
    source: TIMEOUTS,
    machine: onlyJsonata(jsonataTask({ TimeoutSeconds: 9 })),
    functions: { fn: [hangs()] },
    steps: [waits(9)],
    expect: failed('States.Timeout'),
  },
  {
    name: 'the token is in the context object',
    source: GUIDE.callbacks,
    machine: onlyJsonata(jsonataCallback({ Output: '{% $states.result.rows %}' })),
    steps: [succeeds(1, { rows: 3 })],
    expect: ends(3),
  },
  {
    name: 'without Output the answer is the output',
    source: spec('Using Arguments and Output'),
    machine: onlyJsonata(jsonataCallback()),
    steps: [succeeds(1, [1, 2])],
    expect: ends([1, 2]),
  },
  {
    name: 'HeartbeatSeconds may be an expression',
    source: TIMEOUTS,
    machine: onlyJsonata(jsonataCallback({ HeartbeatSeconds: '{% $states.input.beat %}' })),
    input: { beat: 45 },
    steps: [beats(1), waits(45)],
    expect: failed('States.Timeout'),
  },
  {
    name: 'a retry has a new token',
    source: GUIDE.callbacks,
    machine: onlyJsonata(jsonataCallback({ Retry: [{ ErrorEquals: ['Again'], IntervalSeconds: 2 }] })),
    steps: [fails(1, { error: 'Again' }), waits(2), succeeds(1, 1, 'TaskTimedOut'), succeeds(2, 2)],
    expect: ends(2),
  },
  {
    name: 'Arguments are evaluated anew for each attempt',
    source: GUIDE.context,
    machine: onlyJsonata(
      jsonataTask({
        Arguments: { FunctionName: 'fn', Payload: '{% $states.context.State.RetryCount %}' },
        Retry: [{ ErrorEquals: ['Custom'] }],
      }),
    ),
    functions: { fn: [throws('Custom'), throws('Custom'), returns('done')] },
    steps: [waits(1), waits(2)],
    expect: { status: 'SUCCEEDED', output: 'done', payloads: [0, 1, 2] },
  },
  {
    name: 'after MaxAttempts retries the error stands',
    source: spec('Retrying after error'),
    machine: onlyJsonata(
      jsonataTask({
        Retry: [{ ErrorEquals: ['Custom'], MaxAttempts: 2, IntervalSeconds: 3, BackoffRate: 2, MaxDelaySeconds: 4 }],
      }),
    ),
    functions: { fn: [throws('Custom')] },
    steps: [waits(3), waits(4)],
    expect: failed('Custom'),
  },
  {
    name: 'without Output the error output goes on',
    source: CATCHERS,
    machine: caughtJsonata(jsonataTask({ Catch: [{ ErrorEquals: ['Custom'], Next: 'After' }] })),
    functions: { fn: [throws('Custom')] },
    expect: ends({ Error: 'Custom', Cause: CAUSE }),
  },
  {
    name: 'Output of the catcher sees the error output and the input',
    source: CATCHERS,
    machine: caughtJsonata(
      jsonataTask({
        Catch: [
          {
            ErrorEquals: ['Custom'],
            Output: "{% $merge([$states.input, {'error-info': $states.errorOutput}]) %}",
            Next: 'After',
          },
        ],
      }),
    ),
    input: { a: 1 },
    functions: { fn: [throws('Custom')] },
    expect: ends({ a: 1, 'error-info': { Error: 'Custom', Cause: CAUSE } }),
  },
  {
    name: 'the cause is JSON that $parse reads',
    source: GUIDE.jsonata,
    machine: caughtJsonata(
      jsonataTask({
        Catch: [
          {
            ErrorEquals: ['States.ALL'],
            Output: '{% $parse($states.errorOutput.Cause).errorMessage %}',
            Next: 'After',
          },
        ],
      }),
    ),
    functions: { fn: [throws('Custom', 'the message')] },
    expect: ends('the message'),
  },
  {
    name: 'Assign of the catcher is evaluated, not that of the state',
    source: spec('Error output'),
    machine: caughtJsonata(
      jsonataTask({
        Assign: { critical: 'never' },
        Catch: [
          {
            ErrorEquals: ['States.ALL'],
            Assign: { critical: '{% $contains($lowercase($states.errorOutput.Error), /.*fatal.*/) %}' },
            Next: 'After',
          },
        ],
      }),
      { Type: 'Pass', Output: '{% $critical %}', End: true },
    ),
    functions: { fn: [throws('FatalError')] },
    expect: ends(true),
  },
  {
    name: 'ResultPath of a catcher belongs to JSONPath',
    source: CATCHERS,
    machine: caughtJsonata(jsonataTask({ Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.e', Next: 'After' }] })),
    expect: refused(),
  },
  {
    name: 'Resource must be a constant',
    source: GUIDE.jsonata,
    machine: onlyJsonata(jsonataTask({ Resource: '{% $states.input.resource %}' })),
    expect: refused(),
  },
];
