import type { TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { TestDrain } from '../helpers/drain.ts';
import { CANARIES, eventOf, ITEM, recordOf } from '../helpers/fixtures.ts';

const OVERRUN: TrackingItem = { ...ITEM, status: 'cancelling', cancelCause: 'maxRuntimeSeconds' };

let drain: TestDrain;

beforeEach(() => {
  drain = new TestDrain();
  drain.errorText = () => Promise.resolve(CANARIES.errorText);
});

const told = async (state: string, item: TrackingItem) => {
  drain.table.seed(item);
  await drain.settle([recordOf(eventOf(state))]);
  const result = drain.answers[0]?.result;
  if (result?.type !== 'failure') throw new Error('no failure was sent');
  const cause = JSON.parse(result.cause) as { message: string; state: string };
  return { error: result.error, state: cause.state, message: cause.message };
};

describe('the task of a statement that we cancelled because it ran too long', () => {
  it('is told so, with the limit', async () => {
    expect(await told('ABORTED', { ...OVERRUN, maxRuntimeSeconds: 30 })).toEqual({
      error: 'ABORTED',
      state: 'ABORTED',
      message: 'The statement was cancelled because it ran longer than maxRuntimeSeconds (30).',
    });
  });

  it('is told so where the limit is not known', async () => {
    expect((await told('ABORTED', OVERRUN)).message).toBe(
      'The statement was cancelled because it ran longer than maxRuntimeSeconds.',
    );
  });

  it('is told how it failed where it failed before', async () => {
    expect(await told('FAILED', OVERRUN)).toEqual({
      error: 'FAILED',
      state: 'FAILED',
      message: CANARIES.errorText,
    });
  });
});
