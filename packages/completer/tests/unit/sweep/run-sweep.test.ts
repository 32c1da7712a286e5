import type { TrackingItem } from '@sfn-redshift/shared';
import { threadOf } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { DUE_AGES } from '../../../src/sweep/due-ages.ts';
import {
  awsError,
  CANARIES,
  ITEM,
  KEY,
  NOW,
  OWNER_ROLE,
  STATEMENT_ID,
  STATEMENT_NAME,
} from '../../helpers/fixtures.ts';
import { aged, halfDone, LISTED, TestSweep } from '../../helpers/sweep.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The first age from there on at which a statement is looked at. */
const dueFrom = (age: number): number => DUE_AGES.find((due) => due >= age) ?? age;

let sweep: TestSweep;

beforeEach(() => {
  sweep = new TestSweep();
});

const stored = (): TrackingItem | undefined => sweep.table.stored(KEY);

const causeOf = (index = 0): Record<string, unknown> => {
  const result = sweep.answers[index]?.result;
  if (result?.type !== 'failure') throw new Error('no failure was sent');
  return JSON.parse(result.cause) as Record<string, unknown>;
};

describe('a statement that ended unheard', () => {
  it('succeeds its task with what its event would have said, and is closed', async () => {
    sweep.table.seed(aged(MINUTE));

    await sweep.run();

    expect(sweep.takeCalls()).toEqual(['GetItem', 'DescribeStatement', 'SendTaskSuccess', 'UpdateItem']);
    expect(sweep.asked).toEqual([{ role: OWNER_ROLE, what: STATEMENT_ID }]);
    expect(sweep.answers).toEqual([
      {
        taskToken: CANARIES.taskToken,
        result: {
          type: 'success',
          output: {
            source: 'aws.redshift-data',
            'detail-type': 'Redshift Data Statement Status Change',
            time: '2026-11-26T07:59:30Z',
            detail: {
              statementId: STATEMENT_ID,
              statementName: STATEMENT_NAME,
              state: 'FINISHED',
              rows: 3,
              redshiftQueryId: 42,
            },
            thread: { ...threadOf(ITEM), queryId: 42 },
          },
        },
      },
    ]);
    expect(stored()).toMatchObject({ status: 'closed', outcome: 'FINISHED', delivered: true, closedAt: NOW });
    expect(sweep.telemetry.counts).toEqual(['CallbackDelivered', 'StatementRescued']);
    expect(sweep.telemetry.lines.at(-1)).toMatchObject({
      level: 'warn',
      message: 'statement had ended unheard',
      fields: { statementId: STATEMENT_ID, outcome: 'FINISHED' },
    });
  });

  it.each([
    ['FAILED', 'ERROR: no such table'],
    ['ABORTED', 'cancelled by etl'],
  ])('%s fails its task with the text that it was described with', async (state, errorText) => {
    sweep.table.seed(aged(MINUTE));
    sweep.describe = () => Promise.resolve({ state, errorText });

    await sweep.run();

    expect(sweep.takeCalls()).toEqual(['GetItem', 'DescribeStatement', 'SendTaskFailure', 'UpdateItem']);
    expect(sweep.answers[0]?.result).toMatchObject({ type: 'failure', error: state });
    expect(causeOf()).toMatchObject({ message: errorText, statementId: STATEMENT_ID, state });
    expect(stored()).toMatchObject({ status: 'closed', outcome: state });
  });

  it('lets its lock go', async () => {
    const locked = aged(MINUTE, { lock: 'lock-1' });
    sweep.table.seed(locked);

    await sweep.run();

    expect(sweep.locks.released).toEqual([locked]);
  });

  it('is closed where nobody is to be told', async () => {
    sweep.table.seed(aged(MINUTE, { callback: { type: 'none' } }));

    await sweep.run();

    expect(sweep.takeCalls()).toEqual(['GetItem', 'DescribeStatement', 'UpdateItem']);
    expect(stored()).not.toHaveProperty('delivered');
  });

  it('is closed as undelivered where its task is gone', async () => {
    sweep.table.seed(aged(MINUTE));
    sweep.deliver = () => Promise.resolve({ type: 'gone', reason: 'TaskTimedOut' });

    await sweep.run();

    expect(stored()).toMatchObject({ status: 'closed', outcome: 'FINISHED', delivered: false });
  });

  it('is left to a later run where its task may only not be known yet', async () => {
    sweep.table.seed(aged(MINUTE, { startDeadline: NOW + 1 }));
    sweep.deliver = () => Promise.resolve({ type: 'gone', reason: 'TaskDoesNotExist' });

    await sweep.run();

    expect(sweep.takeCalls()).toEqual(['GetItem', 'DescribeStatement', 'SendTaskSuccess', 'GetItem']);
    expect(sweep.telemetry.counts).toEqual([]);
    expect(stored()?.status).toBe('submitted');
  });

  it('so lately that its event may be on its way is left to that', async () => {
    sweep.table.seed(aged(MINUTE));
    sweep.describe = () => Promise.resolve({ updatedAt: NOW - 14_999 });

    await sweep.run();

    expect(sweep.takeCalls()).toEqual(['GetItem', 'DescribeStatement']);
    expect(sweep.telemetry.counts).toEqual([]);
    sweep.describe = () => Promise.resolve({ updatedAt: NOW - 15_000 });
    sweep.watermark = { checkedUntil: NOW - MINUTE };
    await sweep.run();
    expect(sweep.answers).toHaveLength(1);
  });

  it('is answered once by two runs that overlap', async () => {
    sweep.table.seed(aged(MINUTE));
    let delivered = 0;
    sweep.deliver = () =>
      Promise.resolve(delivered++ === 0 ? { type: 'delivered' } : { type: 'gone', reason: 'TaskTimedOut' });

    await Promise.all([sweep.run(), sweep.run()]);

    expect(delivered).toBe(2);
    expect(stored()).toMatchObject({ status: 'closed', outcome: 'FINISHED', delivered: true });
    expect(sweep.telemetry.counts.filter((count) => count === 'CallbackDelivered')).toHaveLength(1);
  });

  it('is looked at anew where another attempt takes it over meanwhile', async () => {
    sweep.table.seed(aged(MINUTE));
    sweep.table.beforeClose = () => {
      sweep.table.beforeClose = () => undefined;
      sweep.table.seed(aged(MINUTE, { generation: 2, callback: { type: 'stepFunctions', taskToken: 'newer' } }));
    };

    await sweep.run();

    expect(sweep.answers.map(({ taskToken }) => taskToken)).toEqual([CANARIES.taskToken, 'newer']);
    expect(stored()).toMatchObject({ status: 'closed', generation: 2, delivered: true });
  });
});

describe('a statement', () => {
  it.each(['SUBMITTED', 'PICKED', 'STARTED'])('that is %s is left alone', async (state) => {
    sweep.table.seed(aged(MINUTE));
    sweep.describe = () => Promise.resolve({ state });

    await sweep.run();

    expect(sweep.takeCalls()).toEqual(['GetItem', 'DescribeStatement', 'DescribeExecution']);
    expect(stored()).toEqual(aged(MINUTE));
  });

  it('that is not due is not read', async () => {
    sweep.table.seed(aged(MINUTE - 1));

    await sweep.run();

    expect(sweep.calls).toEqual(['Query', 'Query']);
  });

  it('that was closed meanwhile is not asked for', async () => {
    sweep.table.seed(aged(MINUTE));
    sweep.table.beforeRead = () => sweep.table.seed(aged(MINUTE, { status: 'closed', outcome: 'FINISHED' }));

    await sweep.run();

    expect(sweep.takeCalls()).toEqual(['GetItem']);
  });

  it.each([
    ['ResourceNotFoundException', 400, 'Query does not exist.'],
    ['ValidationException', 400, 'Could not retrieve the query result as it has expired after 1790000000.'],
  ])(
    'that Redshift does not know after 24 hours (%s) fails its task under a name that says so',
    async (name, status, message) => {
      sweep.watermark = { checkedUntil: NOW - 3 * HOUR };
      sweep.table.seed(aged(24 * HOUR));
      sweep.describe = () => Promise.reject(Object.assign(awsError(name, status), { message }));

      await sweep.run();

      expect(sweep.answers[0]?.result).toMatchObject({ type: 'failure', error: 'StatementUnknown' });
      expect(causeOf()).toMatchObject({
        statementId: STATEMENT_ID,
        statementName: STATEMENT_NAME,
        state: 'UNKNOWN',
        message: expect.stringContaining('It may have done its work.') as string,
      });
      expect(stored()).toMatchObject({ status: 'closed', outcome: 'UNKNOWN', delivered: true });
      expect(sweep.telemetry.counts).toEqual(['CallbackDelivered', 'StatementUnknown', 'StatementRescued']);
    },
  );

  it.each([
    ['younger than 24 hours', 'ResourceNotFoundException', 400, 23 * HOUR],
    ['of an owner that may not be acted as', 'AccessDenied', 403, 24 * HOUR],
    ['of an owner whose credentials are old', 'ExpiredTokenException', 403, 24 * HOUR],
    ['that is asked for in the wrong way', 'ValidationException', 400, 24 * HOUR],
    ['throttled', 'ThrottlingException', 400, 26 * HOUR],
    ['not reached', 'InternalServerException', 500, 26 * HOUR],
  ])('%s is counted, logged and left, and the others are looked at', async (_case, name, status, age) => {
    const other = { ...aged(MINUTE), owner: 'other' };
    sweep.watermark = { checkedUntil: NOW - 3 * HOUR };
    sweep.table.seed(aged(age));
    sweep.table.seed({ ...other, statementId: 'other' });
    sweep.describe = (id) => (id === 'other' ? Promise.resolve({}) : Promise.reject(awsError(name, status)));

    await sweep.run();

    expect(stored()?.status).toBe('submitted');
    expect(sweep.table.stored(other)?.status).toBe('closed');
    expect(sweep.calls).not.toContain('DescribeExecution');
    expect(sweep.telemetry.counts).toContain('SweepCheckFailed');
    expect(sweep.telemetry.lines).toContainEqual({
      level: 'error',
      message: 'statement could not be looked at',
      fields: expect.objectContaining({ error: name, owner: KEY.owner }) as object,
    });
    expect(sweep.watermark).toEqual({ checkedUntil: NOW });
  });

  it('of an owner that may not be acted as is given up when it cannot run any more', async () => {
    sweep.watermark = { checkedUntil: NOW - 3 * HOUR };
    sweep.table.seed(aged(25 * HOUR));
    sweep.describe = () => Promise.reject(awsError('AccessDenied', 403));

    await sweep.run();

    expect(sweep.answers[0]?.result).toMatchObject({ error: 'StatementUnknown' });
  });
});

describe('a claim without a statement', () => {
  it('is left to its claimant until its deadline, with a margin, is past', async () => {
    sweep.table.seed(halfDone(MINUTE, { startDeadline: NOW - 5_000 }));

    await sweep.run();

    expect(sweep.takeCalls()).toEqual(['GetItem']);
  });

  it('whose statement has ended is answered and closed with its id', async () => {
    sweep.table.seed(halfDone(MINUTE));
    sweep.list = () => Promise.resolve([LISTED, { ...LISTED, statementId: 'older' }]);

    await sweep.run();

    expect(sweep.takeCalls()).toEqual([
      'GetItem',
      'ListStatements',
      'DescribeStatement',
      'SendTaskSuccess',
      'UpdateItem',
    ]);
    expect(sweep.asked[0]).toEqual({ role: OWNER_ROLE, what: STATEMENT_NAME });
    expect(stored()).toMatchObject({ status: 'closed', outcome: 'FINISHED', statementId: STATEMENT_ID });
  });

  it('whose statement runs gets its id', async () => {
    sweep.table.seed(halfDone(MINUTE));
    sweep.list = () => Promise.resolve([LISTED]);
    sweep.describe = () => Promise.resolve({ state: 'STARTED' });

    await sweep.run();

    expect(sweep.takeCalls()).toEqual([
      'GetItem',
      'ListStatements',
      'DescribeStatement',
      'NoteStatement',
      'DescribeExecution',
    ]);
    expect(stored()).toEqual({ ...aged(MINUTE), status: 'submitted', statementId: STATEMENT_ID });
  });

  it('whose id was noted by its repeat meanwhile is looked at anew', async () => {
    sweep.table.seed(halfDone(MINUTE));
    sweep.list = () => Promise.resolve([LISTED]);
    sweep.describe = () => {
      sweep.table.seed(aged(MINUTE));
      return Promise.resolve({ state: 'STARTED' });
    };

    await sweep.run();

    expect(sweep.takeCalls()).toEqual([
      'GetItem',
      'ListStatements',
      'DescribeStatement',
      'NoteStatement',
      'GetItem',
      'DescribeStatement',
      'DescribeExecution',
    ]);
  });

  it('stays as it is while a repeat may still execute it', async () => {
    const age = dueFrom(7 * HOUR);
    expect(age).toBeLessThan(7.25 * HOUR);
    sweep.table.seed(halfDone(age));

    await sweep.run();

    expect(sweep.takeCalls()).toEqual(['GetItem', 'ListStatements']);
    expect(stored()).toEqual(halfDone(age));
  });

  it('fails its task when nobody may execute it any more', async () => {
    sweep.table.seed(halfDone(dueFrom(7.25 * HOUR)));

    await sweep.run();

    expect(sweep.answers[0]?.result).toMatchObject({ type: 'failure', error: 'StartUncertain' });
    expect(causeOf()).toMatchObject({
      statementName: STATEMENT_NAME,
      state: 'UNKNOWN',
      message: expect.stringContaining('It will not be started any more.') as string,
    });
    expect(stored()).toMatchObject({ status: 'closed', outcome: 'UNKNOWN', delivered: true });
    expect(stored()).not.toHaveProperty('statementId');
  });

  it('is given up where its statements may not be listed for longer than one can run', async () => {
    sweep.watermark = { checkedUntil: NOW - 3 * HOUR };
    sweep.table.seed(halfDone(26 * HOUR));
    sweep.list = () => Promise.reject(awsError('AccessDeniedException', 403));

    await sweep.run();

    expect(sweep.answers[0]?.result).toMatchObject({ error: 'StatementUnknown' });
  });
});

describe('a run', () => {
  const many = (count: number): TrackingItem[] =>
    Array.from({ length: count }, (_, n) => aged(MINUTE + 30_000 - n, { owner: `owner-${n}`, statementId: `s-${n}` }));

  it('with nothing open asks Redshift nothing and says nothing, and moves the watermark', async () => {
    await sweep.run();

    expect(sweep.calls).toEqual(['Query', 'Query']);
    expect(sweep.telemetry.lines).toEqual([]);
    expect(sweep.watermark).toEqual({ checkedUntil: NOW });
  });

  it('without a watermark looks at everything that is open', async () => {
    sweep.watermark = undefined;
    const ages = [MINUTE, 13 * MINUTE + 1, 5 * HOUR, 24 * HOUR, 300 * HOUR];
    for (const age of ages) sweep.table.seed(aged(age, { owner: `owner-${age}` }));

    await sweep.run();

    expect(sweep.answers).toHaveLength(ages.length);
  });

  it('before the time of the watermark does nothing', async () => {
    sweep.watermark = { checkedUntil: NOW + 1 };
    sweep.table.seed(aged(MINUTE));

    await sweep.run();

    expect(sweep.takeCalls()).toEqual([]);
  });

  it('whose time is over stops between batches, and the next goes on from there', async () => {
    const items = many(45);
    for (const item of items) sweep.table.seed(item);
    let answered = 0;
    sweep.deliver = () => Promise.resolve({ type: 'delivered' }).finally(() => void (answered += 1)) as never;

    await sweep.run(() => (answered < 20 ? 60_000 : 14_999));

    expect(answered).toBe(20);
    expect(sweep.watermark).toEqual({
      checkedUntil: NOW - MINUTE,
      pass: { until: NOW, position: (items[20]?.startedAt ?? 0) - 1 },
    });
    expect(sweep.telemetry.counts).toContain('SweepUnfinished');

    sweep.time = NOW + MINUTE;
    await sweep.run();

    expect(answered).toBe(45);
    expect(new Set(sweep.answers.map(({ taskToken }) => taskToken)).size).toBe(1);
    expect(sweep.asked.map(({ what }) => what).sort()).toEqual(items.map(({ statementId }) => statementId).sort());
    expect(sweep.watermark).toEqual({ checkedUntil: NOW + MINUTE });
  });

  it('makes some way however little time it has', async () => {
    for (const item of many(45)) sweep.table.seed(item);

    await sweep.run(() => 1_000 - sweep.answers.length * 100);

    expect(sweep.answers).toHaveLength(20);
  });

  it('goes on as long as there is time for a batch', async () => {
    for (const item of many(45)) sweep.table.seed(item);

    await sweep.run(() => (sweep.answers.length < 20 ? 60_000 : 15_000));

    expect(sweep.answers).toHaveLength(45);
  });

  it.each([
    [60_000, 55_000],
    [10_000, 8_000],
  ])('of %d ms ends after %d where a call hangs, and the others are looked at', async (wholeMs, endsAfter) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const [hanging, other] = many(2) as [TrackingItem, TrackingItem];
    sweep.table.seed(hanging);
    sweep.table.seed(other);
    sweep.describe = (id) => (id === hanging.statementId ? new Promise(() => undefined) : Promise.resolve({}));

    const run = sweep.run(() => wholeMs);
    await vi.advanceTimersByTimeAsync(endsAfter - 1);
    expect(sweep.watermark).toEqual({ checkedUntil: NOW - MINUTE });
    await vi.advanceTimersByTimeAsync(1);
    await run;

    expect(sweep.table.stored(other)?.status).toBe('closed');
    expect(sweep.log).toContain('TimeUp');
    expect(sweep.watermark).toEqual({ checkedUntil: NOW });
  });

  it('leaves no timer behind: Lambda would freeze it, and let it go off in the middle of a later run', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());

    await sweep.run();

    expect(vi.getTimerCount()).toBe(0);
  });

  it('that another has overtaken leaves the watermark to it', async () => {
    sweep.moves = () => false;
    sweep.table.seed(aged(MINUTE));

    await sweep.run();

    expect(sweep.watermark).toEqual({ checkedUntil: NOW - MINUTE });
    expect(sweep.answers).toHaveLength(1);
  });

  it('logs no token and no SQL', async () => {
    sweep.table.seed(aged(MINUTE));
    sweep.table.seed({ ...aged(MINUTE), owner: 'other' });
    sweep.deliver = () => Promise.reject(awsError('InternalFailure', 500));
    await sweep.run();
    sweep.deliver = () => Promise.resolve({ type: 'gone', reason: 'InvalidToken' });
    sweep.watermark = undefined;
    await sweep.run();

    expect(sweep.telemetry.lines.length).toBeGreaterThan(4);
    expect(sweep.log).not.toContain('canary');
    expect(sweep.log).toContain(ITEM.statementName);
  });
});
