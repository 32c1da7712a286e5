import { expect } from 'vitest';
import { type Case, ends, GUIDE, recorded, throws, waits } from '../../case.ts';
import { machine, only, pass, task } from '../../machines.ts';

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/) as unknown;
const EXECUTION_ARN = expect.stringMatching(/^arn:aws:states:[\w-]+:\d{12}:execution:[\w-]+:[\w-]+$/) as unknown;
const MACHINE_ARN = expect.stringMatching(/^arn:aws:states:[\w-]+:\d{12}:stateMachine:[\w-]+$/) as unknown;

const showing = (path: string) => only(pass({ Parameters: { 'v.$': path } }));

const field = (path: string, value: unknown): Case => ({
  name: `${path} is there`,
  source: GUIDE.context,
  machine: showing(path),
  input: { in: 1 },
  expect: ends({ v: value }),
});

export const cases: readonly Case[] = [
  field('$$.Execution.Id', EXECUTION_ARN),
  field('$$.Execution.Name', expect.stringMatching(/^[\w-]+$/)),
  field('$$.Execution.Input', { in: 1 }),
  field('$$.Execution.RoleArn', expect.stringMatching(/^arn:aws:iam::\d{12}:role\/.+/)),
  field('$$.Execution.StartTime', TIME),
  field('$$.Execution.RedriveCount', 0),
  field('$$.State.Name', 'Only'),
  field('$$.State.EnteredTime', TIME),
  field('$$.State.RetryCount', 0),
  field('$$.StateMachine.Id', MACHINE_ARN),
  field('$$.StateMachine.Name', expect.stringMatching(/^[\w-]+$/)),
  {
    name: 'is whole what was recorded of it',
    source: recorded('context_object test_input_path[$$]'),
    machine: only(pass({ InputPath: '$$' })),
    input: { 'input-value': 0 },
    expect: ends({
      Execution: {
        Id: EXECUTION_ARN,
        Input: { 'input-value': 0 },
        Name: expect.any(String),
        RoleArn: expect.any(String),
        StartTime: TIME,
        RedriveCount: 0,
      },
      State: { EnteredTime: TIME, Name: 'Only', RetryCount: 0 },
      StateMachine: { Id: MACHINE_ARN, Name: expect.any(String) },
    }),
  },
  {
    name: 'Execution.Input stays what the execution was started with',
    source: GUIDE.context,
    machine: machine({
      First: pass({ Result: 'other', Next: 'Second' }),
      Second: pass({ Parameters: { 'v.$': '$$.Execution.Input' }, End: true }),
    }),
    input: { a: 1 },
    expect: ends({ v: { a: 1 } }),
  },
  {
    name: 'State.RetryCount is 0 again in the next state',
    source: GUIDE.context,
    machine: machine({
      First: task({
        Retry: [{ ErrorEquals: ['States.ALL'] }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Second' }],
        Next: 'Second',
      }),
      Second: pass({ Parameters: { 'v.$': '$$.State.RetryCount' }, End: true }),
    }),
    functions: { fn: [throws('Custom')] },
    steps: [waits(1), waits(2), waits(4)],
    expect: ends({ v: 0 }),
  },
  {
    name: 'there is no Task.Token in a task that does not wait for one',
    source: GUIDE.context,
    machine: only(task({ Parameters: { FunctionName: 'fn', Payload: { 'token.$': '$$.Task.Token' } } })),
    expect: { status: 'FAILED', error: 'States.Runtime' },
  },
];
