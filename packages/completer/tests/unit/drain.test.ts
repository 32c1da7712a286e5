import { encodeRefusedMessage, encodeStatementName, type TrackingItem, threadOf } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { TestDrain } from '../helpers/drain.ts';
import {
  awsError,
  CANARIES,
  eventOf,
  ITEM,
  KEY,
  NOW,
  OWNER_ROLE,
  recordOf,
  STATEMENT_ID,
  STATEMENT_NAME,
} from '../helpers/fixtures.ts';

const THREAD = threadOf(ITEM);

let drain: TestDrain;

beforeEach(() => {
  drain = new TestDrain();
  drain.table.seed(ITEM);
});

const causeOf = (index = 0): Record<string, unknown> => {
  const result = drain.answers[index]?.result;
  if (result?.type !== 'failure') throw new Error('no failure was sent');
  return JSON.parse(result.cause) as Record<string, unknown>;
};

const stored = (): TrackingItem | undefined => drain.table.stored(KEY);

describe('a statement that FINISHED', () => {
  it('succeeds its task with the event, and closes its item, in three calls', async () => {
    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(drain.calls).toEqual(['GetItem', 'SendTaskSuccess', 'UpdateItem']);
    expect(drain.answers).toEqual([
      {
        taskToken: CANARIES.taskToken,
        result: { type: 'success', output: { ...eventOf('FINISHED'), thread: { ...THREAD, queryId: 42 } } },
      },
    ]);
    expect(stored()).toEqual({ ...ITEM, status: 'closed', outcome: 'FINISHED', delivered: true, closedAt: NOW });
    expect(drain.telemetry.counts).toEqual(['CallbackDelivered']);
  });

  it('is answered before the invoker has noted its id; the item then has it', async () => {
    const { statementId: _, ...starting } = ITEM;
    drain.table.seed({ ...starting, status: 'starting' });

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(drain.answers).toHaveLength(1);
    expect(stored()).toMatchObject({ status: 'closed', statementId: STATEMENT_ID });
  });

  it.each([
    [262_144, 'success'],
    [262_145, 'failure'],
  ])('with an output of %d bytes ends as %s', async (bytes, type) => {
    const event = eventOf('FINISHED', { padding: 'ä' });
    const output = { ...event, thread: { ...THREAD, queryId: 42 } };
    const padding = bytes - Buffer.byteLength(JSON.stringify(output));
    const record = recordOf(eventOf('FINISHED', { padding: `ä${'x'.repeat(padding)}` }));

    expect(await drain.retried(record)).toEqual([]);

    expect(drain.answers.map(({ result }) => result.type)).toEqual([type]);
    expect(stored()).toMatchObject({ status: 'closed', outcome: 'FINISHED', delivered: true });
  });

  it('fails its task where the output is too large, and says so', async () => {
    await drain.settle([recordOf(eventOf('FINISHED', { padding: 'x'.repeat(300_000) }))]);

    expect(drain.answers[0]?.result).toMatchObject({ type: 'failure', error: 'OutputTooLarge' });
    expect(causeOf()).toMatchObject({ statementId: STATEMENT_ID, state: 'FINISHED', sqlStatement: CANARIES.shortSql });
    expect(causeOf()['message']).toMatch(
      /^The statement finished, but its output has 300\d+ bytes .* at most 262144\.$/,
    );
  });

  it('fails its task where Step Functions refuses the output', async () => {
    drain.deliver = ({ result }) =>
      Promise.resolve({ type: result.type === 'success' ? 'invalidOutput' : 'delivered' });

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(drain.calls).toEqual(['GetItem', 'SendTaskSuccess', 'SendTaskFailure', 'UpdateItem']);
    expect(drain.answers[1]?.result).toMatchObject({ type: 'failure', error: 'OutputRefused' });
    expect(causeOf(1)['message']).toBe('The statement finished, but its output was refused as invalid.');
    expect(stored()).toMatchObject({ outcome: 'FINISHED', delivered: true });
  });
});

describe('a statement that holds a lock', () => {
  const LOCKED = { ...ITEM, lock: 'lock-1' };

  beforeEach(() => drain.table.seed(LOCKED));

  it.each(['FINISHED', 'FAILED', 'ABORTED'])('and %s lets it go before its task is told', async (state) => {
    expect(await drain.retried(recordOf(eventOf(state)))).toEqual([]);

    expect(drain.locks.released).toEqual([LOCKED]);
    const told = state === 'FINISHED' ? 'SendTaskSuccess' : 'SendTaskFailure';
    expect(drain.calls.filter((call) => call !== 'DescribeStatement')).toEqual([
      'GetItem',
      'ReleaseLock',
      told,
      'UpdateItem',
    ]);
  });

  it('lets it go where nobody is to be told', async () => {
    drain.table.seed({ ...LOCKED, callback: { type: 'none' } });

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(drain.locks.released).toHaveLength(1);
  });

  it('keeps it while it has not ended', async () => {
    expect(await drain.retried(recordOf(eventOf('STARTED')))).toEqual([]);

    expect(drain.locks.released).toEqual([]);
  });

  it('is told and closed all the same where it cannot let it go: that is logged and counted', async () => {
    drain.locks.failure = awsError('InternalServerError', 500);

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(stored()).toMatchObject({ status: 'closed', delivered: true });
    expect(drain.telemetry.counts).toEqual(['LockNotReleased', 'CallbackDelivered']);
    expect(drain.telemetry.lines).toContainEqual({
      level: 'error',
      message: 'lock not released',
      fields: { statementName: STATEMENT_NAME, error: 'InternalServerError' },
    });
  });
});

describe('a statement that FAILED', () => {
  it("fails its task with Redshift's own text, read as the role that owns it", async () => {
    drain.errorText = () => Promise.resolve('ERROR: relation "x" does not exist');

    expect(await drain.retried(recordOf(eventOf('FAILED')))).toEqual([]);

    expect(drain.calls).toEqual(['GetItem', 'DescribeStatement', 'SendTaskFailure', 'UpdateItem']);
    expect(drain.described).toEqual([{ role: OWNER_ROLE, statementId: STATEMENT_ID }]);
    expect(drain.answers[0]?.result).toMatchObject({ type: 'failure', error: 'FAILED' });
    expect(causeOf()).toEqual({
      message: 'ERROR: relation "x" does not exist',
      statementId: STATEMENT_ID,
      statementName: STATEMENT_NAME,
      state: 'FAILED',
      sqlStatement: CANARIES.shortSql,
      thread: THREAD,
      time: '2026-11-26T07:59:59Z',
    });
    expect(stored()).toMatchObject({ status: 'closed', outcome: 'FAILED', delivered: true });
    expect(drain.telemetry.counts).toEqual(['CallbackDelivered', 'StatementFailed']);
  });

  it.each([
    ['AccessDeniedException', 403],
    ['AccessDenied', 403],
    ['ResourceNotFoundException', 400],
    ['ValidationException', 400],
  ])('fails its task without a text after %s', async (name, status) => {
    drain.errorText = () => Promise.reject(awsError(name, status));

    expect(await drain.retried(recordOf(eventOf('FAILED')))).toEqual([]);

    expect(causeOf()['message']).toMatch(/could not be read/);
    expect(drain.telemetry.counts).toEqual(['ErrorTextMissing', 'CallbackDelivered', 'StatementFailed']);
  });

  it('fails its task where it has no text', async () => {
    await drain.settle([recordOf(eventOf('FAILED'))]);

    expect(causeOf()['message']).toMatch(/could not be read/);
    expect(drain.telemetry.counts).toContain('ErrorTextMissing');
  });

  it.each([
    ['ThrottlingException', 400],
    ['InternalServerException', 500],
    ['TimeoutError', undefined],
  ])('waits for its text after %s, without using up a receive', async (name, status) => {
    drain.errorText = () => Promise.reject(awsError(name, status));
    const record = recordOf(eventOf('FAILED'), 'm1', 2);

    expect(await drain.retried(record)).toEqual([]);

    expect(drain.deferred).toEqual([{ message: { id: 'm1', body: record.body, deferrals: 2 }, seconds: 20 }]);
    expect(drain.answers).toEqual([]);
    expect(stored()).toEqual(ITEM);
    expect(drain.telemetry.counts).toEqual(['MessageDeferred']);
  });

  it('waits a bounded time only: then its task hears without a text', async () => {
    drain.errorText = () => Promise.reject(awsError('ThrottlingException', 400));
    const waits: number[] = [];
    for (let deferrals = 0; drain.answers.length === 0 && deferrals < 20; deferrals++) {
      await drain.settle([recordOf(eventOf('FAILED'), 'm1', deferrals)]);
      waits.push(...drain.deferred.splice(0).map(({ seconds }) => seconds));
    }

    expect(waits).toEqual([5, 10, 20, 40, 80, 160]);
    expect(causeOf()['message']).toMatch(/could not be read/);
    expect(stored()).toMatchObject({ outcome: 'FAILED', delivered: true });
  });
});

describe('a statement that was ABORTED', () => {
  it('fails its task as ABORTED: that is an outcome, not a surprise', async () => {
    expect(await drain.retried(recordOf(eventOf('ABORTED')))).toEqual([]);

    expect(drain.answers[0]?.result).toMatchObject({ type: 'failure', error: 'ABORTED' });
    expect(causeOf()).toMatchObject({
      message: 'The statement was stopped before it finished; Redshift gave no reason.',
      state: 'ABORTED',
    });
    expect(stored()).toMatchObject({ status: 'closed', outcome: 'ABORTED', delivered: true });
    expect(drain.telemetry.counts).toEqual(['CallbackDelivered', 'StatementAborted']);
  });

  it('tells the reason where Redshift has one', async () => {
    drain.errorText = () => Promise.resolve('Query cancelled by WLM abort action');

    await drain.settle([recordOf(eventOf('ABORTED'))]);

    expect(causeOf()['message']).toBe('Query cancelled by WLM abort action');
  });

  it('does not wait for a reason that cannot be read', async () => {
    drain.errorText = () => Promise.reject(awsError('ThrottlingException', 400));

    expect(await drain.retried(recordOf(eventOf('ABORTED')))).toEqual([]);

    expect(drain.deferred).toEqual([]);
    expect(drain.answers).toHaveLength(1);
    expect(drain.telemetry.counts).not.toContain('ErrorTextMissing');
  });
});

describe('a statement without a callback', () => {
  it.each(['FINISHED', 'FAILED', 'ABORTED'])('that %s only closes its item', async (state) => {
    drain.table.seed({ ...ITEM, callback: { type: 'none' } });

    expect(await drain.retried(recordOf(eventOf(state)))).toEqual([]);

    expect(drain.calls).toEqual(['GetItem', 'UpdateItem']);
    expect(stored()).toMatchObject({ status: 'closed', outcome: state });
    expect(stored()).not.toHaveProperty('delivered');
  });
});

describe('no poison: what can never succeed is counted, logged and acknowledged', () => {
  const foreign = encodeStatementName('tasker-1a2/', KEY);
  it.each([
    ['text that is not JSON', '{"taskToken": canary', 'MessageMalformed'],
    ['an empty message', '', 'MessageMalformed'],
    ['JSON null', null, 'MessageMalformed'],
    ['another event', { source: 'aws.ec2' }, 'MessageMalformed'],
    ['an event without a statement name', eventOf('FINISHED', { statementName: undefined }), 'MessageMalformed'],
    ['a name with our prefix but no key', eventOf('FINISHED', { statementName: 'tasker-1a2b/x' }), 'MessageMalformed'],
    ['a refusal without a cause', { type: 'refused', contractVersion: 1 }, 'MessageMalformed'],
    ["another tasker's statement", eventOf('FINISHED', { statementName: foreign }), 'MessageForeign'],
    ['an unknown item', eventOf('FINISHED', { statementName: `${STATEMENT_NAME}x` }), 'MessageUnknownItem'],
    ["another statement than the item's", eventOf('FINISHED', { statementId: 'other' }), 'MessageMismatched'],
  ])('%s', async (_, content, metric) => {
    expect(await drain.retried(recordOf(content))).toEqual([]);

    expect(drain.telemetry.counts).toEqual([metric]);
    expect(drain.telemetry.lines).toHaveLength(1);
    expect(drain.answers).toEqual([]);
    expect(stored()).toEqual(ITEM);
  });

  it('a closed item', async () => {
    drain.table.seed({ ...ITEM, status: 'closed', outcome: 'ABORTED', delivered: false });

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(drain.calls).toEqual(['GetItem']);
    expect(drain.telemetry.counts).toEqual(['MessageDuplicate']);
    expect(stored()).toMatchObject({ outcome: 'ABORTED', delivered: false });
  });

  it.each(['SUBMITTED', 'PICKED', 'STARTED', 'ALL', 'finished'])('the state %s, which ends nothing', async (state) => {
    expect(await drain.retried(recordOf(eventOf(state)))).toEqual([]);

    expect(drain.calls).toEqual([]);
    expect(stored()).toEqual(ITEM);
  });
});

describe('a terminal callback error', () => {
  beforeEach(() => {
    drain.deliver = () => Promise.resolve({ type: 'gone', reason: 'TaskTimedOut' });
  });

  it('is believed after a re-read shows the same generation and the start deadline is past', async () => {
    drain.table.seed({ ...ITEM, startDeadline: NOW - 1 });

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(drain.calls).toEqual(['GetItem', 'SendTaskSuccess', 'GetItem', 'UpdateItem']);
    expect(stored()).toMatchObject({ status: 'closed', outcome: 'FINISHED', delivered: false });
    expect(drain.telemetry.counts).toEqual(['CallbackUndeliverable']);
  });

  it('is not believed before the start deadline: a copy waits for it, without using up a receive', async () => {
    drain.table.seed({ ...ITEM, startDeadline: NOW + 12_300 });
    const record = recordOf(eventOf('FINISHED'));

    expect(await drain.retried(record)).toEqual([]);

    expect(drain.deferred).toEqual([{ message: { id: 'm1', body: record.body, deferrals: 0 }, seconds: 13.3 }]);
    expect(stored()).toMatchObject({ status: 'submitted' });
    expect(drain.telemetry.counts).toEqual(['MessageDeferred']);
  });

  it('is not believed in the millisecond of the start deadline', async () => {
    drain.table.seed({ ...ITEM, startDeadline: NOW });

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(drain.deferred).toMatchObject([{ seconds: 1 }]);
  });

  it('is not counted where another attempt takes the statement over just before it is closed', async () => {
    drain.table.seed({ ...ITEM, startDeadline: NOW - 1 });
    drain.table.beforeClose = () => {
      drain.table.beforeClose = () => undefined;
      drain.table.seed({ ...ITEM, generation: 2, callback: { type: 'stepFunctions', taskToken: 'newer-token' } });
      drain.deliver = () => Promise.resolve({ type: 'delivered' });
    };

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(drain.telemetry.counts).toEqual(['CallbackDelivered']);
    expect(stored()).toMatchObject({ generation: 2, status: 'closed', delivered: true });
  });

  it('is not believed where a newer attempt took the statement over: that one is answered', async () => {
    const newer = { type: 'stepFunctions' as const, taskToken: 'newer-token' };
    drain.deliver = ({ taskToken }) => {
      if (taskToken === 'newer-token') return Promise.resolve({ type: 'delivered' });
      drain.table.seed({ ...ITEM, generation: 2, callback: newer });
      return Promise.resolve({ type: 'gone', reason: 'TaskTimedOut' });
    };

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(drain.answers.map(({ taskToken }) => taskToken)).toEqual([CANARIES.taskToken, 'newer-token']);
    expect(stored()).toMatchObject({ generation: 2, status: 'closed', delivered: true });
  });

  it('is no matter where the item was closed meanwhile', async () => {
    drain.deliver = () => {
      const startDeadline = NOW + 60_000;
      drain.table.seed({ ...ITEM, startDeadline, status: 'closed', outcome: 'FINISHED', delivered: true });
      return Promise.resolve({ type: 'gone', reason: 'TaskDoesNotExist' });
    };

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(stored()).toMatchObject({ delivered: true });
    expect(drain.telemetry.counts).toEqual(['MessageDuplicate']);
  });

  it('is no matter where the item has expired meanwhile', async () => {
    drain.deliver = () => {
      drain.table.remove(KEY);
      return Promise.resolve({ type: 'gone', reason: 'InvalidToken' });
    };

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(stored()).toBeUndefined();
    expect(drain.telemetry.counts).toEqual(['MessageUnknownItem']);
  });

  it('is left for later where the item keeps changing', async () => {
    let generation = 1;
    drain.deliver = () => {
      drain.table.seed({ ...ITEM, generation: ++generation });
      return Promise.resolve({ type: 'gone', reason: 'TaskTimedOut' });
    };

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual(['m1']);

    expect(drain.answers).toHaveLength(3);
    expect(drain.telemetry.counts).toEqual(['MessageRetried']);
  });
});

describe('closing an item', () => {
  it('is no matter where someone else has closed it', async () => {
    drain.table.beforeClose = () =>
      drain.table.seed({ ...ITEM, status: 'closed', outcome: 'FINISHED', delivered: true });

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(drain.telemetry.counts).toEqual(['CallbackDelivered', 'MessageDuplicate']);
  });

  it('remembers that the task was told, also where a second copy was faster and found it gone', async () => {
    drain.table.beforeClose = () => {
      drain.table.beforeClose = () => undefined;
      drain.table.seed({ ...ITEM, status: 'closed', outcome: 'FINISHED', delivered: false, closedAt: NOW });
    };

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(stored()).toMatchObject({ status: 'closed', outcome: 'FINISHED', delivered: true });
    expect(drain.answers).toHaveLength(1);
  });

  it('starts over where a newer attempt took the statement over: that one waits for an answer of its own', async () => {
    const newer = { type: 'stepFunctions' as const, taskToken: 'newer-token' };
    drain.table.beforeClose = () => {
      drain.table.beforeClose = () => undefined;
      drain.table.seed({ ...ITEM, generation: 2, callback: newer });
    };

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(drain.answers.map(({ taskToken }) => taskToken)).toEqual([CANARIES.taskToken, 'newer-token']);
    expect(stored()).toMatchObject({ generation: 2, status: 'closed', delivered: true });
  });

  it('does not write an expired item anew', async () => {
    drain.table.beforeClose = () => drain.table.remove(KEY);

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual([]);

    expect(stored()).toBeUndefined();
  });
});

describe('what may succeed later is retried', () => {
  it.each([
    'KmsAccessDenied',
    'KmsThrottlingException',
    'ThrottlingException',
    'AccessDeniedException',
    'InternalFailure',
  ])('after %s from Step Functions', async (name) => {
    drain.deliver = () => Promise.reject(awsError(name, 400));

    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual(['m1']);

    expect(drain.telemetry.counts).toEqual(['MessageRetried']);
    expect(drain.telemetry.lines).toMatchObject([{ level: 'error', fields: { messageId: 'm1', error: name } }]);
    expect(stored()).toEqual(ITEM);
  });

  it('after a failed read or close', async () => {
    drain.table.beforeClose = () => {
      throw awsError('ProvisionedThroughputExceededException', 400);
    };
    expect(await drain.retried(recordOf(eventOf('FINISHED')))).toEqual(['m1']);

    drain.table.beforeRead = () => {
      throw awsError('InternalServerError', 500);
    };
    expect(await drain.retried(recordOf(eventOf('FINISHED'), 'm2'))).toEqual(['m2']);
  });

  it('where the copy that should wait cannot be sent', async () => {
    drain.errorText = () => Promise.reject(awsError('ThrottlingException', 400));
    drain.defer = () => Promise.reject(awsError('KmsThrottled', 400));

    expect(await drain.retried(recordOf(eventOf('FAILED')))).toEqual(['m1']);

    expect(drain.telemetry.counts).toEqual(['MessageRetried']);
  });
});

describe('a refused message', () => {
  const refused = (callback: TrackingItem['callback'], error = 'InvalidRequest') =>
    recordOf(encodeRefusedMessage({ callback, error, cause: 'sqlStatement: no', time: '2026-11-26T08:00:00Z' }));

  it('fails its task with error and cause', async () => {
    expect(await drain.retried(refused(ITEM.callback))).toEqual([]);

    expect(drain.calls).toEqual(['SendTaskFailure']);
    expect(drain.answers[0]?.result).toEqual({ type: 'failure', error: 'InvalidRequest', cause: 'sqlStatement: no' });
    expect(drain.telemetry.counts).toEqual(['CallbackDelivered']);
  });

  it('is cut to what Step Functions takes', async () => {
    await drain.settle([refused(ITEM.callback, 'E'.repeat(300))]);

    expect(drain.answers[0]?.result).toMatchObject({ error: 'E'.repeat(256) });
  });

  it('is acknowledged where nobody waits any more', async () => {
    drain.deliver = () => Promise.resolve({ type: 'gone', reason: 'TaskTimedOut' });

    expect(await drain.retried(refused(ITEM.callback))).toEqual([]);

    expect(drain.telemetry.counts).toEqual(['CallbackUndeliverable']);
  });

  it('is acknowledged where there is nobody to tell', async () => {
    expect(await drain.retried(refused({ type: 'none' }))).toEqual([]);

    expect(drain.calls).toEqual([]);
  });

  it('is retried where Step Functions throttles', async () => {
    drain.deliver = () => Promise.reject(awsError('ThrottlingException', 400));

    expect(await drain.retried(refused(ITEM.callback))).toEqual(['m1']);
  });
});
