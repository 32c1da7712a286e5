import { type Case, ends, failed, GUIDE, recorded, refused, spec, waits } from '../../case.ts';
import { only } from '../../machines.ts';

const WAIT = spec('Wait State');
const JSONPATH = spec('JSONPath Wait State');

const unreadable = (name: string, text: string): Case => ({
  name: `a timestamp ${name} fails with States.Runtime`,
  source: recorded('base_scenarios test_wait_timestamp_path'),
  machine: only({ Type: 'Wait', TimestampPath: '$.TimestampValue' }),
  input: { TimestampValue: text },
  expect: failed(
    'States.Runtime',
    `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.TimestampValue == ${text}`,
  ),
});

const seconds = (value: unknown, cause: string): Case => ({
  name: `SecondsPath to ${JSON.stringify(value)} fails with States.Runtime`,
  source: recorded(`base test_base_wait_seconds_path[${JSON.stringify(value)}]`),
  machine: only({ Type: 'Wait', SecondsPath: '$.input.waitSeconds' }),
  input: { input: { waitSeconds: value } },
  expect: failed('States.Runtime', cause),
});

export const cases: readonly Case[] = [
  {
    name: 'Seconds: the state waits so long, and hands its input on',
    source: WAIT,
    machine: only({ Type: 'Wait', Seconds: 10 }),
    input: { a: 1 },
    steps: [waits(10)],
    expect: ends({ a: 1 }),
  },
  {
    name: 'SecondsPath takes them from the input',
    source: JSONPATH,
    machine: only({ Type: 'Wait', SecondsPath: '$.wait', OutputPath: '$.a' }),
    input: { wait: 86_400, a: 1 },
    steps: [waits(86_400)],
    expect: ends(1),
  },
  {
    name: 'Timestamp in the past is no wait',
    source: WAIT,
    machine: only({ Type: 'Wait', Timestamp: '2016-03-14T01:59:00Z' }),
    expect: ends({}),
  },
  {
    name: 'TimestampPath takes it from the input',
    source: JSONPATH,
    machine: only({ Type: 'Wait', TimestampPath: '$.expirydate' }),
    input: { expirydate: '2016-03-14T01:59:00Z' },
    expect: ends({ expirydate: '2016-03-14T01:59:00Z' }),
  },
  {
    name: 'a timestamp may have a fraction of a second',
    source: recorded('base test_wait_timestamppath[.000000Z]'),
    machine: only({ Type: 'Wait', TimestampPath: '$.start_at' }),
    input: { start_at: '2016-03-14T01:59:00.000000Z' },
    expect: ends({ start_at: '2016-03-14T01:59:00.000000Z' }),
  },
  {
    name: 'a timestamp may have an offset',
    source: spec('Timestamps'),
    machine: only({ Type: 'Wait', TimestampPath: '$.t' }),
    input: { t: '2016-03-14T03:59:00+02:00' },
    expect: ends({ t: '2016-03-14T03:59:00+02:00' }),
  },
  unreadable('without T', '2016-12-05 21:29:29Z'),
  unreadable('without an offset', '2016-12-05T21:29:29'),
  unreadable('in a thirteenth month', '2016-13-05T21:29:29Z'),
  unreadable('at 25 o’clock', '2016-12-05T25:29:29Z'),
  unreadable('with the day first', '05-12-2016T21:29:29Z'),
  seconds(-1, 'The SecondsPath parameter references a negative value: $.input.waitSeconds == -1'),
  seconds(1.5, 'The SecondsPath parameter cannot be parsed as a long value: $.input.waitSeconds == 1.5'),
  {
    name: 'SecondsPath to 0 is no wait',
    source: recorded('base test_base_wait_seconds_path[0]'),
    machine: only({ Type: 'Wait', SecondsPath: '$.input.waitSeconds' }),
    input: { input: { waitSeconds: 0 } },
    expect: ends({ input: { waitSeconds: 0 } }),
  },
  {
    name: 'SecondsPath that leads nowhere fails with States.Runtime',
    source: recorded('base test_base_wait_seconds_path'),
    machine: only({ Type: 'Wait', SecondsPath: '$.input.waitSeconds' }),
    input: { input: {} },
    expect: failed('States.Runtime', '$.input.waitSeconds'),
  },
  {
    name: 'a wait of more than 24,855 days is too long',
    source: recorded('base test_timestamp_too_far_in_future_boundary'),
    machine: only({ Type: 'Wait', TimestampPath: '$.start_at' }),
    input: { start_at: '2999-01-01T00:00:00Z' },
    expect: failed('States.Runtime', 'Wait state delay is too long.'),
  },
  {
    name: 'two durations are refused',
    source: JSONPATH,
    machine: only({ Type: 'Wait', Seconds: 1, SecondsPath: '$.s' }),
    expect: refused(),
  },
  {
    name: 'no duration is refused',
    source: JSONPATH,
    machine: only({ Type: 'Wait' }),
    expect: refused(),
  },
  {
    name: 'Timestamp that is none is refused',
    source: recorded('base_scenarios test_wait_timestamp_invalid'),
    machine: only({ Type: 'Wait', Timestamp: '2016-12-05 21:29:29Z' }),
    expect: refused(),
  },
  {
    name: 'more than 99,999,999 seconds are refused',
    source: GUIDE.wait,
    machine: only({ Type: 'Wait', Seconds: 100_000_000 }),
    expect: refused(),
  },
];
