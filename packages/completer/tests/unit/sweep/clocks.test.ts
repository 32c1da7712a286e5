import type { TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { awsError, KEY, NOW } from '../../helpers/fixtures.ts';
import { aged, TestSweep } from '../../helpers/sweep.ts';

const MINUTE = 60_000;
const LOOK = ['GetItem', 'DescribeStatement'];

let sweep: TestSweep;

beforeEach(() => {
  sweep = new TestSweep();
  sweep.describe = () => Promise.resolve({ state: 'STARTED' });
});

const stored = (): TrackingItem | undefined => sweep.table.stored(KEY);
const heartbeats = () => sweep.calls.filter((call) => call === 'SendTaskHeartbeat').length;
const runAfter = async (milliseconds: number) => {
  sweep.time += milliseconds;
  await sweep.run();
};

describe('a task that asked for heartbeats', () => {
  const beating = (change: Partial<TrackingItem> = {}) => aged(5_000, { heartbeatSeconds: 180, ...change });

  it('gets one in every run, whatever the age of its statement, and nothing is written', async () => {
    sweep.table.seed(beating());

    await sweep.run();
    await runAfter(MINUTE);
    await runAfter(5_000);

    expect(sweep.takeCalls()).toEqual(Array.from({ length: 3 }, () => [...LOOK, 'SendTaskHeartbeat']).flat());
  });

  it.each<[string, Partial<TrackingItem>]>([
    ['is to be left', { onTimeout: 'leave' }],
    ['is being cancelled', { status: 'cancelling' }],
    ['is being cancelled for running too long', { status: 'cancelling', cancelCause: 'maxRuntimeSeconds' }],
  ])('gets one also where its statement %s', async (_case, change) => {
    sweep.table.seed(beating(change));

    await sweep.run();

    expect(heartbeats()).toBe(1);
  });

  it.each([
    ['ThrottlingException', 400, 1],
    ['InternalServerException', 500, 1],
    ['AccessDeniedException', 403, 1],
    ['ResourceNotFoundException', 400, 0],
  ])('where the look at its statement fails with %s (%d) gets %d', async (name, status, count) => {
    sweep.table.seed(beating());
    sweep.describe = () => Promise.reject(awsError(name, status));

    await sweep.run();

    expect(heartbeats()).toBe(count);
    expect(sweep.telemetry.counts).toEqual(['SweepCheckFailed']);
  });

  it('gets none where no statement was started', async () => {
    const { statementId: _id, ...claim } = beating({ status: 'starting', startDeadline: NOW - MINUTE });
    sweep.table.seed(claim);

    await sweep.run();

    expect(sweep.takeCalls()).toEqual(['GetItem', 'ListStatements']);
  });

  it('and has missed them, or ended, has its statement cancelled', async () => {
    sweep.table.seed(beating());
    sweep.beat = () => Promise.resolve('gone');

    await sweep.run();
    await runAfter(MINUTE);

    expect(stored()?.status).toBe('cancelling');
    expect(sweep.telemetry.counts).toEqual(['StatementCancelled']);
  });
});

describe('a statement with a longest run time', () => {
  const limited = (change: Partial<TrackingItem> = {}) => aged(5_000, { maxRuntimeSeconds: 30, ...change });

  it('is looked at when due by its age only, until its time is up', async () => {
    sweep.table.seed(aged(5_000, { maxRuntimeSeconds: 70 }));

    await runAfter(50_000);
    expect(sweep.takeCalls()).toEqual(['GetItem']);
    await runAfter(5_000);
    expect(sweep.takeCalls()).toEqual([...LOOK, 'DescribeExecution']);
    await runAfter(9_999);
    expect(sweep.takeCalls()).toEqual(['GetItem']);
    await runAfter(1);

    expect(sweep.takeCalls()).toEqual([...LOOK, 'UpdateItem', 'CancelStatement']);
    expect(stored()).toMatchObject({ status: 'cancelling', cancelCause: 'maxRuntimeSeconds' });
    expect(sweep.telemetry.counts).toEqual(['StatementOverran']);
  });

  it.each<[string, Partial<TrackingItem>]>([
    ['nobody waits for it', { callback: { type: 'none' } }],
    ['it is to be left to run when its task is gone', { onTimeout: 'leave' }],
  ])('is cancelled also where %s', async (_case, change) => {
    sweep.table.seed(limited(change));

    await runAfter(30_000);

    expect(sweep.takeCalls()).toContain('CancelStatement');
  });

  it('tells its task why it was cancelled', async () => {
    sweep.table.seed(limited({ status: 'cancelling', cancelCause: 'maxRuntimeSeconds' }));
    sweep.describe = () => Promise.resolve({ state: 'ABORTED', errorText: 'cancelled on user request' });

    await sweep.run();

    expect(sweep.answers[0]?.result).toMatchObject({ type: 'failure', error: 'ABORTED' });
    expect(JSON.stringify(sweep.answers)).toContain(
      'The statement was cancelled because it ran longer than maxRuntimeSeconds (30).',
    );
  });

  it('that finished all the same tells that', async () => {
    sweep.table.seed(limited({ status: 'cancelling', cancelCause: 'maxRuntimeSeconds' }));
    sweep.describe = () => Promise.resolve({ state: 'FINISHED' });

    await sweep.run();

    expect(sweep.answers[0]?.result).toMatchObject({ type: 'success' });
    expect(stored()).toMatchObject({ status: 'closed', outcome: 'FINISHED', delivered: true });
  });

  it('that another task has taken over meanwhile is left to the next run', async () => {
    sweep.table.seed(limited());
    const next = limited({ generation: 2 });
    sweep.table.beforeMark = () => sweep.table.seed(next);

    await runAfter(30_000);

    expect(sweep.takeCalls()).not.toContain('CancelStatement');
    expect(stored()).toEqual(next);
  });
});
