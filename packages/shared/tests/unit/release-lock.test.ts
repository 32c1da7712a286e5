import { beforeEach, describe, expect, it } from 'vitest';
import { type LockedItem, names, releaseLock } from '../../src/index.ts';
import { ITEM } from '../helpers/examples.ts';

const LOCKED: LockedItem = { ...ITEM, lock: 'lock-1' };

let released: LockedItem[];
let told: unknown[];

beforeEach(() => {
  released = [];
  told = [];
});

const dependencies = (release: (item: LockedItem) => Promise<boolean>) => ({
  locks: { release },
  telemetry: {
    count: (metric: string) => told.push(metric),
    error: (...line: unknown[]) => told.push(line),
  },
});

const letGo = (item: LockedItem) => Promise.resolve(released.push(item) > 0);

describe('a statement that has ended', () => {
  it('lets its lock go, and says nothing of it', async () => {
    await releaseLock(LOCKED, dependencies(letGo));

    expect(released).toEqual([LOCKED]);
    expect(told).toEqual([]);
  });

  it('without a lock touches none', async () => {
    await releaseLock(ITEM, dependencies(letGo));

    expect(released).toEqual([]);
    expect(told).toEqual([]);
  });

  it('whose lock cannot be let go is counted and logged, no more', async () => {
    const error = Object.assign(new Error(`no: ${JSON.stringify(ITEM.callback)}`), { name: 'InternalServerError' });

    await releaseLock(
      LOCKED,
      dependencies(() => Promise.reject(error)),
    );

    expect(told).toEqual([
      names.METRICS.lockNotReleased,
      ['lock not released', { statementName: ITEM.statementName, error: 'InternalServerError' }],
    ]);
  });
});
