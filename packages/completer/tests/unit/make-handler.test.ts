import type { Context, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { makeHandler } from '../../src/make-handler.ts';
import { TestDrain } from '../helpers/drain.ts';
import { eventOf, ITEM, recordOf } from '../helpers/fixtures.ts';

const context = { getRemainingTimeInMillis: () => 30_000 } as Context;

describe('the handler', () => {
  it('answers with the messages to receive again, and publishes its counts once', async () => {
    const drain = new TestDrain();
    drain.table.seed(ITEM);
    drain.deliver = () => Promise.reject(new Error('no'));

    const response = await makeHandler(drain.dependencies)(
      { Records: [recordOf(eventOf('FINISHED')), recordOf('garbage', 'm2')] },
      context,
    );

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(drain.telemetry.published).toBe(1);
  });

  it('publishes its counts once where the event is no batch', async () => {
    const drain = new TestDrain();

    await expect(makeHandler(drain.dependencies)({} as SQSEvent, context)).rejects.toThrow(TypeError);

    expect(drain.telemetry.published).toBe(1);
  });
});
