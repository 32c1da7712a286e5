import { encodeStatementName, type TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Delivery } from '../../src/callback.ts';
import { TestDrain } from '../helpers/drain.ts';
import { awsError, CANARIES, eventOf, ITEM, KEY, PREFIX, recordOf, STATEMENT_NAME } from '../helpers/fixtures.ts';

const itemOf = (number: number): TrackingItem => {
  const owner = `${KEY.owner}-${number}`;
  return {
    ...ITEM,
    owner,
    statementId: `statement-${number}`,
    statementName: encodeStatementName(PREFIX, { ...KEY, owner }),
    callback: { type: 'stepFunctions', taskToken: `token-${number}` },
  };
};

const recordFor = ({ statementId, statementName }: TrackingItem, state = 'FINISHED') =>
  recordOf(eventOf(state, { statementId, statementName }), statementId);

let drain: TestDrain;

beforeEach(() => {
  drain = new TestDrain();
  drain.table.seed(ITEM);
});

describe('a batch', () => {
  it('names only the messages that are to be received again', async () => {
    const items = [1, 2, 3, 4].map(itemOf);
    for (const item of items) drain.table.seed(item);
    drain.deliver = ({ taskToken }) =>
      taskToken === 'token-2'
        ? Promise.reject(awsError('ThrottlingException', 400))
        : Promise.resolve({ type: 'delivered' });

    const retried = await drain.retried(...items.map((item) => recordFor(item)), recordOf('garbage', 'garbage'));

    expect(retried).toEqual(['statement-2']);
    expect(items.map((item) => drain.table.stored(item)?.status)).toEqual(['closed', 'submitted', 'closed', 'closed']);
  });

  it('leaves no timer behind: Lambda would freeze it, and let it go off in the middle of a later batch', async () => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });

    await drain.settle([recordOf(eventOf('FINISHED'))]);

    expect(vi.getTimerCount()).toBe(0);
  });

  it('is settled at once, not one message after another', async () => {
    const items = [1, 2, 3].map(itemOf);
    for (const item of items) drain.table.seed(item);
    const { promise, resolve } = Promise.withResolvers<Delivery>();
    let waiting = 0;
    drain.deliver = () => {
      waiting += 1;
      if (waiting === items.length) resolve({ type: 'delivered' });
      return promise;
    };

    expect(await drain.retried(...items.map((item) => recordFor(item)))).toEqual([]);
  });

  it('survives an exception that nobody foresaw: only its message is retried', async () => {
    const item = itemOf(1);
    drain.table.seed(item);
    drain.deliver = ({ taskToken }) => {
      if (taskToken === 'token-1') return Promise.resolve({ type: 'delivered' });
      throw new TypeError(`cannot read ${taskToken}`);
    };

    const retried = await drain.retried(recordOf(eventOf('FINISHED')), recordFor(item));

    expect(retried).toEqual(['m1']);
    expect(drain.telemetry.lines.at(-1)).toMatchObject({ level: 'error', fields: { error: 'TypeError' } });
    expect(drain.telemetry.lines.at(-1)?.fields['at']).toMatch(/settle-batch\.test\.ts/);
  });

  it('survives a record that is none', async () => {
    const broken = { messageId: 'broken' } as ReturnType<typeof recordOf>;

    expect(await drain.retried(broken, recordOf(eventOf('FINISHED')))).toEqual(['broken']);
  });

  it('answers a task once where it holds the same event twice', async () => {
    const retried = await drain.retried(recordOf(eventOf('FINISHED'), 'one'), recordOf(eventOf('FINISHED'), 'two'));

    expect(retried).toEqual([]);
    expect(drain.answers).toHaveLength(1);
    expect(drain.telemetry.counts).toEqual(['CallbackDelivered', 'MessageDuplicate']);
  });

  it('answers a task once where it holds two ends of one statement, the first of which wins', async () => {
    await drain.settle([recordOf(eventOf('ABORTED'), 'one'), recordOf(eventOf('FINISHED'), 'two')]);

    expect(drain.answers.map(({ result }) => result)).toMatchObject([{ type: 'failure', error: 'ABORTED' }]);
  });

  it('settles the second copy of an event where the first one failed', async () => {
    let calls = 0;
    drain.deliver = () =>
      ++calls === 1 ? Promise.reject(awsError('InternalFailure', 500)) : Promise.resolve({ type: 'delivered' });

    expect(await drain.retried(recordOf(eventOf('FINISHED'), 'one'), recordOf(eventOf('FINISHED'), 'two'))).toEqual([
      'one',
    ]);
    expect(drain.table.stored(KEY)?.status).toBe('closed');
  });

  it('ends in time where a call hangs: only its message is retried', async () => {
    const item = itemOf(1);
    drain.table.seed(item);
    drain.deliver = ({ taskToken }) =>
      taskToken === 'token-1' ? new Promise(() => undefined) : Promise.resolve({ type: 'delivered' });

    const { batchItemFailures } = await drain.settle([recordFor(item), recordOf(eventOf('FINISHED'))], 200);

    expect(batchItemFailures).toEqual([{ itemIdentifier: 'statement-1' }]);
    expect(drain.log).toContain('TimeUp');
    expect(drain.table.stored(KEY)?.status).toBe('closed');
  });

  it.each([
    [30_000, 28_000],
    [1_000, 900],
  ])('with %d ms to go waits no longer than %d ms', async (remainingMs, waitsMs) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    drain.deliver = () => new Promise(() => undefined);
    let ended = false;
    const settled = drain.settle([recordOf(eventOf('FINISHED'))], remainingMs).finally(() => {
      ended = true;
    });

    await vi.advanceTimersByTimeAsync(waitsMs - 1);
    expect(ended).toBe(false);
    await vi.advanceTimersByTimeAsync(1);

    expect(await settled).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
  });

  it('may be empty', async () => {
    expect(await drain.settle([])).toEqual({ batchItemFailures: [] });
  });
});

describe('the log', () => {
  it('holds no token, SQL, error text or message body, whatever happened', async () => {
    drain.errorText = () => Promise.resolve(CANARIES.errorText);
    const secrets = { taskToken: CANARIES.taskToken, sql: CANARIES.shortSql };
    const callback = { type: 'stepFunctions', taskToken: CANARIES.taskToken };
    const records = [
      recordOf(eventOf('FAILED')),
      recordOf(eventOf('FAILED')),
      recordOf(`{"taskToken": "${CANARIES.taskToken}"`),
      recordOf({ type: 'refused', contractVersion: 1, callback, error: '', cause: CANARIES.shortSql, time: 't' }),
      recordOf({ type: 'refused', contractVersion: 1, callback, error: 'E', cause: CANARIES.shortSql, time: 't' }),
      recordOf({ type: 'refused', contractVersion: 1, callback: secrets, error: 'E', cause: 'c', time: 't' }),
      recordOf({ ...eventOf('FINISHED'), source: secrets }),
      recordOf(eventOf('FINISHED', { statementId: secrets })),
    ];

    await drain.settle(records);
    drain.table.seed(ITEM);
    drain.deliver = () => Promise.reject(awsError('InternalFailure', 500));
    await drain.settle(records);
    drain.errorText = () => Promise.reject(awsError('ValidationException', 400));
    await drain.settle(records);

    expect(drain.telemetry.lines.length).toBeGreaterThan(15);
    expect(drain.log).not.toContain('canary');
    expect(drain.log).toContain(STATEMENT_NAME);
  });
});
