import { type Case, ends, failed, GUIDE, recorded, returns } from '../../case.ts';
import { caught, machine, only, pass, task } from '../../machines.ts';

/** Characters of two bytes. */
const wide = (count: number) => 'é'.repeat(count);

export const cases: readonly Case[] = [
  {
    name: '262,144 bytes of UTF-8 are a payload',
    source: GUIDE.quotas,
    machine: only(pass()),
    input: wide(131_071),
    expect: ends(wide(131_071)),
  },
  {
    name: 'more fail the state that makes them with States.DataLimitExceeded',
    source: recorded('error_handling test_start_large_input'),
    machine: only(pass({ Parameters: { 'a.$': '$', 'b.$': '$' } })),
    input: wide(70_000),
    expect: failed(
      'States.DataLimitExceeded',
      "The state/task 'Only' returned a result with a size exceeding the maximum number of bytes service limit.",
    ),
  },
  {
    name: 'a function that returns more is caught by that name',
    source: recorded('error_handling test_service_task_lambada_data_limit_exceeded_on_large_utf8_response'),
    machine: caught(task({ Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'After' }] })),
    functions: { fn: [returns(wide(140_000))] },
    expect: ends({
      Error: 'States.DataLimitExceeded',
      Cause:
        "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    }),
  },
  {
    name: 'an execution that fills its history fails',
    source: GUIDE.quotas,
    machine: machine({
      A: { Type: 'Pass', Next: 'B' },
      B: { Type: 'Choice', Choices: [{ Variable: '$$.State.Name', StringEquals: 'x', Next: 'C' }], Default: 'A' },
      C: { Type: 'Succeed' },
    }),
    expect: failed('States.Runtime', '25000'),
  },
  {
    name: 'a variable may hold 256 KiB, not more',
    source: GUIDE.variables,
    machine: only(pass({ Assign: { 'x.$': "States.Format('{}{}', $.text, $.text)" }, OutputPath: null })),
    input: { text: 'x'.repeat(131_073) },
    expect: { status: 'FAILED' },
  },
];
