import {
  beats,
  type Case,
  ends,
  failed,
  GUIDE,
  recorded,
  refused,
  returns,
  spec,
  succeeds,
  throws,
  waits,
} from '../../case.ts';
import { callback, caught, machine, only, pass, task } from '../../machines.ts';

const PARALLEL = spec('Parallel State');
const FAIL = { Type: 'Fail', Error: 'FailureType', Cause: 'Cause description' };

let branches = 0;
const branch = (state: Record<string, unknown>) => machine({ [`Branch${String(++branches)}`]: state });
const ending = (state: Record<string, unknown>) => branch({ ...state, End: true });
const parallel = (list: readonly unknown[], more: Record<string, unknown> = {}) => ({
  Type: 'Parallel',
  Branches: list,
  ...more,
});

export const cases: readonly Case[] = [
  {
    name: 'each branch is given the input; the outputs stand in the order of the branches',
    source: PARALLEL,
    machine: only(
      parallel([
        ending(pass({ Parameters: { 'first.$': '$[0]' } })),
        ending(pass({ Parameters: { 'second.$': '$[1]' } })),
      ]),
    ),
    input: [3, 2],
    expect: ends([{ first: 3 }, { second: 2 }]),
  },
  {
    name: 'Parameters is what the branches are given',
    source: PARALLEL,
    machine: only(parallel([ending(pass()), ending(pass({ Result: 1 }))], { Parameters: { 'b.$': '$.a' } })),
    input: { a: 'x' },
    expect: ends([{ b: 'x' }, 1]),
  },
  {
    name: 'ResultSelector and ResultPath work on the list',
    source: PARALLEL,
    machine: only(
      parallel([ending(pass({ Result: 1 })), ending(pass({ Result: 2 }))], {
        ResultSelector: { 'last.$': '$[1]' },
        ResultPath: '$.r',
      }),
    ),
    input: { a: 1 },
    expect: ends({ a: 1, r: { last: 2 } }),
  },
  {
    name: 'the order holds although the second branch ends first',
    source: PARALLEL,
    machine: only(parallel([ending({ Type: 'Wait', Seconds: 10 }), ending(pass({ Result: 'fast' }))])),
    steps: [waits(10)],
    expect: ends([{}, 'fast']),
  },
  {
    name: 'a branch that fails fails the state',
    source: recorded('scenarios test_parallel_state_fail'),
    machine: only(parallel([branch({ Type: 'Fail', Error: 'FailureType' })])),
    expect: {
      status: 'FAILED',
      error: 'FailureType',
      cause: undefined,
      events: [
        'ExecutionStarted',
        'ParallelStateEntered',
        'ParallelStateStarted',
        'FailStateEntered',
        'ParallelStateFailed',
        'ExecutionFailed',
      ],
    },
  },
  {
    name: 'a branch that fails ends the others, and their tokens die',
    source: PARALLEL,
    machine: only(
      parallel([ending(callback()), machine({ Later: { Type: 'Wait', Seconds: 10, Next: 'F' }, F: FAIL })]),
    ),
    steps: [beats(1), waits(10), succeeds(1, 1, 'TaskTimedOut')],
    expect: failed('FailureType', 'Cause description'),
  },
  {
    name: 'Catch catches what a branch fails with',
    source: recorded('scenarios test_parallel_state_catch'),
    machine: caught(parallel([branch(FAIL)], { Catch: [{ ErrorEquals: ['FailureType'], Next: 'After' }] })),
    expect: {
      status: 'SUCCEEDED',
      output: { Error: 'FailureType', Cause: 'Cause description' },
      events: [
        'ExecutionStarted',
        ...[
          'ParallelStateEntered',
          'ParallelStateStarted',
          'FailStateEntered',
          'ParallelStateFailed',
          'ParallelStateExited',
        ],
        ...['PassStateEntered', 'PassStateExited', 'ExecutionSucceeded'],
      ],
    },
  },
  {
    name: 'Retry runs all branches again',
    source: PARALLEL,
    machine: only(
      parallel([ending(task({ OutputPath: '$.Payload' })), ending(task({ Parameters: { FunctionName: 'other' } }))], {
        Retry: [{ ErrorEquals: ['Custom'], IntervalSeconds: 2 }],
        ResultSelector: { 'first.$': '$[0]', 'second.$': '$[1]' },
      }),
    ),
    functions: { fn: [returns('a')], other: [throws('Custom'), returns('b')] },
    steps: [waits(2)],
    expect: ends({ first: 'a', second: 'b' }),
  },
  {
    name: 'Succeed ends its own branch only',
    source: PARALLEL,
    machine: only(
      parallel([
        branch({ Type: 'Succeed' }),
        machine({ A: { Type: 'Pass', Result: 1, Next: 'B' }, B: { Type: 'Succeed' } }),
      ]),
    ),
    input: 'in',
    expect: ends(['in', 1]),
  },
  {
    name: 'branches may hold Parallel states',
    source: recorded('scenarios test_parallel_state_nested'),
    machine: only(
      parallel([
        ending(parallel([ending(pass({ Result: 1 })), ending(pass({ Result: 2 }))])),
        ending(pass({ Result: 3 })),
      ]),
    ),
    expect: ends([[1, 2], 3]),
  },
  {
    name: 'a state of a branch cannot go on to a state outside of it',
    source: PARALLEL,
    machine: machine({
      Only: { ...parallel([branch({ Type: 'Pass', Next: 'Outside' })]), Next: 'Outside' },
      Outside: { Type: 'Succeed' },
    }),
    expect: refused('Outside'),
  },
  {
    name: 'names of states are unique in the whole machine',
    source: spec('States'),
    machine: machine({
      Only: {
        ...parallel([machine({ Twice: pass({ End: true }) }), machine({ Twice: pass({ End: true }) })]),
        End: true,
      },
    }),
    expect: refused('Twice'),
  },
  {
    name: 'Branches is required',
    source: GUIDE.parallel,
    machine: only({ Type: 'Parallel' }),
    expect: refused(),
  },
];
