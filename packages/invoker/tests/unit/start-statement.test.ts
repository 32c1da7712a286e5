import {
  clientTokenOf,
  type ExecuteRequest,
  encodeStatementName,
  names,
  StartInProgress,
  type TrackingItem,
} from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startStatement } from '../../src/start-statement.ts';
import { CONFIG, START, type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { sdkError } from '../helpers/fake-data-api.ts';
import { claimWith, EXECUTION, itemWith, REQUEST, SECRETS, STATEMENT_ID, TARGET_HASH } from '../helpers/requests.ts';

const HOUR = 3_600_000;
const TIMEOUT = 30_000;
const { METRICS } = names;

let dependencies: TestDependencies;
beforeEach(() => {
  dependencies = testDependencies();
});

/** One call of the function, at the test's time. */
const start = (request: ExecuteRequest = REQUEST, requestId = 'lambda-request-1', timeout = TIMEOUT) =>
  startStatement(request, { requestId, deadline: dependencies.clock.time + timeout }, dependencies);

/** A call that AWS never answers. */
const hang = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(sdkError('AbortError', 'Request aborted')));
  });

/** The SDK repeats the claim, because the answer to the first write was lost. */
const claimTwice = () => {
  const { table } = dependencies;
  const claim = table.claim.bind(table);
  table.claim = async (item) => {
    await claim(item);
    return await claim(item);
  };
};

const failWith = (error: Error, accepted = false) => dependencies.dataApi.failures.push({ error, accepted });

describe('a start', () => {
  it('claims, executes and notes', async () => {
    await start();

    const [id] = dependencies.dataApi.running;
    expect(dependencies.dataApi.starts).toEqual([
      {
        sql: REQUEST.sqlStatement,
        parameters: REQUEST.parameters,
        statementName: dependencies.table.only.statementName,
        clientToken: clientTokenOf(dependencies.table.only),
      },
    ]);
    expect(dependencies.table.only).toMatchObject({ status: 'submitted', statementId: id, generation: 1 });
    expect(dependencies.telemetry.counts).toEqual([METRICS.statementStarted]);
  });

  it('has claimed before it executes: the item holds what drain and sweep need', async () => {
    let claim: TrackingItem | undefined;
    dependencies.dataApi.whenAccepted = () => {
      claim = dependencies.table.only;
    };

    await start();

    const { owner, invocationKey } = dependencies.table.only;
    expect(claim).toEqual({
      owner: EXECUTION,
      invocationKey,
      contractVersion: 1,
      status: 'starting',
      generation: 1,
      callback: REQUEST.callback,
      statementName: encodeStatementName(CONFIG.statementNamePrefix, { owner, invocationKey }),
      targetId: 'default',
      targetHash: TARGET_HASH,
      ownerRoleArn: CONFIG.ownerRoleArn,
      workHash: itemWith().workHash,
      shortSql: REQUEST.sqlStatement,
      startedAt: START,
      startDeadline: START + TIMEOUT,
      claimant: expect.stringMatching(/^[0-9a-f-]{36}$/),
      expiresAt: START / 1000 + 7 * 86_400,
      attempt: REQUEST.attempt,
    });
  });

  it('answers the statement under its own and the Data API names', async () => {
    const answer = await start();

    const { statementId, statementName } = dependencies.table.only;
    expect(answer).toEqual({
      statementId,
      statementName,
      Id: statementId,
      ClusterIdentifier: 'c1',
      Database: 'dev',
      DbUser: 'etl',
      CreatedAt: '2026-11-26T08:00:00.000Z',
    });
  });

  it('without an execution is owned by the invocation', async () => {
    const request: ExecuteRequest = {
      action: 'executeStatement',
      sqlStatement: 'select 1',
      parameters: {},
      callback: { type: 'none' },
    };

    await start(request, 'lambda-request-7');

    expect(dependencies.table.only).toMatchObject({ owner: 'adhoc-lambda-request-7', callback: { type: 'none' } });
    expect(dependencies.table.only).not.toHaveProperty('attempt');
  });

  it('remembers that the statement is to be left alone once nobody waits for it', async () => {
    await start({ ...REQUEST, onTimeout: 'leave' });

    expect(dependencies.table.only.onTimeout).toBe('leave');
  });

  it('remembers how the statement is to be watched', async () => {
    dependencies = { ...dependencies, config: { ...CONFIG, sweepIntervalSeconds: 60 } };

    await start({ ...REQUEST, heartbeatSeconds: 180, maxRuntimeSeconds: 1 });

    expect(dependencies.table.only).toMatchObject({ heartbeatSeconds: 180, maxRuntimeSeconds: 1 });
  });

  it.each([
    [
      60,
      { heartbeatSeconds: 179 },
      'heartbeatSeconds: must be at least 180, 3 times as long as the sweep, which sends heartbeats, takes from run to run (sweep.interval); received 179',
    ],
    [
      undefined,
      { heartbeatSeconds: 600 },
      'heartbeatSeconds: needs the sweep, which this tasker has switched off (sweep.enabled); received 600',
    ],
    [
      undefined,
      { maxRuntimeSeconds: 600 },
      'maxRuntimeSeconds: needs the sweep, which this tasker has switched off (sweep.enabled); received 600',
    ],
  ])(
    'is refused, before anything is written, where the sweep (every %s s) cannot keep %j',
    async (every, asked, message) => {
      const config = { ...CONFIG, ...(every !== undefined && { sweepIntervalSeconds: every }) };
      dependencies = { ...dependencies, config };

      await expect(start({ ...REQUEST, ...asked })).rejects.toThrow(message);

      expect(dependencies.table.items).toEqual([]);
    },
  );

  it('logs neither SQL, parameter values nor task token', async () => {
    failWith(sdkError('ThrottlingException', 'Rate exceeded', 400));
    await expect(start()).rejects.toThrow();
    await start();
    await start();

    const logged = JSON.stringify(dependencies.telemetry.lines);
    expect(dependencies.telemetry.lines.length).toBeGreaterThan(2);
    for (const secret of Object.values(SECRETS)) expect(logged).not.toContain(secret);
  });
});

describe('no double run: repeating a request starts one statement', () => {
  it('answers the same statement, starts nothing and counts it', async () => {
    const first = await start();
    const second = await start(REQUEST, 'lambda-request-2');

    expect(second).toEqual(first);
    expect(dependencies.dataApi.starts).toHaveLength(1);
    expect(dependencies.telemetry.counts).toEqual([METRICS.statementStarted, METRICS.startRepeated]);
  });

  it.each(['submitted', 'cancelling'] as const)('also while it is %s', async (status) => {
    dependencies.table.seed(itemWith({ status }));

    await expect(start()).resolves.toMatchObject({ statementId: STATEMENT_ID });
    expect(dependencies.dataApi.starts).toEqual([]);
  });

  it.each(['FINISHED', 'FAILED', 'ABORTED'] as const)('also after it ended %s', async (outcome) => {
    dependencies.table.seed(itemWith({ status: 'closed', outcome, delivered: true }));

    await expect(start()).resolves.toMatchObject({ statementId: STATEMENT_ID });
    expect(dependencies.dataApi.starts).toEqual([]);
  });

  it('also after it ended before its id was noted', async () => {
    dependencies.table.seed(claimWith({ status: 'closed', outcome: 'FINISHED', delivered: true }));

    const answer = await start();

    expect(answer).toMatchObject({ statementName: itemWith().statementName });
    expect(answer).not.toHaveProperty('statementId');
    expect(dependencies.dataApi.starts).toEqual([]);
  });

  it('starts another one for another attempt, and for other SQL', async () => {
    await start();
    await start({ ...REQUEST, attempt: { ...REQUEST.attempt, retryCount: 1 } as never });
    await start({ ...REQUEST, sqlStatement: 'select 2' });

    expect(dependencies.dataApi.running).toHaveLength(3);
  });

  it('starts one for old payloads, which repeat the same token', async () => {
    const { attempt: _attempt, ...old } = REQUEST;

    const first = await start(old);

    await expect(start(old, 'lambda-request-2')).resolves.toEqual(first);
    expect(dependencies.dataApi.running).toHaveLength(1);
  });

  it('refuses a task token that has started other work', async () => {
    const { attempt: _attempt, ...old } = REQUEST;
    await start(old);

    await expect(start({ ...old, sqlStatement: 'select 2' })).rejects.toThrow(
      'sqlStatement: is not the one that this task token has started; received another statement or parameters',
    );
    expect(dependencies.dataApi.running).toHaveLength(1);
  });

  it('takes its own claim for its own where the SDK repeated a write whose answer was lost', async () => {
    claimTwice();

    await start();

    expect(dependencies.table.only).toMatchObject({ status: 'submitted', generation: 1 });
    expect(dependencies.dataApi.running).toHaveLength(1);
  });

  it("does not take another's claim of the same millisecond for its own", async () => {
    const [one, other] = await Promise.allSettled([start(REQUEST, 'request-1'), start(REQUEST, 'request-2')]);

    expect(one).toMatchObject({ status: 'fulfilled' });
    expect(other).toMatchObject({ status: 'rejected', reason: { name: 'StartInProgress' } });
    expect(dependencies.dataApi.starts).toHaveLength(1);
  });

  it('does not close a claim on a refusal whose write it had to repeat', async () => {
    claimTwice();
    failWith(sdkError('AccessDeniedException', 'no', 403));

    await expect(start()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(dependencies.table.only).toMatchObject({ status: 'starting' });
  });

  it('lets one of many simultaneous requests start it', async () => {
    const timeouts = [30_000, 29_000, 28_000, 27_000];

    const results = await Promise.allSettled(timeouts.map((timeout, n) => start(REQUEST, `request-${n}`, timeout)));

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ name: 'StartInProgress', retryable: true });
    }
    expect(dependencies.dataApi.starts).toHaveLength(1);
  });
});

describe('the start deadline of a claim', () => {
  it('keeps everyone else off a claim without an id before it', async () => {
    dependencies.table.seed(claimWith({ startDeadline: START + 1 }));

    await expect(start()).rejects.toThrow(StartInProgress);
    expect(dependencies.dataApi.starts).toEqual([]);
    expect(dependencies.table.only).toEqual(claimWith({ startDeadline: START + 1 }));
  });

  it('lets the claim be taken over past it, under the same ClientToken', async () => {
    dependencies.table.seed(claimWith({ startDeadline: START }));

    await start();

    expect(dependencies.dataApi.starts.map(({ clientToken }) => clientToken)).toEqual([clientTokenOf(claimWith())]);
    expect(dependencies.table.only).toMatchObject({
      status: 'submitted',
      generation: 1,
      startedAt: START,
      startDeadline: START + TIMEOUT,
    });
  });

  it('lets one of two simultaneous requests take it over', async () => {
    dependencies.table.seed(claimWith({ startDeadline: START }));

    const results = await Promise.allSettled([start(REQUEST, 'one', 30_000), start(REQUEST, 'two', 29_000)]);

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(dependencies.dataApi.starts).toHaveLength(1);
  });

  it.each([TIMEOUT - 1_000, TIMEOUT])(
    'keeps the invoker from executing less than a second before it, and frees the claim (%d ms)',
    async (ms) => {
      const slow: TestDependencies = {
        ...dependencies,
        table: Object.assign(dependencies.table, {
          claim: (item: TrackingItem) => {
            dependencies.clock.time += ms;
            dependencies.table.seed(item);
            return Promise.resolve({ done: true });
          },
        }),
      };

      const late = startStatement(REQUEST, { requestId: 'late', deadline: START + TIMEOUT }, slow);

      await expect(late).rejects.toMatchObject({
        name: 'StartInProgress',
        message: 'the time of the function was over before the statement was started; repeat the request',
        retryable: true,
      });
      expect(dependencies.dataApi.starts).toEqual([]);
      expect(dependencies.table.only).toMatchObject({ status: 'starting', startDeadline: dependencies.clock.time });
    },
  );

  it('lets the call begin until a second before the deadline', async () => {
    dependencies.table.claim = (item) => {
      dependencies.clock.time += TIMEOUT - 1_001;
      dependencies.table.seed(item);
      return Promise.resolve({ done: true });
    };

    await start();

    expect(dependencies.dataApi.starts).toHaveLength(1);
  });

  it('ends a call that hangs, in time for an answer', async () => {
    dependencies.dataApi.execute = (_start, signal) => hang(signal);

    await expect(start(REQUEST, 'lambda-request-1', 40)).rejects.toMatchObject({
      name: 'TimeoutError',
      message: 'ExecuteStatement gave no answer in the time of the function',
      retryable: true,
    });
    expect(dependencies.table.only).toMatchObject({ status: 'starting', startDeadline: START + 40 });
  });
});

describe('a claim older than 7 h without an id is never executed again', () => {
  it('is still executed a moment before', async () => {
    dependencies.table.seed(claimWith());
    dependencies.clock.time = START + 7 * HOUR - 1;

    await start();

    expect(dependencies.dataApi.starts).toHaveLength(1);
  });

  it('tells the caller so, and counts it', async () => {
    dependencies.table.seed(claimWith());
    dependencies.clock.time = START + 7 * HOUR;

    await expect(start()).rejects.toMatchObject({
      name: 'StartUncertain',
      retryable: false,
      message: expect.stringContaining(claimWith().statementName) as string,
    });
    expect(dependencies.dataApi.starts).toEqual([]);
    expect(dependencies.telemetry.counts).toEqual([METRICS.startUncertain]);
    expect(dependencies.table.only).toEqual(claimWith());
  });
});

describe('a claim without an id that was made for another target', () => {
  it.each([{ clusterIdentifier: 'c2' }, { database: 'prod' }, { dbUser: 'other' }])(
    'is not executed on this one, as it may run there: %j',
    async (change) => {
      failWith(sdkError('InternalServerException', 'later', 500), true);
      await expect(start()).rejects.toThrow('later');
      dependencies.clock.time += HOUR;
      const target = { ...CONFIG.target, ...change };

      const updated = startStatement(
        REQUEST,
        { requestId: 'lambda-request-2', deadline: dependencies.clock.time + TIMEOUT },
        { ...dependencies, config: { ...CONFIG, target } },
      );

      await expect(updated).rejects.toMatchObject({
        name: 'StartUncertain',
        message: expect.stringContaining('before the stack was updated') as string,
      });
      expect(dependencies.dataApi.starts).toHaveLength(1);
      expect(dependencies.table.only.status).toBe('starting');
      expect(dependencies.telemetry.counts.at(-1)).toBe(METRICS.startUncertain);
    },
  );

  it('is executed where it does not say for which, as older versions did not', async () => {
    dependencies.table.seed(claimWith());
    dependencies.clock.time += HOUR;

    await start();

    expect(dependencies.dataApi.starts).toHaveLength(1);
  });
});

describe('only a definite refusal closes a claim', () => {
  const refusal = sdkError(
    'ValidationException',
    `Parameter word has value '${SECRETS.parameter}' in ${SECRETS.sql}`,
    400,
  );

  it('closes it as REFUSED and tells the caller under the name of the Data API', async () => {
    failWith(refusal);
    dependencies.locks.failure = new Error('it has no lock to let go');

    await expect(start()).rejects.toMatchObject({ name: 'ValidationException', retryable: false });

    const { statementId, ...closed } = dependencies.table.only;
    expect(closed).toMatchObject({ status: 'closed', outcome: 'REFUSED', delivered: false, closedAt: START });
    expect(statementId).toBeUndefined();
    expect(dependencies.telemetry.counts).toEqual([METRICS.startRefused]);
  });

  it('gives the text of AWS without parameter values', async () => {
    failWith(refusal);

    await expect(start()).rejects.toThrow(`Parameter word has value '***' in ${SECRETS.sql}`);
  });

  it('may be claimed anew, with a new generation and ClientToken', async () => {
    failWith(sdkError('ActiveStatementsExceededException', 'Too many', 400));
    await expect(start()).rejects.toThrow('Too many');
    dependencies.clock.time += 1_000;

    await start();

    const [first, second] = dependencies.dataApi.starts;
    expect(second?.clientToken).not.toBe(first?.clientToken);
    expect(dependencies.table.only).toMatchObject({ status: 'submitted', generation: 2, startedAt: START + 1_000 });
    expect(dependencies.table.only).not.toHaveProperty('outcome');
  });

  it('is claimed anew by nobody where a later generation stands', async () => {
    dependencies.table.seed(claimWith({ status: 'closed', outcome: 'REFUSED', delivered: false, closedAt: START }));
    dependencies.table.claimAgain = (item) =>
      Promise.resolve({ done: false, standing: { ...item, generation: item.generation + 1 } });

    await expect(start()).rejects.toThrow(StartInProgress);
    expect(dependencies.dataApi.starts).toEqual([]);
  });

  it('is claimed anew by one of two simultaneous requests', async () => {
    dependencies.table.seed(claimWith({ status: 'closed', outcome: 'REFUSED', delivered: false, closedAt: START }));

    const results = await Promise.allSettled([start(REQUEST, 'one', 30_000), start(REQUEST, 'two', 29_000)]);

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(dependencies.dataApi.starts).toHaveLength(1);
  });

  it('still reaches the caller where the claim cannot be closed', async () => {
    failWith(refusal);
    dependencies.table.closeRefused = () => Promise.reject(sdkError('InternalServerError', 'down', 500));

    await expect(start()).rejects.toMatchObject({ name: 'ValidationException' });
    expect(dependencies.telemetry.lines).toContainEqual({
      level: 'error',
      message: 'refused claim not closed',
      fields: { statementName: claimWith().statementName, error: 'InternalServerError' },
    });
  });

  it('reaches the caller as a throttle does whose claim cannot be freed', async () => {
    failWith(sdkError('ThrottlingException', 'Rate exceeded', 400));
    dependencies.table.moveDeadline = () => Promise.reject(sdkError('InternalServerError', 'down', 500));

    await expect(start()).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(dependencies.telemetry.lines).toContainEqual({
      level: 'error',
      message: 'start deadline not moved',
      fields: { statementName: claimWith().statementName, error: 'InternalServerError' },
    });
  });

  it('leaves alone a claim that has changed meanwhile', async () => {
    dependencies.dataApi.execute = () => {
      dependencies.table.change({ generation: 2 });
      return Promise.reject(refusal);
    };

    await expect(start()).rejects.toMatchObject({ name: 'ValidationException' });
    expect(dependencies.table.only).toMatchObject({ status: 'starting', generation: 2 });
  });

  it.each([
    ['a 5xx', sdkError('ExecuteStatementException', 'environment', 500)],
    ['a broken connection', sdkError('Error', 'socket hang up')],
    ['a time-out', sdkError('TimeoutError', 'no answer')],
    ['a refusal after the SDK repeated the request', sdkError('AccessDeniedException', 'no longer', 403, 2)],
  ])('is not: %s; the claim stays, since the statement may run', async (_what, error) => {
    failWith(error, true);

    await expect(start()).rejects.toMatchObject({ name: error.name, kind: 'uncertain', retryable: true });

    expect(dependencies.table.only).toMatchObject({ status: 'starting', startDeadline: START + TIMEOUT });
    expect(dependencies.telemetry.counts).toEqual([METRICS.startUncertain]);
  });

  it('is not one that a repeat gets: what the first one sent may run', async () => {
    failWith(sdkError('InternalServerException', 'lost', 500), true);
    await expect(start()).rejects.toThrow('lost');
    dependencies.clock.time += TIMEOUT;
    failWith(sdkError('AccessDeniedException', 'no longer', 403));

    await expect(start()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(dependencies.table.only).toMatchObject({ status: 'starting', generation: 1 });
  });

  it('after an uncertain start, a repeat past the deadline finds the statement that runs', async () => {
    failWith(sdkError('InternalServerException', 'lost', 500), true);
    await expect(start()).rejects.toThrow('lost');
    dependencies.clock.time += 1_000;
    await expect(start()).rejects.toMatchObject({ name: 'StartInProgress' });
    dependencies.clock.time += TIMEOUT;

    const { statementId } = await start();

    expect(dependencies.dataApi.running).toEqual([statementId]);
  });

  it.each([
    ['a throttle', sdkError('ThrottlingException', 'Rate exceeded', 400)],
    ['a throttle after the SDK repeated the request', sdkError('ThrottlingException', 'Rate exceeded', 400, 3)],
    [
      'a throttle in the disguise of a ValidationException',
      sdkError('ValidationException', 'Service returned error code ThrottlingException', 400),
    ],
  ])('is not: %s; a repeat need not wait', async (_what, error) => {
    failWith(error);

    await expect(start()).rejects.toMatchObject({ name: 'ThrottlingException', retryable: true });
    expect(dependencies.table.only).toMatchObject({ status: 'starting', startDeadline: START });

    await start();
    expect(dependencies.table.only).toMatchObject({ status: 'submitted', generation: 1 });
    expect(dependencies.dataApi.running).toHaveLength(1);
  });
});

describe('after ExecuteStatement has succeeded the invoker does not throw', () => {
  const noteLines = () => dependencies.telemetry.lines.filter(({ message }) => message === 'statement id not noted');

  it('logs and counts a note that failed', async () => {
    dependencies.table.noteStatement = () => Promise.reject(sdkError('InternalServerError', 'down', 500));

    const { statementId } = await start();

    expect(dependencies.dataApi.running).toEqual([statementId]);
    expect(dependencies.telemetry.counts).toEqual([METRICS.statementStarted, METRICS.noteFailed]);
    expect(noteLines()).toMatchObject([{ level: 'error', fields: { error: 'InternalServerError' } }]);
  });

  it('takes a completer that closed first for no failure, and leaves its word', async () => {
    dependencies.dataApi.whenAccepted = (statementId) =>
      dependencies.table.change({ status: 'closed', outcome: 'FINISHED', delivered: true, statementId });

    const { statementId } = await start();

    expect(dependencies.dataApi.running).toEqual([statementId]);
    expect(dependencies.telemetry.counts).toEqual([METRICS.statementStarted]);
    expect(dependencies.table.only).toMatchObject({ status: 'closed', outcome: 'FINISHED' });
  });

  it.each([
    ['the item is gone', () => dependencies.table.remove(dependencies.table.only)],
    ['the item has changed', () => dependencies.table.change({ generation: 2 })],
  ])('logs and counts that %s', async (error, happen) => {
    dependencies.dataApi.whenAccepted = happen;

    await start();

    expect(dependencies.telemetry.counts).toEqual([METRICS.statementStarted, METRICS.noteFailed]);
    expect(noteLines()).toMatchObject([{ fields: { error } }]);
  });

  it('gives up a note that hangs, in time for the answer', async () => {
    dependencies.table.noteStatement = (_claim, _id, signal) => hang(signal);
    const timeouts = vi.spyOn(AbortSignal, 'timeout');
    onTestFinished(() => timeouts.mockRestore());

    await expect(start(REQUEST, 'lambda-request-1', 300)).resolves.toMatchObject({ statementName: expect.any(String) });
    expect(dependencies.telemetry.counts).toContain(METRICS.noteFailed);
    expect(timeouts).toHaveBeenLastCalledWith(50);
  });
});

describe('a claim that cannot be written', () => {
  it('executes nothing', async () => {
    dependencies.table.claim = () => Promise.reject(sdkError('InternalServerError', 'down', 500));

    await expect(start()).rejects.toThrow('down');
    expect(dependencies.dataApi.starts).toEqual([]);
  });

  it('asks to be repeated where the item that stood there expired meanwhile', async () => {
    dependencies.table.claim = () => Promise.resolve({ done: false, standing: undefined });

    await expect(start()).rejects.toThrow(StartInProgress);
  });
});
