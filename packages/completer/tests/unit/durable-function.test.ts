import { encodeRefusedMessage, type TrackingItem, threadOf } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { TestDrain } from '../helpers/drain.ts';
import { awsError, CANARIES, DURABLE, eventOf, KEY, NOW, recordOf, STATEMENT_ID } from '../helpers/fixtures.ts';
import { aged, halfDone, TestSweep } from '../helpers/sweep.ts';

const MINUTE = 60_000;
const { callback } = DURABLE;
const { callbackId } = CANARIES;
const GONE = { type: 'gone', reason: 'CallbackTimeoutException' } as const;

describe('a statement whose end a durable function waits for', () => {
  let drain: TestDrain;
  const stored = (): TrackingItem | undefined => drain.table.stored(KEY);

  beforeEach(() => {
    drain = new TestDrain();
    drain.table.seed(DURABLE);
  });

  it('completes the callback with what a task would be given', async () => {
    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(drain.calls).toEqual(['GetItem', 'SendDurableExecutionCallbackSuccess', 'UpdateItem']);
    expect(drain.answers).toEqual([
      {
        taskToken: callbackId,
        result: { type: 'success', output: { ...eventOf('FINISHED'), thread: { ...threadOf(DURABLE), queryId: 42 } } },
      },
    ]);
    expect(stored()).toEqual({ ...DURABLE, status: 'closed', outcome: 'FINISHED', delivered: true, closedAt: NOW });
    expect(drain.telemetry.counts).toEqual(['CallbackDelivered']);
    expect(drain.log).not.toContain('canary');
  });

  it.each(['FAILED', 'ABORTED'])('that %s fails it with the text of Redshift', async (state) => {
    drain.errorText = () => Promise.resolve(CANARIES.errorText);

    expect(await drain.retried(recordOf(eventOf(state)))).toEqual([]);

    expect(drain.answers).toMatchObject([{ taskToken: callbackId, result: { type: 'failure', error: state } }]);
    expect(JSON.stringify(drain.answers)).toContain(CANARIES.errorText);
    expect(stored()).toMatchObject({ status: 'closed', outcome: state, delivered: true });
  });

  it('fails it where the output is too large, or is refused', async () => {
    await drain.settle([recordOf(eventOf('FINISHED', { padding: 'x'.repeat(300_000) }))]);
    expect(drain.answers).toMatchObject([{ result: { error: 'OutputTooLarge' } }]);

    drain.table.seed(DURABLE);
    drain.telemetry.counts.length = 0;
    drain.deliver = ({ result }) =>
      Promise.resolve({ type: result.type === 'success' ? 'invalidOutput' : 'delivered' });
    await drain.settle([recordOf(eventOf('FINISHED'))]);
    expect(drain.telemetry.counts).toEqual(['ResultFailed', 'CallbackDelivered']);

    expect(drain.answers.slice(1)).toMatchObject([
      { result: { type: 'success' } },
      { result: { error: 'OutputRefused' } },
    ]);
    expect(stored()).toMatchObject({ delivered: true });
  });

  it.each(['FINISHED', 'FAILED'])('that %s is closed as not told where nobody waits any more', async (state) => {
    drain.deliver = () => Promise.resolve(GONE);

    expect(await drain.retried(recordOf(eventOf(state)))).toEqual([]);

    expect(stored()).toMatchObject({ status: 'closed', outcome: state, delivered: false });
    expect(drain.telemetry.counts).toContain('CallbackUndeliverable');
    expect(drain.log).not.toContain('canaryCallback');
  });

  it('is closed where its callback is refused in every way, instead of poisoning the queue', async () => {
    drain.deliver = ({ result }) =>
      Promise.resolve(
        result.type === 'success'
          ? { type: 'invalidOutput' }
          : { type: 'gone', reason: 'InvalidParameterValueException' },
      );

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(stored()).toMatchObject({ status: 'closed', delivered: false });
  });

  it.each([
    ['TooManyRequestsException', 429],
    ['AccessDeniedException', 403],
    ['KMSAccessDeniedException', 502],
  ])('is left to a later receive after %s', async (name, status) => {
    drain.deliver = () => Promise.reject(awsError(name, status));

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual(['m1']);

    expect(stored()).toEqual(DURABLE);
  });

  it('and that was refused is told so', async () => {
    const refused = { callback, error: 'InvalidRequest', cause: 'no', time: '2026-11-26T08:00:00Z' };

    expect(await drain.retried(recordOf(encodeRefusedMessage(refused)))).toEqual([]);

    expect(drain.answers).toEqual([
      { taskToken: callbackId, result: { type: 'failure', error: 'InvalidRequest', cause: 'no' } },
    ]);
  });
});

describe('the sweep', () => {
  let sweep: TestSweep;
  const stored = (): TrackingItem | undefined => sweep.table.stored(KEY);
  const ofDurable = (change: Partial<TrackingItem> = {}) => aged(MINUTE, { callback, ...change });

  beforeEach(() => {
    sweep = new TestSweep();
    sweep.describe = () => Promise.resolve({ state: 'STARTED' });
  });

  it.each(['waits', 'unknown'] as const)('leaves a statement alone whose callback is known as: %s', async (answer) => {
    sweep.table.seed(ofDurable());
    sweep.beat = (id) => Promise.resolve(id === callbackId ? answer : 'gone');

    await sweep.run();

    expect(sweep.takeCalls()).toEqual(['GetItem', 'DescribeStatement', 'SendDurableExecutionCallbackHeartbeat']);
    expect(stored()).toEqual(ofDurable());
  });

  it('cancels at once what no callback waits for: no retry adopts it', async () => {
    sweep.table.seed(ofDurable());
    sweep.beat = () => Promise.resolve('gone');

    await sweep.run();

    expect(sweep.takeCalls().slice(-2)).toEqual(['UpdateItem', 'CancelStatement']);
    expect(stored()?.status).toBe('cancelling');
    expect(sweep.telemetry.counts).toEqual(['StatementCancelled']);
  });

  it('asks after nobody where the statement is to be left', async () => {
    sweep.table.seed(ofDurable({ onTimeout: 'leave' }));
    sweep.beat = () => Promise.resolve('gone');

    await sweep.run();

    expect(sweep.takeCalls()).toEqual(['GetItem', 'DescribeStatement']);
  });

  it('sends the heartbeats that were asked for, also where the statement cannot be described', async () => {
    sweep.table.seed(ofDurable({ heartbeatSeconds: 180 }));

    await sweep.run();
    sweep.describe = () => Promise.reject(awsError('ThrottlingException', 400));
    await sweep.run();

    expect(sweep.takeCalls().filter((call) => call.endsWith('Heartbeat'))).toHaveLength(2);
  });

  it('tells it of an end that no event told, and of a start that never was', async () => {
    sweep.table.seed(ofDurable());
    sweep.describe = () => Promise.resolve({ state: 'FINISHED' });
    await sweep.run();
    expect(sweep.answers).toMatchObject([{ taskToken: callbackId, result: { type: 'success' } }]);
    expect(stored()).toMatchObject({ status: 'closed', delivered: true, statementId: STATEMENT_ID });

    sweep.table.seed(halfDone(8 * 60 * MINUTE, { callback }));
    sweep.watermark = undefined;
    await sweep.run();

    expect(sweep.answers[1]).toMatchObject({ taskToken: callbackId, result: { error: 'StartUncertain' } });
    expect(sweep.log).not.toContain('canaryCallback');
  });
});
