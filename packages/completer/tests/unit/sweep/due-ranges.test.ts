import { describe, expect, it } from 'vitest';
import { DUE_AGES } from '../../../src/sweep/due-ages.ts';
import { contains, dueRanges, rangesBeyond, type Window } from '../../../src/sweep/due-ranges.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse('2026-11-26T08:30:00Z');

const isDue = (age: number, { after, until }: Window): boolean =>
  dueRanges({ after, until }).some(({ from, to }) => from <= until - age && until - age <= to);

describe('the ages at which a statement is looked at', () => {
  it('are every minute at first, then further and further apart, up to 25 hours', () => {
    expect(DUE_AGES.slice(0, 12)).toEqual(Array.from({ length: 12 }, (_, n) => (n + 1) * MINUTE));
    expect(DUE_AGES.at(-1)).toBe(25 * HOUR);
    expect(DUE_AGES.length).toBeLessThan(90);
  });

  it('report an end within two minutes, or a tenth of the age', () => {
    for (let ended = MINUTE; ended < 24.9 * HOUR; ended += 97_001) {
      const seen = DUE_AGES.find((age) => age >= ended) ?? Number.NaN;
      expect(seen + MINUTE - ended).toBeLessThanOrEqual(Math.max(2 * MINUTE, ended / 10));
    }
  });
});

describe('what has come due', () => {
  it('is what reached one of the ages since the last run', () => {
    const minute = { after: NOW - MINUTE, until: NOW };
    expect(isDue(MINUTE - 1, minute)).toBe(false);
    expect(isDue(MINUTE, minute)).toBe(true);
    expect(isDue(2 * MINUTE - 1, minute)).toBe(true);
    expect(isDue(20 * MINUTE, minute)).toBe(true);
    const sparse = DUE_AGES.find((age, index) => age - (DUE_AGES[index - 1] ?? 0) > 5 * MINUTE) ?? 0;
    expect(isDue(sparse - 1, minute)).toBe(false);
    expect(isDue(sparse, minute)).toBe(true);
    expect(isDue(sparse + MINUTE - 1, minute)).toBe(true);
    expect(isDue(sparse + MINUTE, minute)).toBe(false);
  });

  it('is the same for one long time as for all its parts: nothing is skipped, nothing is looked at for nothing', () => {
    const steps = [0, 61_000, 1, 59_999, 300_000, 3_600_000, 10_000, 123_456_789];
    let after = NOW;
    for (const step of steps) {
      const until = after + step;
      for (const age of [59_999, 60_000, 60_001, 2 * MINUTE, 21 * MINUTE, 9 * HOUR, 24 * HOUR]) {
        const start = until - age;
        const reached = DUE_AGES.some((due) => start + due > after && start + due <= until);
        expect(isDue(age, { after, until }) || age >= 25 * HOUR).toBe(reached);
      }
      after = until;
    }
  });

  it('is nothing where no time has passed', () => {
    expect(dueRanges({ after: NOW, until: NOW })).toEqual([]);
    expect(dueRanges({ after: NOW + 1, until: NOW })).toEqual([]);
  });

  it('is given oldest first, in ranges that do not touch', () => {
    const ranges = dueRanges({ after: NOW - MINUTE, until: NOW });
    expect(ranges.length).toBeGreaterThan(20);
    for (const [index, range] of ranges.entries()) {
      expect(range.from).toBeLessThanOrEqual(range.to);
      expect(range.from).toBeGreaterThan((ranges[index - 1]?.to ?? 0) + 1);
    }
  });

  it('is everything older than 25 hours when the hour turns, and only then', () => {
    const turn = Date.parse('2026-11-26T09:00:00Z');
    expect(isDue(1_000 * HOUR, { after: turn - MINUTE, until: turn - 1 })).toBe(false);
    expect(isDue(1_000 * HOUR, { after: turn - MINUTE, until: turn })).toBe(true);
    expect(isDue(26 * HOUR, { after: turn, until: turn + MINUTE })).toBe(false);
  });

  it.each([
    [4, false],
    [5, true],
    [7, true],
    [8, false],
  ])('from 5 to 7 holds %d: %s', (startedAt, held) => {
    expect(contains({ from: 5, to: 7 }, startedAt)).toBe(held);
  });

  it('beyond a position is what started later', () => {
    const ranges = [
      { from: 1, to: 5 },
      { from: 8, to: 9 },
      { from: 11, to: 11 },
    ];
    expect(rangesBeyond(ranges, 0)).toEqual(ranges);
    expect(rangesBeyond(ranges, 8)).toEqual([{ from: 9, to: 9 }, ranges[2]]);
    expect(rangesBeyond(ranges, 11)).toEqual([]);
  });
});
