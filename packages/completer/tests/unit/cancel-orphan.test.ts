import type { TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { cancelOrphan } from '../../src/cancel-orphan.ts';
import { HeldBack } from '../../src/errors.ts';
import { TestDrain } from '../helpers/drain.ts';
import { awsError, ITEM, NOW } from '../helpers/fixtures.ts';

let drain: TestDrain;

beforeEach(() => {
  drain = new TestDrain();
});

const orphanOf = async (item: TrackingItem) => {
  drain.table.seed(item);
  return await cancelOrphan(item, drain.dependencies);
};

const { statementId: _statementId, ...CLAIM } = ITEM;

describe('a statement that nobody waits for', () => {
  it('is cancelled', async () => {
    expect(await orphanOf(ITEM)).toEqual({ type: 'cancelled' });
    expect(drain.calls).toEqual(['UpdateItem', 'CancelStatement']);
  });

  it.each<[string, Partial<TrackingItem>, string]>([
    ['has ended', { status: 'closed' }, 'ended'],
    ['never had a task', { callback: { type: 'none' } }, 'left'],
    ['is to be left', { onTimeout: 'leave' }, 'left'],
  ])('that %s costs no call', async (_what, changes, type) => {
    expect(await orphanOf({ ...ITEM, ...changes })).toEqual({ type });
    expect(drain.calls).toEqual([]);
  });

  it('that is to be cancelled on time-out is cancelled', async () => {
    expect(await orphanOf({ ...ITEM, onTimeout: 'cancel' })).toEqual({ type: 'cancelled' });
  });

  it.each([
    [30_000, { type: 'wait', seconds: 31 }],
    [0, { type: 'wait', seconds: 1 }],
    [-1, { type: 'unknown' }],
  ])('whose id is not noted yet, %d ms before the start deadline: %j', async (leftMs, orphan) => {
    expect(await orphanOf({ ...CLAIM, status: 'starting', startDeadline: NOW + leftMs })).toEqual(orphan);
    expect(drain.calls).toEqual([]);
  });

  it('that another attempt has taken over is looked at again soon', async () => {
    drain.table.beforeMark = () => drain.table.seed({ ...ITEM, generation: 2 });

    expect(await orphanOf(ITEM)).toEqual({ type: 'wait', seconds: 2 });
    expect(drain.cancelled).toEqual([]);
  });

  it('whose cancel is not accepted is cancelled again soon', async () => {
    drain.cancel = () => Promise.resolve(false);

    expect(await orphanOf(ITEM)).toEqual({ type: 'wait', seconds: 2 });
    expect(drain.telemetry.counts).toEqual([]);
  });

  const uncancellable = (state: string) =>
    Object.assign(awsError('ValidationException', 400), {
      message: `Could not cancel a query that is already in ${state} state with ID: x`,
    });

  it.each([
    ['it has ended', uncancellable('FINISHED'), { type: 'ended' }],
    ['it has not begun', uncancellable('SUBMITTED'), { type: 'wait', seconds: 2 }],
    ['it is forgotten', awsError('ResourceNotFoundException', 404), { type: 'ended' }],
    ['of our own pace', new HeldBack('later'), { type: 'heldBack' }],
    ['of the quota', awsError('ThrottlingException', 400), { type: 'heldBack' }],
    ['Redshift was too slow', awsError('QueryTimeoutException', 500), { type: 'heldBack' }],
    ['it is invalid', awsError('ValidationException', 400), { type: 'refused' }],
  ])('whose cancel fails because %s', async (_why, error, orphan) => {
    drain.cancel = () => Promise.reject(error);

    expect(await orphanOf(ITEM)).toEqual(orphan);
  });

  it.each([
    ['nobody knows why', awsError('InternalServerException', 500), []],
    ['a permission is missing', awsError('AccessDeniedException', 403), ['CancelRefused']],
  ])('whose cancel fails because %s may be cancelled later', async (_why, error, counts) => {
    drain.cancel = () => Promise.reject(error);

    await expect(orphanOf(ITEM)).rejects.toBe(error);
    expect(drain.telemetry.counts).toEqual(counts);
  });
});
