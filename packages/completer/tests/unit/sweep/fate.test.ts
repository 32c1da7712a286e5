import { beforeEach, describe, expect, it } from 'vitest';
import { fateOf } from '../../../src/sweep/fate.ts';
import { ITEM } from '../../helpers/fixtures.ts';
import { TestSweep } from '../../helpers/sweep.ts';

let sweep: TestSweep;

beforeEach(() => {
  sweep = new TestSweep();
});

describe('a statement', () => {
  it('that no task of Step Functions waits for is waited for: nobody is asked', async () => {
    expect(await fateOf({ ...ITEM, callback: { type: 'none' } }, sweep.dependencies)).toBe('waits');
    expect(sweep.calls).toEqual([]);
  });

  it.each([
    [true, 'executionOver'],
    [false, 'waits'],
  ])('of an execution that is over (%s): %s', async (isOver, fate) => {
    sweep.isOver = () => Promise.resolve(isOver);

    expect(await fateOf(ITEM, sweep.dependencies)).toBe(fate);
  });
});
