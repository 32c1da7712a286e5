import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallFault, EventFault, MessageFault } from '../../../src/faults/fault.ts';
import { NaiveStage } from '../../helpers/naive-stage.ts';

/** What faults do to functions that are not made for them. */
let naive: NaiveStage;
beforeAll(async () => {
  naive = await NaiveStage.start();
});
afterAll(() => naive?.close());
beforeEach(() => naive.reset());

type OnTheWay = Pick<EventFault, 'do' | 'nth' | 'delayMs' | 'behind'>;

const HOUR_MS = 3_600_000;
const COMPLETIONS = { pattern: { source: ['aws.redshift-data'] } };
const onEvents = (fault: Omit<EventFault, 'on'>) => naive.stage.faults.add({ on: 'event', ...COMPLETIONS, ...fault });
const onMessages = (fault: Omit<MessageFault, 'on'>) =>
  naive.stage.faults.add({ on: 'message', queue: 'completions', ...fault });
const onCalls = (fault: Omit<CallFault, 'on'>) => naive.stage.faults.add({ on: 'call', ...fault });

const SUCCEEDED = { status: 'SUCCEEDED', error: undefined };
const TIMED_OUT = { status: 'FAILED', error: 'States.Timeout' };

/** An order that never ends, until its task times out. */
const expectStuck = async (executionArn: string): Promise<void> => {
  expect((await naive.describe(executionArn)).status).toBe('RUNNING');
  naive.stage.clock.advance(HOUR_MS);
  expect(await naive.ended(executionArn)).toEqual(TIMED_OUT);
};

describe('Without faults, functions without protection', () => {
  it('run a statement once, count it once, and end its task', async () => {
    expect(await naive.run('plain')).toEqual(SUCCEEDED);
    await naive.completed(1);
    expect(await naive.total()).toEqual({ ended: 1, latest: 'plain' });
    expect(naive.calls('ExecuteStatement')).toHaveLength(1);
  });

  it('hold what ended last for what ended last', async () => {
    await naive.run('first');
    await naive.run('second');
    await naive.completed(2);
    expect(await naive.total()).toEqual({ ended: 2, latest: 'second' });
  });
});

describe.each([
  ['events', (fault: OnTheWay) => onEvents(fault)],
  ['events', (fault: OnTheWay) => onEvents({ ...fault, rule: /^compl/ })],
  ['messages', (fault: OnTheWay) => onMessages(fault)],
] as const)('When %s', (what, add) => {
  const name = (order: string) => `${order}-${what}-${naive.stage.events.latestId}`;

  it('are dropped, a task waits until it times out', async () => {
    add({ do: 'drop', nth: 1 });
    const executionArn = await naive.start(name('dropped'));
    await naive.met(what, 'dropped');
    await expectStuck(executionArn);
    expect(await naive.total()).toEqual({ ended: 0, latest: undefined });
  });

  it('come twice, a statement is counted twice', async () => {
    add({ do: 'duplicate', nth: 1 });
    expect(await naive.run(name('duplicated'))).toEqual(SUCCEEDED);
    await naive.called('UpdateItem', 'completer', 2);
    expect((await naive.total()).ended).toBe(2);
  });

  it('are delayed, a task waits as long', async () => {
    add({ do: 'delay', delayMs: HOUR_MS / 2, nth: 1 });
    const executionArn = await naive.start(name('delayed'));
    await naive.met(what, 'delayed');
    expect((await naive.describe(executionArn)).status).toBe('RUNNING');
    naive.stage.clock.advance(HOUR_MS / 2);
    expect(await naive.ended(executionArn)).toEqual(SUCCEEDED);
  });

  it('come out of order, what ended last is forgotten', async () => {
    add({ do: 'reorder', behind: 1, nth: 1 });
    const [first, second] = [name('first'), name('second')];
    const executionArn = await naive.start(first);
    await naive.met(what, 'held');
    expect(await naive.run(second)).toEqual(SUCCEEDED);
    expect(await naive.ended(executionArn)).toEqual(SUCCEEDED);
    expect((await naive.total()).latest).toBe(first);
  });
});

describe('A message that comes twice', () => {
  it('has the same id and another handle', async () => {
    onMessages({ do: 'duplicate', copies: 2, nth: 1 });
    await naive.run('handles');
    await naive.called('UpdateItem', 'completer', 3);
    const received = naive.messages().filter(({ outcome }) => outcome === 'received');
    expect(received).toHaveLength(3);
    expect(new Set(received.map(({ messageId }) => messageId)).size).toBe(1);
  });
});

describe('A call that', () => {
  const onExecute = (fault: Omit<CallFault, 'on'>) =>
    onCalls({ service: 'redshift-data', operation: 'ExecuteStatement', caller: 'starter', nth: 1, ...fault });

  it('is throttled fails the task', async () => {
    onExecute({ do: 'throttle' });
    expect(await naive.run('throttled')).toEqual({ status: 'FAILED', error: 'ThrottlingException' });
  });

  it('fails by another name fails the task by that', async () => {
    onExecute({ do: 'fail', error: 'ActiveStatementsExceededException' });
    expect(await naive.run('failed')).toEqual({ status: 'FAILED', error: 'ActiveStatementsExceededException' });
  });

  it('fails before its effect is made again, and takes effect once', async () => {
    onExecute({ do: 'serverError' });
    expect(await naive.run('before', 1)).toEqual(SUCCEEDED);
    await naive.completed(1);
    expect(naive.calls('ExecuteStatement').map(({ outcome }) => outcome)).toEqual(['InternalServerException', 'ok']);
    expect((await naive.total()).ended).toBe(1);
  });

  it.each(['serverError', 'disconnect'] as const)(
    'has taken effect when it fails (%s) is made again: the statement runs twice',
    async (action) => {
      onExecute({ do: action, when: 'after' });
      expect(await naive.run(`after-${action}`, 1)).toEqual(SUCCEEDED);
      await naive.called('UpdateItem', 'completer', 2);
      expect((await naive.total()).ended).toBe(2);
    },
  );

  it('gets no answer fails the task when the function times out', async () => {
    const hang = onExecute({ do: 'hang' });
    const executionArn = await naive.start('hanging');
    await hang.hasHit();
    naive.stage.clock.advance(10_000);
    expect(await naive.ended(executionArn)).toEqual({ status: 'FAILED', error: 'Sandbox.Timedout' });
  });

  it('is answered too late has its effect all the same', async () => {
    const delay = onExecute({ do: 'delay', when: 'after', delayMs: 11_000 });
    const executionArn = await naive.start('late');
    await naive.called('UpdateItem', 'completer');
    await delay.hasHit();
    naive.stage.clock.advance(11_000);
    expect(await naive.ended(executionArn)).toMatchObject({ error: 'Sandbox.Timedout' });
    expect((await naive.total()).ended).toBe(1);
  });
});

describe('A function that is killed', () => {
  const kill = (caller: string, operation: string, when: CallFault['when']) =>
    onCalls({ do: 'kill', caller, operation, nth: 1, ...(when ? { when } : {}) });

  /** Step Functions tries again after a second; whether it waits already or not, that passes. */
  const retried = async () => {
    await naive.called('Invoke', 'waiter');
    await new Promise(setImmediate);
    naive.stage.clock.advance(1000);
  };

  it('before its claim starts anew', async () => {
    kill('starter', 'UpdateItem', 'before');
    const executionArn = await naive.start('killed-before');
    await retried();
    expect(await naive.ended(executionArn)).toEqual(SUCCEEDED);
    expect(naive.calls('ExecuteStatement')).toHaveLength(1);
  });

  it.each(['after', 'answered'] as const)(
    'between its claim and the next call (%s) leaves the order stuck',
    async (when) => {
      kill('starter', 'UpdateItem', when);
      const executionArn = await naive.start(`killed-${when}`);
      await retried();
      await naive.called('UpdateItem', 'starter', 2);
      expect(naive.calls('ExecuteStatement')).toEqual([]);
      await expectStuck(executionArn);
    },
  );

  it('between counting and telling counts twice, as its message comes again', async () => {
    kill('completer', 'UpdateItem', 'answered');
    const executionArn = await naive.start('killed-completer');
    await naive.called('UpdateItem', 'completer');
    expect(await naive.makeVisible()).toBe(1);
    expect(await naive.ended(executionArn)).toEqual(SUCCEEDED);
    await naive.completed(1);
    expect((await naive.total()).ended).toBe(2);
  });
});

describe('What the stage itself calls', () => {
  it.each([
    ['throttle', 'Lambda.TooManyRequestsException'],
    ['serverError', 'Lambda.ServiceException'],
    ['disconnect', 'Lambda.SdkClientException'],
  ] as const)('fails as well: %s of an invocation by Step Functions is %s', async (action, error) => {
    onCalls({ operation: 'Invoke', caller: 'waiter', do: action });
    expect(await naive.run(`invoke-${action}`)).toEqual({ status: 'FAILED', error });
    expect(naive.calls('UpdateItem')).toEqual([]);
  });

  it('fails as well: a message that Lambda cannot delete is processed again', async () => {
    const undeleted = onCalls({ operation: 'DeleteMessageBatch', do: 'serverError', nth: 1 });
    expect(await naive.run('undeleted')).toEqual(SUCCEEDED);
    await undeleted.hasHit();
    expect(await naive.makeVisible()).toBe(1);
    await naive.called('UpdateItem', 'completer', 2);
    expect((await naive.total()).ended).toBe(2);
  });

  it('fails as well: an event that a queue does not take at first is delivered later', async () => {
    onCalls({ service: 'sqs', operation: 'SendMessage', caller: 'events.amazonaws.com', do: 'throttle', uses: 2 });
    expect(await naive.run('retried')).toEqual(SUCCEEDED);
    expect(naive.calls('SendMessage').map(({ outcome }) => outcome)).toEqual([
      'RequestThrottled',
      'RequestThrottled',
      'ok',
    ]);
  });
});

describe('The records', () => {
  const recordsAt = async (path: string): Promise<Record<string, unknown>> =>
    (await fetch(`${naive.stage.endpoint}/_stage/${path}`)).json() as Promise<Record<string, unknown>>;

  it('show whose code called what, and the way of the event, but nothing that was said', async () => {
    const { stage } = naive;
    const [calls, events, messages] = [stage.calls.latestId, stage.events.latestId, stage.messages.latestId];
    await naive.run('canary');
    await naive.completed(1);

    const called = await recordsAt(`calls?caller=completer&after=${calls}`);
    const put = await recordsAt(`events?source=aws.redshift-data&after=${events}`);
    const received = await recordsAt(`messages?queue=completions&after=${messages}`);

    expect((await recordsAt(`calls?operation=Invoke&caller=waiter&after=${calls}`)).calls).toMatchObject([
      { caller: expect.stringMatching(/:assumed-role\//) as string, sourceArn: naive.outputs.Machine },
    ]);
    expect(called.calls).toMatchObject([
      { operation: 'UpdateItem', functionName: 'completer', outcome: 'ok' },
      { operation: 'GetItem', functionName: 'completer', outcome: 'ok' },
      { operation: 'SendTaskSuccess', functionName: 'completer', invocationId: expect.any(String) as string },
    ]);
    expect(put.events).toMatchObject([{ outcome: 'put' }, { outcome: 'delivered', rule: 'completions' }]);
    expect(received.messages).toMatchObject([{ outcome: 'received' }, { outcome: 'deleted' }]);
    expect(JSON.stringify([called, put, received])).not.toContain('canary');
  });
});

describe('A stage', () => {
  it('can be closed while faults keep calls, events and messages', async () => {
    const kept = [
      onCalls({ operation: 'Invoke', caller: 'waiter', do: 'hang', nth: 1 }),
      onCalls({ operation: 'Invoke', caller: 'waiter', do: 'delay', delayMs: HOUR_MS, nth: 2 }),
      onCalls({ operation: 'UpdateItem', caller: 'starter', do: 'hang', nth: 1 }),
      onEvents({ do: 'reorder', nth: 1 }),
      onMessages({ do: 'delay', delayMs: HOUR_MS, nth: 1 }),
    ];
    for (const order of ['kept-1', 'kept-2', 'kept-3', 'kept-4', 'kept-5']) await naive.start(order);
    await Promise.all(kept.map((fault) => fault.hasHit()));
    await naive.close();
    await expect(fetch(naive.stage.endpoint)).rejects.toThrow();
  });
});
