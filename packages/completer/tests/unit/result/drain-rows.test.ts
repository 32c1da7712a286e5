import { parseStatementEvent, type TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { answerWithRows } from '../../../src/answer-with-rows.ts';
import { HeldBack } from '../../../src/errors.ts';
import { TestDrain } from '../../helpers/drain.ts';
import { awsError, CANARIES, eventOf, ITEM, KEY, OWNER_ROLE, recordOf, STATEMENT_ID } from '../../helpers/fixtures.ts';
import { pageOf } from '../../helpers/memory-results.ts';

const ROWS: TrackingItem = { ...ITEM, result: { form: 'rows' } };
const IN_S3: TrackingItem = { ...ITEM, result: { form: 'rows', s3: { bucket: 'reports' } } };
const CHECKED: TrackingItem = { ...ITEM, check: { type: 'noRows' } };
const OBJECT = `reports/${STATEMENT_ID}.jsonl`;
const ATTEMPT = { state: 'Load', enteredTime: '2026-11-26T08:00:00Z', retryCount: 0, redriveCount: 0 };
const PAGE = pageOf({ n: 'int4' }, [[{ longValue: 1 }], [{ longValue: 2 }]]);

let drain: TestDrain;

beforeEach(() => {
  drain = new TestDrain();
  drain.table.seed(ROWS);
  drain.results.give = () => Promise.resolve(PAGE);
});

const settle = (deferrals = 0) => drain.retried(recordOf(eventOf('FINISHED'), 'm1', deferrals));

const outputOf = () => {
  const result = drain.answers[0]?.result;
  if (result?.type !== 'success') throw new Error(`no success was sent: ${JSON.stringify(result)}`);
  return result.output;
};

const failure = () => {
  const result = drain.answers[0]?.result;
  if (result?.type !== 'failure') throw new Error('no failure was sent');
  return { error: result.error, cause: JSON.parse(result.cause) as Record<string, unknown> };
};

describe('the rows of a statement that FINISHED', () => {
  it('are read as its owner, and are in the output beside the event', async () => {
    expect(await settle()).toEqual([]);

    expect(drain.calls).toEqual(['GetItem', 'GetStatementResult', 'SendTaskSuccess', 'UpdateItem']);
    expect(drain.results.asked).toEqual([{ role: OWNER_ROLE, statementId: STATEMENT_ID, nextToken: undefined }]);
    expect(outputOf()).toMatchObject({
      detail: { state: 'FINISHED' },
      result: { rowCount: 2, columns: PAGE.columns, rows: [{ n: 1 }, { n: 2 }] },
    });
    expect(drain.table.stored(KEY)).toMatchObject({ status: 'closed', outcome: 'FINISHED', delivered: true });
    expect(drain.telemetry.counts).toEqual(['CallbackDelivered']);
  });

  it('are not read of one that failed', async () => {
    await drain.retried(recordOf(eventOf('FAILED')));

    expect(drain.calls).not.toContain('GetStatementResult');
  });

  it('go to S3 before the task is told; after a crash in between the same object is written again', async () => {
    drain.table.seed(IN_S3);
    drain.deliver = () => Promise.reject(new Error('crashed'));
    expect(await settle()).toEqual(['m1']);
    const written = { ...drain.results.stored };
    drain.deliver = () => Promise.resolve({ type: 'delivered' });

    expect(await settle()).toEqual([]);

    expect(written).toEqual({ [OBJECT]: '{"n":1}\n{"n":2}\n' });
    expect(drain.results.stored).toEqual(written);
    expect(drain.calls.filter((call) => call === 'UpdateItem')).toEqual(['UpdateItem']);
  });

  it('are checked first, where that is asked for too', async () => {
    drain.table.seed({ ...ROWS, check: { type: 'count', equals: 2 } });

    await settle();

    expect(outputOf()).toMatchObject({ check: { type: 'count', rowCount: 2 }, result: { rowCount: 2 } });
  });

  it('fail the task that expects others, with a sample', async () => {
    drain.table.seed({ ...CHECKED, attempt: ATTEMPT, result: { form: 'rows' } });

    await settle();

    expect(failure()).toEqual({
      error: 'DataCheckFailed',
      cause: expect.objectContaining({
        message: 'The noRows check of the state "Load" failed: the statement gave 2 rows, not 0.',
        state: 'FINISHED',
        statementId: STATEMENT_ID,
        check: { type: 'noRows', rowCount: 2 },
        sample: [{ n: 1 }, { n: 2 }],
        thread: expect.objectContaining({ stateName: 'Load' }),
      }),
    });
    expect(drain.telemetry.counts).toEqual(['ResultFailed', 'CallbackDelivered']);
    expect(drain.results.asked.length).toBe(1);
  });

  it('are in no log line', async () => {
    drain.results.give = () => Promise.resolve(pageOf({ c: 'varchar' }, [[{ stringValue: CANARIES.errorText }]]));
    drain.table.seed(CHECKED);

    await settle();

    expect(drain.log).not.toContain('canary');
  });
});

describe('rows that cannot be had for now', () => {
  it.each([
    ['a throttle', awsError('ThrottlingException', 400)],
    ['a fault', awsError('InternalServerException', 500)],
    ['a time-out', new Error('timeout')],
    ['a call that was held back', new HeldBack('too many wait')],
    ['credentials that have expired', awsError('ExpiredTokenException', 400)],
  ])('leave the message for later: %s', async (_what, error) => {
    drain.results.give = () => Promise.reject(error);

    expect(await settle(3)).toEqual([]);

    expect(drain.deferred).toMatchObject([{ seconds: 40 }]);
    expect(drain.answers).toEqual([]);
    expect(drain.table.stored(KEY)).toMatchObject({ status: 'submitted' });
  });

  it.each([
    [0, 5],
    [6, 300],
    [19, 300],
  ])('are asked for again, after %i times in %i seconds', async (deferrals, seconds) => {
    drain.results.give = () => Promise.reject(awsError('ThrottlingException', 400));

    await settle(deferrals);

    expect(drain.deferred).toMatchObject([{ seconds }]);
  });

  it('fail the task by name in the end', async () => {
    drain.results.give = () => Promise.reject(awsError('ThrottlingException', 400));

    await settle(20);

    expect(failure()).toMatchObject({
      error: 'ResultUnreadable',
      cause: { message: expect.stringMatching(/^The statement finished, but its rows could not be read: Throttling/) },
    });
    expect(drain.telemetry.lines[0]).toMatchObject({
      level: 'warn',
      fields: { statementId: STATEMENT_ID, statementName: ITEM.statementName, reason: 'ThrottlingException' },
    });
    expect(drain.table.stored(KEY)).toMatchObject({ status: 'closed', delivered: true });
  });

  it('for S3 the same', async () => {
    drain.table.seed(IN_S3);
    drain.results.take = () => Promise.reject(awsError('SlowDown', 503));

    await settle(0);
    await settle(20);

    expect(drain.deferred).toMatchObject([{ seconds: 5 }]);
    expect(failure()).toMatchObject({
      error: 'ResultNotStored',
      cause: { message: expect.stringContaining('SlowDown') },
    });
  });

  it('for S3 in an upload that it has completed, of which nobody heard, are written anew', async () => {
    drain.table.seed(IN_S3);
    drain.results.take = () => Promise.reject(awsError('NoSuchUpload', 404));

    await settle(0);

    expect(drain.deferred).toMatchObject([{ seconds: 5 }]);
  });

  it('for want of time are tried twice more, and then are too large', async () => {
    drain.table.seed(IN_S3);
    drain.results.give = () => {
      drain.time += 60_000;
      return Promise.resolve({ ...PAGE, totalRows: 9, nextToken: 'next' });
    };

    for (const deferrals of [0, 1, 2]) await settle(deferrals);

    expect(drain.deferred).toMatchObject([{ seconds: 5 }, { seconds: 10 }]);
    expect(failure()).toEqual({
      error: 'ResultTooLarge',
      cause: expect.objectContaining({
        message:
          'The statement finished, but 2 of its 9 rows were read when the time of the function was over. Give the completer a longer timeout, or UNLOAD the rows to S3.',
      }),
    });
    expect(drain.results.stored).toEqual({});
  });

  it('because others have taken all the time are asked for as long as any', async () => {
    drain.table.seed(IN_S3);
    const late = { ...drain.dependencies, until: drain.time - 1 };

    const settlement = await answerWithRows(
      { event: parseStatementEvent(eventOf('FINISHED')), state: 'FINISHED', deferrals: 19 },
      { type: 'known', item: IN_S3, more: {} },
      late,
    );

    expect(settlement).toEqual({ type: 'wait', seconds: 300 });
    expect(drain.calls).not.toContain('GetStatementResult');
  });
});

describe('rows that will never be had', () => {
  const expired = Object.assign(awsError('ValidationException', 400), {
    message: 'Could not retrieve the query result as it has expired after 1700000000.',
  });
  const nothing = Object.assign(awsError('ResourceNotFoundException', 404), {
    message: 'Query does not have result. Please check query status with DescribeStatement.',
  });

  it.each([
    [expired, 'ResultUnreadable', /its rows could not be read: ValidationException: .*has expired/],
    [awsError('AccessDeniedException', 403), 'ResultUnreadable', /could not be read: AccessDenied/],
    [nothing, 'ResultMismatch', /^The statement finished, but it has no result set\.$/],
  ])('fail the task at once: %s', async (error, name, says) => {
    drain.results.give = () => Promise.reject(error);

    await settle();

    expect(failure()).toMatchObject({
      error: name,
      cause: { message: expect.stringMatching(says), state: 'FINISHED' },
    });
    expect(drain.deferred).toEqual([]);
  });

  it('because S3 refuses them fail it as not stored', async () => {
    drain.table.seed(IN_S3);
    drain.results.take = () => Promise.reject(awsError('NoSuchBucket', 404));

    await settle();

    expect(failure()).toMatchObject({
      error: 'ResultNotStored',
      cause: { message: expect.stringContaining('NoSuch') },
    });
  });
});
