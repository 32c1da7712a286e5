import { expect } from 'vitest';
import { type Case, ends, failed, GUIDE } from '../../case.ts';
import { onlyJsonata, pass } from '../../machines.ts';

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/) as unknown;

const field = (path: string, value: unknown): Case => ({
  name: `$states.context.${path} is there`,
  source: GUIDE.context,
  machine: onlyJsonata(pass({ Output: `{% $states.context.${path} %}` })),
  input: { in: 1 },
  expect: ends(value),
});

const wide = (count: number) => 'é'.repeat(count);

export const cases: readonly Case[] = [
  field('Execution.Id', expect.stringMatching(/^arn:aws:states:[\w-]+:\d{12}:execution:[\w-]+:[\w-]+$/)),
  field('Execution.Input', { in: 1 }),
  field('Execution.StartTime', TIME),
  field('State.EnteredTime', TIME),
  field('State.RetryCount', 0),
  field('StateMachine.Name', expect.any(String)),
  {
    name: 'a token is only there for a task that waits for one',
    source: GUIDE.context,
    machine: onlyJsonata(pass({ Output: '{% $exists($states.context.Task.Token) %}' })),
    expect: ends(false),
  },
  {
    name: 'an output of more than 262,144 bytes fails with States.DataLimitExceeded',
    source: GUIDE.quotas,
    machine: onlyJsonata(pass({ Output: '{% $states.input & $states.input %}' })),
    input: wide(70_000),
    expect: failed('States.DataLimitExceeded'),
  },
  {
    name: 'Arguments of more than 262,144 bytes are not sent',
    source: GUIDE.quotas,
    machine: onlyJsonata({
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'fn', Payload: '{% $states.input & $states.input %}' },
    }),
    input: wide(70_000),
    expect: { status: 'FAILED', error: 'States.DataLimitExceeded', payloads: [] },
  },
];
