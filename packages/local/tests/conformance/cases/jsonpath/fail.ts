import { type Case, failed, GUIDE, recorded, refused, spec } from '../../case.ts';
import { machine, only } from '../../machines.ts';

const FAIL = spec('Fail State');
const JSONPATH = spec('JSONPath Fail State');

export const cases: readonly Case[] = [
  {
    name: 'ends the execution with its Error and Cause',
    source: FAIL,
    machine: only({ Type: 'Fail', Error: 'ErrorA', Cause: 'Kaiju attack' }),
    expect: {
      status: 'FAILED',
      error: 'ErrorA',
      cause: 'Kaiju attack',
      events: ['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed'],
    },
  },
  {
    name: 'may have neither',
    source: recorded('base test_state_fail_empty'),
    machine: only({ Type: 'Fail' }),
    expect: { status: 'FAILED', history: [{ type: 'ExecutionFailed', executionFailedEventDetails: {} }] },
  },
  {
    name: 'ErrorPath and CausePath take them from the input',
    source: JSONPATH,
    machine: only({ Type: 'Fail', ErrorPath: '$.Error', CausePath: '$.Cause' }),
    input: { Error: 'error string', Cause: 'cause string' },
    expect: { status: 'FAILED', error: 'error string', cause: 'cause string' },
  },
  {
    name: 'ErrorPath and CausePath may be of the context object',
    source: recorded('context_object test_error_cause_path'),
    machine: only({ Type: 'Fail', ErrorPath: '$$.State.Name', CausePath: '$$.Execution.Input.why' }),
    input: { why: 'because' },
    expect: { status: 'FAILED', error: 'Only', cause: 'because' },
  },
  {
    name: 'ErrorPath and CausePath may be intrinsic functions',
    source: recorded('base test_state_fail_intrinsic'),
    machine: only({
      Type: 'Fail',
      ErrorPath: '$.Error',
      CausePath: "States.Format('This is a custom error message for {}, caused by {}.', $.Error, $.Cause)",
    }),
    input: { Error: 'error string', Cause: 'cause string' },
    expect: failed('error string', 'This is a custom error message for error string, caused by cause string.'),
  },
  {
    name: 'ErrorPath that leads nowhere fails with States.Runtime',
    source: recorded('base_scenarios test_invalid_jsonpath[INVALID_JSONPATH_IN_ERRORPATH]'),
    machine: machine({
      Pass: { Type: 'Pass', Next: 'Fail' },
      Fail: { Type: 'Fail', ErrorPath: '$.ErrorX', Cause: 'c' },
    }),
    expect: failed(
      'States.Runtime',
      "An error occurred while executing the state 'Fail' (entered at the event id #4). The JSONPath '$.ErrorX' specified for the field 'ErrorPath' could not be found in the input '{",
    ),
  },
  {
    name: 'Error and ErrorPath exclude each other',
    source: JSONPATH,
    machine: only({ Type: 'Fail', Error: 'a', ErrorPath: '$.a' }),
    expect: refused(),
  },
  {
    name: 'Cause and CausePath exclude each other',
    source: JSONPATH,
    machine: only({ Type: 'Fail', Cause: 'a', CausePath: '$.a' }),
    expect: refused(),
  },
  {
    name: 'has no Next',
    source: GUIDE.fail,
    machine: machine({ Fail: { Type: 'Fail', Next: 'Other' }, Other: { Type: 'Succeed' } }),
    expect: refused(),
  },
];
