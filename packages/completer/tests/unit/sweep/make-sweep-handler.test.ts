import type { Context, ScheduledEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeSweepHandler } from '../../../src/sweep/make-sweep-handler.ts';
import { KEY } from '../../helpers/fixtures.ts';
import { aged, TestSweep } from '../../helpers/sweep.ts';

const context = (remainingMs: () => number) => ({ getRemainingTimeInMillis: remainingMs }) as Context;

describe('the handler of the sweep', () => {
  it('looks at what is due in the time that the invocation has, answers nothing, and publishes its counts once', async () => {
    const sweep = new TestSweep();
    sweep.table.seed(aged(60_000));

    const answer = await makeSweepHandler(sweep.dependencies)(
      {} as ScheduledEvent,
      context(() => 60_000),
    );

    expect(answer).toBeUndefined();
    expect(sweep.table.stored(KEY)?.status).toBe('closed');
    expect(sweep.telemetry.published).toBe(1);
  });

  it('publishes its counts once where the table cannot be read', async () => {
    const sweep = new TestSweep();
    const watermark = { read: () => Promise.reject(new Error('no')), move: () => Promise.resolve(true) };
    const handler = makeSweepHandler({ ...sweep.dependencies, watermark });

    await expect(
      handler(
        {} as ScheduledEvent,
        context(() => 60_000),
      ),
    ).rejects.toThrow('no');
    expect(sweep.telemetry.published).toBe(1);
  });
});
