import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../../src/event-bridge/index.ts';

/** The first three times after the beginning of 2026, a Thursday, to the minute. */
const firings = (expression: string, from = '2026-01-01T00:00:00Z') => {
  const next = parseSchedule(expression);
  const times: string[] = [];
  for (let time = next(Date.parse(from)); time !== undefined && times.length < 3; time = next(time))
    times.push(new Date(time).toISOString().slice(0, 16));
  return times;
};

describe('A schedule expression', () => {
  it.each([
    ['rate(1 minute)', ['2026-01-01T00:01', '2026-01-01T00:02', '2026-01-01T00:03']],
    ['rate(5 minutes)', ['2026-01-01T00:05', '2026-01-01T00:10', '2026-01-01T00:15']],
    ['rate(12 hours)', ['2026-01-01T12:00', '2026-01-02T00:00', '2026-01-02T12:00']],
    ['rate(1 day)', ['2026-01-02T00:00', '2026-01-03T00:00', '2026-01-04T00:00']],
    ['cron(0 10 * * ? *)', ['2026-01-01T10:00', '2026-01-02T10:00', '2026-01-03T10:00']],
    ['cron(15 12 ? * MON-FRI *)', ['2026-01-01T12:15', '2026-01-02T12:15', '2026-01-05T12:15']],
    ['cron(0 8 1 * ? *)', ['2026-01-01T08:00', '2026-02-01T08:00', '2026-03-01T08:00']],
    ['cron(0/15 * * * ? *)', ['2026-01-01T00:15', '2026-01-01T00:30', '2026-01-01T00:45']],
    ['cron(1/10 8-9 ? * 2,6 *)', ['2026-01-02T08:01', '2026-01-02T08:11', '2026-01-02T08:21']],
    ['cron(0 8 L * ? *)', ['2026-01-31T08:00', '2026-02-28T08:00', '2026-03-31T08:00']],
    ['cron(0 8 3W * ? *)', ['2026-01-02T08:00', '2026-02-03T08:00', '2026-03-03T08:00']],
    ['cron(0 8 ? * 3#2 *)', ['2026-01-13T08:00', '2026-02-10T08:00', '2026-03-10T08:00']],
    ['cron(0 8 ? * TUE#2 *)', ['2026-01-13T08:00', '2026-02-10T08:00', '2026-03-10T08:00']],
    ['cron(0 8 ? * 6L *)', ['2026-01-30T08:00', '2026-02-27T08:00', '2026-03-27T08:00']],
    ['cron(0 8 ? * L *)', ['2026-01-03T08:00', '2026-01-10T08:00', '2026-01-17T08:00']],
    ['cron(0 8 ? * 1 *)', ['2026-01-04T08:00', '2026-01-11T08:00', '2026-01-18T08:00']],
    ['cron(0 0 29 FEB ? *)', ['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']],
    ['cron(0 0 1 jan,jul ? 2026-2027)', ['2026-07-01T00:00', '2027-01-01T00:00', '2027-07-01T00:00']],
    ['cron(0 0 1 6 ? 2026/2)', ['2026-06-01T00:00', '2028-06-01T00:00', '2030-06-01T00:00']],
    ['cron(30 6 2 1 ? 2026)', ['2026-01-02T06:30']],
    ['cron(0 0 31 2 ? *)', []],
    ['cron(0 0 1 1 ? 2025)', []],
  ])('%s fires at its times', (expression, times) => {
    expect(firings(expression)).toEqual(times);
  });

  it.each([
    'rate(1 minutes)',
    'rate(2 minute)',
    'rate(0 minutes)',
    'rate(1.5 hours)',
    'rate(5 seconds)',
    'rate(5)',
    'rate(5  minutes)',
    'at(2026-01-01T00:00:00)',
    '* * * * ? *',
    'cron(0 10 * * *)',
    'cron(0 0 10 * * ? *)',
    'cron(0 10 * * * *)',
    'cron(0 10 ? * ? *)',
    'cron(0 10 1 * 2 *)',
    'cron(60 * * * ? *)',
    'cron(0 24 * * ? *)',
    'cron(0 0 0 * ? *)',
    'cron(0 0 32W * ? *)',
    'cron(0 0 1 13 ? *)',
    'cron(0 0 1 FEBR ? *)',
    'cron(0 0 ? * 0 *)',
    'cron(0 0 ? * 8 *)',
    'cron(0 0 ? * 3#6 *)',
    'cron(0 0 ? * 3#1,6#3 *)',
    'cron(0 0 ? * 8L *)',
    'cron(0 0 1 1 ? 1969)',
    'cron(0 0 1 1 ? 2200)',
    'cron(20-10 * * * ? *)',
    'cron(0/0 * * * ? *)',
    'cron(a * * * ? *)',
    'cron(L * * * ? *)',
    'cron(, * * * ? *)',
    'cron()',
    '',
  ])('is refused in the words of EventBridge: %s', (expression) => {
    expect(() => parseSchedule(expression)).toThrow(
      expect.objectContaining({
        code: 'ValidationException',
        message: 'Parameter ScheduleExpression is not valid.',
      }),
    );
  });
});
