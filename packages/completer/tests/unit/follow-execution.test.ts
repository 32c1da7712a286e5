import type { TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { HeldBack } from '../../src/errors.ts';
import { TestDrain } from '../helpers/drain.ts';
import { awsError, ITEM, KEY, NOW, OWNER_ROLE, recordOf, STATEMENT_ID } from '../helpers/fixtures.ts';

const ATTEMPT = { state: 'Load', enteredTime: '2026-11-26T07:59:00Z', retryCount: 0, redriveCount: 0 };

let drain: TestDrain;

beforeEach(() => {
  drain = new TestDrain();
});

const ended = (fields: Record<string, unknown> = {}) => ({
  type: 'executionEnded',
  executionArn: KEY.owner,
  status: 'ABORTED',
  redriveCount: 0,
  stopDate: NOW - 1_000,
  ...fields,
});

const take = (fields: Record<string, unknown> = {}, deferrals = 0) =>
  drain.retried(recordOf(ended(fields), 'm1', deferrals));

/** The n-th statement of the execution; the first is the newest. */
const itemOf = (n: number, changes: Partial<TrackingItem> = {}): TrackingItem => ({
  ...ITEM,
  invocationKey: `${KEY.invocationKey.slice(0, -2)}${String(n).padStart(2, '0')}`,
  statementId: `${STATEMENT_ID.slice(0, -2)}${String(n).padStart(2, '0')}`,
  startedAt: ITEM.startedAt - n,
  ...changes,
});

const seed = (...items: TrackingItem[]) => {
  for (const item of items) drain.table.seed(item);
};

const unnoted = (changes: Partial<TrackingItem> = {}): TrackingItem => {
  const { statementId: _, ...item } = ITEM;
  return { ...item, status: 'starting', ...changes };
};

const waits = () => drain.deferred.map(({ seconds }) => seconds);

const refusal = (state: string) =>
  Object.assign(new Error(`Could not cancel a query that is already in ${state} state with ID: ${STATEMENT_ID}`), {
    name: 'ValidationException',
    $metadata: { httpStatusCode: 400 },
  });

describe('an execution that was stopped, timed out or failed', () => {
  it.each(['ABORTED', 'TIMED_OUT', 'FAILED'])(
    '%s: what it has left running is cancelled as its owner',
    async (status) => {
      seed(ITEM);

      expect(await take({ status })).toEqual([]);

      expect(drain.calls).toEqual(['Query', 'UpdateItem', 'CancelStatement']);
      expect(drain.cancelled).toEqual([{ role: OWNER_ROLE, statementId: STATEMENT_ID }]);
      expect(drain.telemetry.counts).toEqual(['StatementCancelled']);
    },
  );

  it('leaves the item open, as cancelling: how the statement ended its own event tells', async () => {
    seed(ITEM);

    await take();

    expect(drain.table.stored(KEY)).toEqual({ ...ITEM, status: 'cancelling' });
  });

  it('that has nothing open here costs one query, and is counted once', async () => {
    seed({ ...ITEM, owner: `${KEY.owner}-other` }, itemOf(1, { status: 'closed', outcome: 'FAILED' }));

    await take();
    expect(drain.telemetry.counts).toEqual(['ExecutionForeign']);
    await take({}, 1);

    expect(drain.calls).toEqual(['Query', 'Query']);
    expect(drain.telemetry.counts).toEqual(['ExecutionForeign']);
    expect(drain.telemetry.lines).toEqual([]);
  });

  it('has all its statements cancelled', async () => {
    seed(itemOf(1), itemOf(2), itemOf(3));

    await take();

    expect(drain.cancelled.map(({ statementId }) => statementId)).toEqual([1, 2, 3].map((n) => itemOf(n).statementId));
    expect(waits()).toEqual([]);
  });

  it('leaves what shall be left, and what no task has waited for', async () => {
    seed(
      itemOf(1, { onTimeout: 'leave' }),
      itemOf(2, { callback: { type: 'none' } }),
      itemOf(3, { onTimeout: 'cancel' }),
    );

    await take();

    expect(drain.cancelled.map(({ statementId }) => statementId)).toEqual([itemOf(3).statementId]);
    expect(drain.table.stored(itemOf(1))).toMatchObject({ status: 'submitted' });
  });

  it('whose name is too long for an owner is found all the same', async () => {
    const executionArn = `${KEY.owner}${'x'.repeat(400)}`;

    await take({ executionArn });

    expect(drain.calls).toEqual(['Query']);
  });

  it('that is told twice is cancelled again, without a second note', async () => {
    seed({ ...ITEM, status: 'cancelling' });

    expect(await take()).toEqual([]);

    expect(drain.calls).toEqual(['Query', 'CancelStatement']);
  });

  it('logs no secret', async () => {
    seed(ITEM, itemOf(1));
    drain.cancel = () => Promise.reject(awsError('AccessDeniedException', 403));

    await take();

    expect(drain.log).not.toContain('canary');
  });
});

const STOPPED = NOW - 5_000;

describe('an execution that was redriven since', () => {
  it.each<[string, Partial<TrackingItem>, Record<string, unknown>]>([
    ['attempt', { attempt: { ...ATTEMPT, redriveCount: 1 } }, {}],
    ['start, without an attempt', { startedAt: NOW }, {}],
    ['start, where the event does not tell its run', { attempt: ATTEMPT, startedAt: NOW }, { redriveCount: '' }],
  ])('keeps what its later run has started, by its %s', async (_by, changes, fields) => {
    seed({ ...ITEM, ...changes });

    await take(fields);

    expect(drain.cancelled).toEqual([]);
    expect(drain.table.stored(KEY)?.status).toBe('submitted');
  });

  it.each<[string, Partial<TrackingItem>, Record<string, unknown>]>([
    ['attempt of the same run, even if the invoker was late', { attempt: ATTEMPT, startedAt: NOW }, {}],
    ['attempt of an earlier run', { attempt: ATTEMPT }, { redriveCount: 1 }],
    ['start before the end', {}, {}],
    ['start in the moment of the end', { startedAt: STOPPED }, { stopDate: STOPPED }],
    ['event that tells neither run nor time', { startedAt: NOW }, { redriveCount: '', stopDate: '' }],
  ])('loses what the ended run has left, by its %s', async (_by, changes, fields) => {
    seed({ ...ITEM, ...changes });

    await take(fields);

    expect(drain.cancelled).toHaveLength(1);
  });

  it('keeps what another attempt takes over while we look', async () => {
    seed(ITEM);
    drain.table.beforeMark = () => seed({ ...ITEM, generation: 2, attempt: { ...ATTEMPT, redriveCount: 1 } });

    await take();

    expect(drain.cancelled).toEqual([]);
    expect(waits()).toEqual([2]);
  });
});

describe('a statement whose id is not noted yet', () => {
  it('is waited for, soon at first, at last until the start deadline', async () => {
    seed(unnoted({ startDeadline: NOW + 10_000 }));

    await take();
    await take({}, 1);
    await take({}, 4);

    expect(waits()).toEqual([2, 4, 11]);
    expect(drain.cancelled).toEqual([]);
  });

  it('past the deadline is left to the sweep', async () => {
    seed(unnoted({ startDeadline: NOW - 1 }));

    expect(await take()).toEqual([]);

    expect(waits()).toEqual([]);
    expect(drain.log).toContain('no id yet');
  });

  it('keeps no other from being cancelled', async () => {
    seed(unnoted({ startDeadline: NOW + 10_000 }), itemOf(1));

    await take();

    expect(drain.cancelled).toHaveLength(1);
    expect(waits()).toEqual([2]);
  });
});

describe('a cancel', () => {
  beforeEach(() => seed(ITEM));

  it.each(['FINISHED', 'FAILED', 'ABORTED'])('of a statement that is %s meanwhile is no failure', async (state) => {
    drain.cancel = () => Promise.reject(refusal(state));

    expect(await take()).toEqual([]);

    expect(waits()).toEqual([]);
    expect(drain.telemetry.counts).toEqual([]);
    expect(drain.table.stored(KEY)?.status).toBe('cancelling');
  });

  it('of a statement that the Data API has forgotten is no failure', async () => {
    drain.cancel = () => Promise.reject(awsError('ResourceNotFoundException', 400));

    expect(await take()).toEqual([]);
    expect(waits()).toEqual([]);
  });

  it.each<[string, () => Promise<boolean>]>([
    ['of a statement that has not begun to run', () => Promise.reject(refusal('SUBMITTED'))],
    ['that is not accepted', () => Promise.resolve(false)],
  ])('%s is tried again soon', async (_what, cancel) => {
    drain.cancel = cancel;

    expect(await take()).toEqual([]);

    expect(waits()).toEqual([2]);
    expect(drain.telemetry.counts).toEqual(['MessageDeferred']);
  });

  it.each<[string, Error]>([
    ['throttled', awsError('ThrottlingException', 400)],
    ['held back by us', new HeldBack('too many')],
    ['too slow for the Data API', awsError('QueryTimeoutException', 400)],
  ])('%s uses up no receive, ends the round, and is tried again later and later', async (_why, error) => {
    seed(itemOf(1));
    drain.cancel = () => Promise.reject(error);

    expect(await take()).toEqual([]);
    expect(drain.cancelled).toHaveLength(1);
    await take({}, 3);
    await take({}, 50);

    expect(waits()).toEqual([2, 16, 60]);
  });

  it.each<[string, Error]>([
    ['met by a fault', awsError('InternalServerException', 500)],
    ['that got no answer', awsError('TimeoutError')],
  ])('%s is received again, and keeps no other from being cancelled', async (_why, error) => {
    seed(itemOf(1));
    drain.cancel = (id) => (id === STATEMENT_ID ? Promise.reject(error) : Promise.resolve(true));

    expect(await take()).toEqual(['m1']);

    expect(drain.telemetry.counts).toEqual(['StatementCancelled', 'MessageRetried']);
  });

  it('without permission is counted, and received again: somebody may give it', async () => {
    drain.cancel = () => Promise.reject(awsError('AccessDeniedException', 403));

    expect(await take()).toEqual(['m1']);

    expect(drain.telemetry.counts).toEqual(['CancelRefused', 'MessageRetried']);
  });

  it('refused as invalid is counted and given up', async () => {
    drain.cancel = () => Promise.reject(awsError('ValidationException', 400));

    expect(await take()).toEqual([]);

    expect(waits()).toEqual([]);
    expect(drain.telemetry.counts).toEqual(['CancelRefused']);
  });
});

describe('a round', () => {
  it.each([2_500, 3_000])('ends after 5 seconds, so that other messages get their turn (%d ms a call)', async (ms) => {
    seed(itemOf(1), itemOf(2), itemOf(3));
    drain.cancel = () => {
      drain.time += ms;
      return Promise.resolve(true);
    };

    await take();

    expect(drain.cancelled).toHaveLength(2);
    expect(waits()).toEqual([2]);
  });

  it('waits no longer than the statement that can be cancelled first', async () => {
    seed(unnoted({ startDeadline: NOW + 9_000 }), itemOf(2));
    drain.cancel = () => Promise.resolve(false);

    await take({}, 4);

    expect(waits()).toEqual([2]);
  });
});

describe('a message that is no proper one', () => {
  it('is acknowledged and counted', async () => {
    expect(await take({ executionArn: '' })).toEqual([]);

    expect(drain.telemetry.counts).toEqual(['MessageMalformed']);
  });
});
