import { type Case, ends, failed, GUIDE, recorded, refused, spec, waits } from '../../case.ts';
import { onlyJsonata } from '../../machines.ts';

const WAIT = spec('JSONata Wait State');
const FAIL = spec('JSONata Fail State');

const unreadable = (name: string, text: string): Case => ({
  name: `a timestamp ${name} fails with States.QueryEvaluationError`,
  source: recorded('scenarios test_wait_timestamp_jsonata'),
  machine: onlyJsonata({ Type: 'Wait', Timestamp: '{% $states.input.TimestampValue %}' }),
  input: { TimestampValue: text },
  expect: failed(
    'States.QueryEvaluationError',
    `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`,
  ),
});

const seconds = (name: string, value: unknown): Case => ({
  name,
  source: WAIT,
  machine: onlyJsonata({ Type: 'Wait', Seconds: '{% $states.input.s %}' }),
  input: { s: value },
  expect: failed('States.QueryEvaluationError'),
});

export const cases: readonly Case[] = [
  {
    name: 'Seconds may be an expression',
    source: WAIT,
    machine: onlyJsonata({ Type: 'Wait', Seconds: '{% $states.input.s * 2 %}' }),
    input: { s: 30 },
    steps: [waits(60)],
    expect: ends({ s: 30 }),
  },
  {
    name: 'Seconds may be a constant',
    source: WAIT,
    machine: onlyJsonata({ Type: 'Wait', Seconds: 10, Output: '{% $states.input.a %}' }),
    input: { a: 1 },
    steps: [waits(10)],
    expect: ends(1),
  },
  {
    name: 'Timestamp may be an expression',
    source: WAIT,
    machine: onlyJsonata({ Type: 'Wait', Timestamp: '{% $states.input.expirydate %}' }),
    input: { expirydate: '2016-03-14T01:59:00Z' },
    expect: ends({ expirydate: '2016-03-14T01:59:00Z' }),
  },
  {
    name: 'a timestamp may be reckoned',
    source: WAIT,
    machine: onlyJsonata({
      Type: 'Wait',
      Timestamp: '{% $fromMillis($toMillis($states.context.State.EnteredTime) + 600000) %}',
      Output: 'then',
    }),
    steps: [waits(600)],
    expect: ends('then'),
  },
  unreadable('without T', '2016-12-05 21:29:29Z'),
  unreadable('without an offset', '2016-12-05T21:29:29'),
  unreadable('in a thirteenth month', '2016-13-05T21:29:29Z'),
  seconds('negative seconds fail with States.QueryEvaluationError', -1),
  seconds('half a second fails with States.QueryEvaluationError', 0.5),
  seconds('seconds as a text fail with States.QueryEvaluationError', '10'),
  {
    name: 'SecondsPath belongs to JSONPath',
    source: GUIDE.wait,
    machine: onlyJsonata({ Type: 'Wait', SecondsPath: '$.s' }),
    expect: refused(),
  },
  {
    name: 'Seconds and Timestamp exclude each other',
    source: WAIT,
    machine: onlyJsonata({ Type: 'Wait', Seconds: 1, Timestamp: '2016-03-14T01:59:00Z' }),
    expect: refused(),
  },
  {
    name: 'Error and Cause of Fail may be expressions',
    source: FAIL,
    machine: onlyJsonata({
      Type: 'Fail',
      Error: '{% $states.input.Error %}',
      Cause: "{% 'because of ' & $states.input.Cause %}",
    }),
    input: { Error: 'ErrorA', Cause: 'Kaiju attack' },
    expect: { status: 'FAILED', error: 'ErrorA', cause: 'because of Kaiju attack' },
  },
  {
    name: 'Error and Cause of Fail may be constants',
    source: FAIL,
    machine: onlyJsonata({ Type: 'Fail', Error: 'ErrorA', Cause: 'Kaiju attack' }),
    expect: { status: 'FAILED', error: 'ErrorA', cause: 'Kaiju attack' },
  },
  {
    name: 'Error of Fail alone',
    source: recorded('scenarios test_fail_error_jsonata'),
    machine: onlyJsonata({ Type: 'Fail', Error: '{% $states.input.error %}' }),
    input: { error: 'Exception' },
    expect: {
      status: 'FAILED',
      history: [{ type: 'ExecutionFailed', executionFailedEventDetails: { error: 'Exception' } }],
    },
  },
  {
    name: 'Error of Fail must be a text',
    source: FAIL,
    machine: onlyJsonata({ Type: 'Fail', Error: '{% $states.input.error %}' }),
    input: { error: 7 },
    expect: failed('States.QueryEvaluationError', 'Error'),
  },
  {
    name: 'ErrorPath belongs to JSONPath',
    source: GUIDE.fail,
    machine: onlyJsonata({ Type: 'Fail', ErrorPath: '$.Error' }),
    expect: refused(),
  },
];
