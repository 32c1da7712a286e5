import type { TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { TestDrain } from '../helpers/drain.ts';
import { awsError, eventOf, ITEM, recordOf } from '../helpers/fixtures.ts';

const SESSION_ID = '0a1b2c3d-0c1d-4e5f-8a9b-0c1d2e3f4a5b';

let drain: TestDrain;

beforeEach(() => {
  drain = new TestDrain();
});

const outputOf = async (session: TrackingItem['session'], more: Partial<TrackingItem> = {}) => {
  drain.table.seed({ ...ITEM, ...more, ...(session && { session }) });
  await drain.settle([recordOf(eventOf('FINISHED'))]);
  const result = drain.answers[0]?.result;
  if (result?.type !== 'success') throw new Error('no success was sent');
  return result.output;
};

describe('the task of a statement that finished in a session', () => {
  it('is told the session that is noted, without a call to the Data API', async () => {
    expect(await outputOf({ id: SESSION_ID })).toMatchObject({ ...eventOf('FINISHED'), sessionId: SESSION_ID });
    expect(drain.calls).toEqual(['GetItem', 'SendTaskSuccess', 'UpdateItem']);
  });

  it('is told the session that the Data API names, where none was noted', async () => {
    drain.description = { sessionId: SESSION_ID };

    expect(await outputOf({})).toMatchObject({ sessionId: SESSION_ID });
    expect(drain.calls).toEqual(['GetItem', 'DescribeStatement', 'SendTaskSuccess', 'UpdateItem']);
  });

  it('is told null where nobody can tell the session', async () => {
    drain.errorText = () => Promise.reject(awsError('AccessDeniedException', 400));

    expect(await outputOf({})).toMatchObject({ sessionId: null });
  });

  it('is told its statements too, of a batch', async () => {
    const batch = { statements: 1, executionMode: 'TRANSACTION' } as const;

    const output = await outputOf({ id: SESSION_ID }, { batch });

    expect(output).toMatchObject({ sessionId: SESSION_ID, statements: [{ state: 'FINISHED' }] });
  });

  it('is told of none where there is none', async () => {
    expect(await outputOf(undefined)).not.toHaveProperty('sessionId');
  });
});

describe('the task of a statement that failed in a session', () => {
  const causeOf = async (session: TrackingItem['session'], more: Partial<TrackingItem> = {}, state = 'FAILED') => {
    drain.table.seed({ ...ITEM, ...more, ...(session && { session }) });
    await drain.settle([recordOf(eventOf(state))]);
    const result = drain.answers[0]?.result;
    if (result?.type !== 'failure') throw new Error('no failure was sent');
    return JSON.parse(result.cause) as Record<string, unknown>;
  };

  it.each(['FAILED', 'ABORTED'])('is told which in the cause, as noted: %s', async (state) => {
    expect(await causeOf({ id: SESSION_ID }, {}, state)).toMatchObject({ state, sessionId: SESSION_ID });
  });

  it('is told what the Data API has said beside the error text', async () => {
    drain.description = { sessionId: SESSION_ID };

    expect(await causeOf({})).toMatchObject({ sessionId: SESSION_ID });
    expect(drain.calls.filter((call) => call === 'DescribeStatement')).toHaveLength(1);
  });

  it('is told it where its rows were at fault, too', async () => {
    drain.description = { sessionId: SESSION_ID };
    drain.results.give = () => Promise.reject(awsError('AccessDeniedException', 403));

    expect(await causeOf({}, { result: { form: 'rows' } }, 'FINISHED')).toMatchObject({
      state: 'FINISHED',
      sessionId: SESSION_ID,
    });
  });

  it('is told of none where it is not known, or there is none', async () => {
    drain.errorText = () => Promise.reject(awsError('AccessDeniedException', 403));
    expect(await causeOf({})).not.toHaveProperty('sessionId');
    drain = new TestDrain();
    drain.description = { sessionId: SESSION_ID };
    expect(await causeOf(undefined)).not.toHaveProperty('sessionId');
  });
});
