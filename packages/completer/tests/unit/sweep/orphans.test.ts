import type { TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { awsError, CANARIES, KEY, NOW, OWNER_ROLE, STATEMENT_ID } from '../../helpers/fixtures.ts';
import { aged, halfDone, LISTED, TestSweep } from '../../helpers/sweep.ts';

const MINUTE = 60_000;
const ATTEMPT = { state: 'Load', enteredTime: '2026-11-26T07:59:00Z', retryCount: 0, redriveCount: 0 };

let sweep: TestSweep;

beforeEach(() => {
  sweep = new TestSweep();
  sweep.describe = () => Promise.resolve({ state: 'STARTED' });
  sweep.beat = () => Promise.resolve('gone');
});

const stored = (): TrackingItem | undefined => sweep.table.stored(KEY);
/** The next run, so much later. */
const runAfter = async (milliseconds: number) => {
  sweep.time += milliseconds;
  await sweep.run();
};
const LOOK = ['GetItem', 'DescribeStatement'];

describe('a statement that runs, whose request told its attempt,', () => {
  it('is left alone while its task answers a heartbeat', async () => {
    sweep.table.seed(aged(MINUTE, { attempt: ATTEMPT }));
    sweep.beat = (token) => Promise.resolve(token === CANARIES.taskToken ? 'waits' : 'gone');

    await sweep.run();

    expect(sweep.takeCalls()).toEqual([...LOOK, 'SendTaskHeartbeat']);
    expect(stored()).toEqual(aged(MINUTE, { attempt: ATTEMPT }));
  });

  it('is left to a retry for a while when its task is gone, then cancelled as its owner', async () => {
    sweep.table.seed(aged(MINUTE, { attempt: ATTEMPT }));

    await sweep.run();
    expect(sweep.takeCalls()).toEqual([...LOOK, 'SendTaskHeartbeat', 'UpdateItem']);
    expect(stored()).toMatchObject({ status: 'submitted', goneSince: NOW });
    await runAfter(49_999);
    expect(sweep.takeCalls()).toEqual([...LOOK, 'SendTaskHeartbeat']);
    await runAfter(1);

    expect(sweep.takeCalls()).toEqual([...LOOK, 'SendTaskHeartbeat', 'UpdateItem', 'CancelStatement']);
    expect(sweep.asked.at(-1)).toEqual({ role: OWNER_ROLE, what: STATEMENT_ID });
    expect(stored()?.status).toBe('cancelling');
    expect(sweep.telemetry.counts).toEqual(['StatementCancelled']);
  });

  it('is not cancelled when a retry has adopted it meanwhile', async () => {
    sweep.table.seed(aged(MINUTE, { attempt: ATTEMPT, goneSince: NOW - MINUTE }));
    const adopted = aged(MINUTE, { attempt: { ...ATTEMPT, retryCount: 1 }, generation: 2 });
    sweep.table.beforeMark = () => {
      sweep.table.seed(adopted);
      sweep.beat = () => Promise.resolve('waits');
    };

    await sweep.run();

    expect(sweep.takeCalls()).not.toContain('CancelStatement');
    expect(stored()).toEqual(adopted);
  });

  it('of whose task Step Functions knows nothing is cancelled when its execution is over', async () => {
    const executionArn = 'arn:aws:states:eu-central-1:123456789012:execution:load:shared';
    sweep.table.seed(aged(MINUTE, { attempt: ATTEMPT, executionArn }));
    sweep.beat = () => Promise.resolve('unknown');
    const asked: string[] = [];
    sweep.isOver = (arn) => Promise.resolve(asked.push(arn) > 1);

    await sweep.run();
    expect(stored()?.status).toBe('submitted');
    sweep.watermark = undefined;
    await sweep.run();

    expect(asked).toEqual([executionArn, executionArn]);
    expect(stored()?.status).toBe('cancelling');
  });

  it('is looked at again where the heartbeat fails', async () => {
    sweep.table.seed(aged(MINUTE, { attempt: ATTEMPT }));
    sweep.beat = () => Promise.reject(awsError('ThrottlingException', 400));

    await sweep.run();

    expect(stored()).toEqual(aged(MINUTE, { attempt: ATTEMPT }));
    expect(sweep.telemetry.counts).toEqual(['SweepCheckFailed']);
    expect(sweep.log).not.toContain('canary');
  });
});

describe('a statement that runs, whose request told no attempt,', () => {
  it('is cancelled when its execution is over; its task gets no heartbeat', async () => {
    sweep.table.seed(aged(MINUTE));
    sweep.isOver = (arn) => Promise.resolve(arn === KEY.owner);

    await sweep.run();

    expect(sweep.takeCalls()).toEqual([...LOOK, 'DescribeExecution', 'UpdateItem', 'CancelStatement']);
    expect(stored()?.status).toBe('cancelling');
  });

  it.each([
    ['of an Express execution', 'arn:aws:states:eu-central-1:123456789012:express:load:7a10:1'],
    ['under an idempotency key, as older versions wrote it', 'key-daily'],
    ['under an idempotency key that names an execution', `key-${KEY.owner}`],
  ])('%s is left alone: nobody can tell', async (_case, owner) => {
    sweep.table.seed(aged(MINUTE, { owner }));
    sweep.isOver = () => Promise.resolve(true);

    await sweep.run();

    expect(sweep.takeCalls()).toEqual(LOOK);
  });
});

describe('a statement that nobody waits for', () => {
  const forsaken = (change: Partial<TrackingItem> = {}) =>
    aged(MINUTE, { attempt: ATTEMPT, goneSince: NOW - MINUTE, ...change });

  it.each<[string, Partial<TrackingItem>]>([
    ['is to be left', { onTimeout: 'leave' }],
    ['never had a task', { callback: { type: 'none' } }],
  ])('runs on where it %s', async (_case, change) => {
    sweep.table.seed(forsaken(change));

    await sweep.run();

    expect(sweep.takeCalls()).toEqual(LOOK);
  });

  it('and whose id is found only now is noted, and cancelled', async () => {
    sweep.table.seed(halfDone(MINUTE));
    sweep.list = () => Promise.resolve([LISTED]);
    sweep.isOver = () => Promise.resolve(true);

    await sweep.run();

    expect(sweep.takeCalls().slice(3)).toEqual(['NoteStatement', 'DescribeExecution', 'UpdateItem', 'CancelStatement']);
    expect(stored()).toMatchObject({ status: 'cancelling', statementId: STATEMENT_ID });
    expect(sweep.log).not.toContain('cancel is left to the next run');
  });

  it('is cancelled again in every run, whatever its age, until it has ended; and closed as it ended', async () => {
    sweep.table.seed(forsaken());
    sweep.cancel = () => Promise.reject(awsError('ThrottlingException', 400));
    await sweep.run();
    expect(sweep.log).toContain('cancel is left to the next run');
    sweep.takeCalls();

    sweep.cancel = () => Promise.resolve(true);
    await runAfter(1_000);
    expect(sweep.takeCalls()).toEqual([...LOOK, 'CancelStatement']);

    sweep.describe = () => Promise.resolve({ state: 'FINISHED' });
    sweep.deliver = () => Promise.resolve({ type: 'gone', reason: 'TaskTimedOut' });
    await runAfter(1_000);
    expect(stored()).toMatchObject({ status: 'closed', outcome: 'FINISHED', delivered: false });
  });

  it('and had ended before it could be cancelled is closed as it ended', async () => {
    sweep.table.seed(forsaken());
    const message = 'Could not cancel a query that is already in FINISHED state.';
    sweep.cancel = () => Promise.reject(Object.assign(awsError('ValidationException', 400), { message }));
    await sweep.run();
    expect(sweep.telemetry.counts).toEqual([]);

    sweep.describe = () => Promise.resolve({ state: 'FINISHED' });
    await runAfter(1_000);

    expect(stored()).toMatchObject({ status: 'closed', outcome: 'FINISHED' });
  });
});

describe('watched statements', () => {
  const cancelled = () => sweep.calls.filter((call) => call === 'CancelStatement').length;

  beforeEach(() => {
    for (let n = 0; n < 45; n++)
      sweep.table.seed(aged(2 * MINUTE - n, { owner: `watched-${n}`, status: 'cancelling', statementId: `w-${n}` }));
    sweep.table.seed(aged(MINUTE, { onTimeout: 'leave' }));
  });

  it('take half of the time of a run at most', async () => {
    await sweep.run(() => (cancelled() < 40 ? 60_000 : 29_999));

    expect(cancelled()).toBe(40);
    expect(sweep.telemetry.counts).toContain('SweepUnfinished');
    expect(sweep.telemetry.lines).toContainEqual({
      level: 'warn',
      message: 'time is over before all that is watched was looked at',
      fields: { position: NOW - 2 * MINUTE + 40 },
    });
    expect(sweep.asked.at(-1)).toEqual({ role: OWNER_ROLE, what: STATEMENT_ID });
    expect(sweep.watermark).toEqual({ checkedUntil: NOW });
  });

  it('are all looked at in half of the time', async () => {
    await sweep.run(() => (cancelled() < 40 ? 60_000 : 30_000));

    expect(cancelled()).toBe(45);
    expect(sweep.telemetry.counts).not.toContain('SweepUnfinished');
  });
});
