import type { TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { adoptPointed, isAdoptable, pointerTo } from '../../src/adopt-earlier.ts';
import type { ClaimRequest } from '../../src/claim.ts';
import { START, type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { claimWith, itemWith, REQUEST } from '../helpers/requests.ts';

describe('an item of an earlier attempt', () => {
  const UNTOLD = { status: 'closed', outcome: 'FINISHED', delivered: false } as const;

  it.each<[string, Partial<TrackingItem>, boolean]>([
    ['runs', { status: 'submitted' }, true],
    ['is being started', { status: 'starting' }, true],
    ['is being cancelled', { status: 'cancelling' }, false],
    ['has finished, which nobody was told', UNTOLD, true],
    ['has failed, which nobody was told', { ...UNTOLD, outcome: 'FAILED' }, true],
    ['was aborted', { ...UNTOLD, outcome: 'ABORTED' }, false],
    ['was refused', { ...UNTOLD, outcome: 'REFUSED' }, false],
    ['has ended nobody knows how', { ...UNTOLD, outcome: 'UNKNOWN' }, false],
    ['has finished, which its task was told', { ...UNTOLD, delivered: true }, false],
    ['has finished, and had nobody to tell', { status: 'closed', outcome: 'FINISHED' }, false],
  ])('that %s: %j, is adopted: %s', (_what, changes, adopted) => {
    expect(isAdoptable(itemWith(changes))).toBe(adopted);
  });

  it('that has ended without a statement is not adopted', () => {
    expect(isAdoptable(claimWith(UNTOLD))).toBe(false);
  });
});

describe('a pointer', () => {
  const EARLIER = itemWith({ invocationKey: 'e'.repeat(32) });
  const OWN = claimWith({
    generation: 1,
    callback: { type: 'stepFunctions', taskToken: 'token-of-the-retry' },
    startDeadline: START + 60_000,
  });
  const POINTER = pointerTo(EARLIER, OWN);
  const request: ClaimRequest = { item: OWN, onRetry: 'adopt', isShared: false, waitUntil: START + 30_000 };

  let dependencies: TestDependencies;
  beforeEach(() => {
    dependencies = testDependencies();
  });

  const followed = (pointer = POINTER) => adoptPointed(pointer, request, dependencies);

  it('is the retry without its token, closed', () => {
    expect(POINTER).toEqual({
      ...OWN,
      status: 'closed',
      callback: { type: 'none' },
      adopts: { invocationKey: EARLIER.invocationKey, generation: 1 },
    });
  });

  it('leads to the item, which is adopted', async () => {
    dependencies.table.seed(EARLIER);

    expect(await followed()).toMatchObject({ type: 'adopted', item: { generation: 2, callback: OWN.callback } });
  });

  it('leads to the item that this very task has adopted already', async () => {
    dependencies.table.seed({ ...EARLIER, generation: 2, callback: OWN.callback });

    expect(await followed()).toMatchObject({ type: 'adopted', item: { generation: 2 } });
    expect(dependencies.table.items[0]?.generation).toBe(2);
  });

  it('leads nowhere where another has adopted the item', async () => {
    dependencies.table.seed({ ...EARLIER, generation: 2 });

    expect(await followed()).toBeUndefined();
    expect(dependencies.table.items[0]?.callback).toEqual(REQUEST.callback);
  });

  it('leads nowhere where the item has expired', async () => {
    expect(await followed()).toBeUndefined();
  });

  it('that is none leads nowhere', async () => {
    expect(await followed(OWN)).toBeUndefined();
  });
});
