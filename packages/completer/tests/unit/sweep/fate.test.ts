import { expect, it } from 'vitest';
import { fateOf } from '../../../src/sweep/fate.ts';
import { ITEM } from '../../helpers/fixtures.ts';
import { TestSweep } from '../../helpers/sweep.ts';

it('of a statement that no task of Step Functions waits for nobody is asked: it is waited for', async () => {
  const sweep = new TestSweep();

  expect(await fateOf({ ...ITEM, callback: { type: 'none' } }, sweep.dependencies)).toBe('waits');
  expect(sweep.calls).toEqual([]);
});
