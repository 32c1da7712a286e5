import { describe, expect, it } from 'vitest';
import { RecordLog, type Span } from '../../../src/observation/record-log.ts';

interface Numbered {
  readonly id: number;
  readonly isOdd: boolean;
}

const logOf = (count: number, most?: number) => {
  const log = new RecordLog<Numbered, Span & { readonly isOdd?: boolean }>(
    (record, { isOdd }) => isOdd === undefined || isOdd === record.isOdd,
    most,
  );
  for (let i = 1; i <= count; i++) log.add({ isOdd: i % 2 === 1 });
  return log;
};
const ids = (records: readonly Numbered[]) => records.map(({ id }) => id);

describe('A record', () => {
  it('finds what fits, after an id, up to a limit, oldest first', () => {
    const log = logOf(10);
    expect(ids(log.find({ isOdd: true }))).toEqual([1, 3, 5, 7, 9]);
    expect(ids(log.find({ isOdd: true, after: 3, limit: 2 }))).toEqual([5, 7]);
    expect(ids(log.find({ limit: 0 }))).toEqual([]);
  });

  it('lets the oldest go in bulk, and finds what is left by its id', () => {
    const log = logOf(20, 8);
    expect(ids(log.entries())).toEqual([13, 14, 15, 16, 17, 18, 19, 20]);
    expect(ids(log.find({ after: 18 }))).toEqual([19, 20]);
    expect(ids(log.find({ after: 2, limit: 1 })).every((id) => id > 2)).toBe(true);
    expect(log.latestId).toBe(20);
  });

  it('forgets when told to, and counts on', () => {
    const log = logOf(3);
    log.clear();
    log.add({ isOdd: false });
    expect(ids(log.find({}))).toEqual([4]);
  });

  it('wakes whoever waits, once, and counts what was there before', async () => {
    const log = logOf(3);
    const three = log.waitFor({ isOdd: true }, { count: 3 });
    const later = log.waitFor({ isOdd: true, after: log.latestId });
    for (const isOdd of [false, true, true]) log.add({ isOdd });
    expect(ids(await three)).toEqual([1, 3, 5]);
    expect(ids(await later)).toEqual([5]);
  });
});
