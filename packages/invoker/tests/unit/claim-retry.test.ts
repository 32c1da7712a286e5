import { ConcurrentExecution, type ExecuteRequest, names, type TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { startStatement } from '../../src/start-statement.ts';
import { START, type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { sdkError } from '../helpers/fake-data-api.ts';
import { claimWith, itemWith, REQUEST, STATEMENT_ID } from '../helpers/requests.ts';

const OVERTAKEN = new ConcurrentExecution(
  'the task of this request has ended, and a later attempt has been given its statement',
);
const HOUR = 3_600_000;
const TIMEOUT = 30_000;
const { METRICS } = names;

let dependencies: TestDependencies;
beforeEach(() => {
  dependencies = testDependencies();
  dependencies.clock.time = START + HOUR;
});

const attempt = (retryCount: number, redriveCount = 0) => ({
  state: 'Load',
  enteredTime: '2026-11-26T08:00:00Z',
  retryCount,
  redriveCount,
});

const requestOf = (retryCount: number, changes: Partial<ExecuteRequest> = {}, redriveCount = 0): ExecuteRequest => ({
  ...REQUEST,
  attempt: attempt(retryCount, redriveCount),
  callback: { type: 'stepFunctions', taskToken: `token-${redriveCount}.${retryCount}` },
  ...changes,
});

const RETRY = requestOf(1);
const FIRST = requestOf(0);

const start = (request: ExecuteRequest = RETRY, requestId = 'lambda-request-1', timeout = TIMEOUT) =>
  startStatement(request, { requestId, deadline: dependencies.clock.time + timeout }, dependencies);

/** Leaves behind what the first attempt did, and says that its task has ended. */
const leave = (changes: Partial<TrackingItem> = {}, request = FIRST): TrackingItem => {
  const item = itemWith(changes, request);
  dependencies.table.seed(item);
  if (request.callback.type === 'stepFunctions') dependencies.tasks.gone.add(request.callback.taskToken);
  return item;
};

const leaveClaim = (changes: Partial<TrackingItem> = {}): TrackingItem => {
  const { statementId: _statementId, ...claim } = leave({ status: 'starting' });
  dependencies.table.remove(claim);
  dependencies.table.seed({ ...claim, ...changes });
  return { ...claim, ...changes };
};

const itemAt = ({ invocationKey }: TrackingItem): TrackingItem => {
  const found = dependencies.table.items.find((item) => item.invocationKey === invocationKey);
  if (!found) throw new Error('no such item');
  return found;
};

const starts = () => dependencies.dataApi.starts;

describe('a retry', () => {
  it('adopts the statement that runs: the item has its token and attempt, in the next generation', async () => {
    const earlier = leave();

    expect(await start()).toMatchObject({ statementId: STATEMENT_ID, statementName: earlier.statementName });

    expect(starts()).toEqual([]);
    expect(itemAt(earlier)).toEqual({
      ...earlier,
      generation: 2,
      callback: RETRY.callback,
      attempt: RETRY.attempt,
      startDeadline: START + HOUR + TIMEOUT,
      expiresAt: (START + HOUR) / 1000 + 7 * 86_400,
    });
    expect(dependencies.telemetry.counts).toEqual([METRICS.statementAdopted]);
  });

  it('brings its own heartbeats and limit, and keeps none of the attempt before', async () => {
    dependencies = { ...dependencies, config: { ...dependencies.config, sweepIntervalSeconds: 60 } };
    const earlier = leave({ heartbeatSeconds: 200, maxRuntimeSeconds: 300 });

    await start(requestOf(1, { heartbeatSeconds: 400, maxRuntimeSeconds: 500 }));
    expect(itemAt(earlier)).toMatchObject({ generation: 2, heartbeatSeconds: 400, maxRuntimeSeconds: 500 });

    dependencies.tasks.gone.add('token-0.1');
    await start(requestOf(2));

    expect(itemAt(earlier)).toMatchObject({ generation: 3 });
    expect(itemAt(earlier)).not.toHaveProperty('heartbeatSeconds');
    expect(itemAt(earlier)).not.toHaveProperty('maxRuntimeSeconds');
  });

  it('notes under its own key what it adopts, without a token, so that a repeat finds it', async () => {
    const earlier = leave();
    await start();
    const own = dependencies.table.items.find(({ adopts }) => adopts);

    expect(own).toMatchObject({
      status: 'closed',
      callback: { type: 'none' },
      adopts: { invocationKey: earlier.invocationKey, generation: 1 },
    });
    expect(await start(RETRY, 'lambda-request-2')).toMatchObject({ statementId: STATEMENT_ID });
    expect(itemAt(earlier).generation).toBe(2);
    expect(starts()).toEqual([]);
  });

  it('that died after the decision adopts when it is repeated', async () => {
    const earlier = leave();
    const takeOver = dependencies.table.takeOver.bind(dependencies.table);
    dependencies.table.takeOver = () => Promise.reject(sdkError('InternalServerError', 'down', 500));
    await expect(start()).rejects.toThrow('down');
    dependencies.table.takeOver = takeOver;

    expect(await start()).toMatchObject({ statementId: STATEMENT_ID });
    expect(itemAt(earlier)).toMatchObject({ generation: 2, callback: RETRY.callback });
  });

  it('that is repeated when a later attempt has its statement starts nothing: its task is gone', async () => {
    const earlier = leave();
    await start();
    dependencies.tasks.gone.add('token-0.1');
    await start(requestOf(2));

    await expect(start(RETRY, 'lambda-request-3')).rejects.toThrow(OVERTAKEN);
    expect(starts()).toEqual([]);
    expect(itemAt(earlier)).toMatchObject({ generation: 3, attempt: { retryCount: 2 } });
  });

  it('adopts after all what an attempt before it has taken first, and left', async () => {
    const earlier = leave();
    dependencies.tasks.gone.add('token-0.1');
    const takeOver = dependencies.table.takeOver.bind(dependencies.table);
    dependencies.table.takeOver = (standing, next) => {
      dependencies.table.takeOver = takeOver;
      dependencies.table.seed({ ...earlier, generation: 2, callback: RETRY.callback, attempt: attempt(1) });
      return takeOver(standing, next);
    };

    expect(await start(requestOf(2))).toMatchObject({ statementId: STATEMENT_ID });
    expect(itemAt(earlier)).toMatchObject({ generation: 3, attempt: { retryCount: 2 } });
    expect(starts()).toEqual([]);
  });

  it('that comes after a later attempt starts nothing: its task is gone', async () => {
    leave();
    await start(requestOf(2));
    dependencies.tasks.gone.add('token-0.1');

    await expect(start(RETRY)).rejects.toThrow(OVERTAKEN);
    expect(starts()).toEqual([]);
  });

  it('that is so slow that a later attempt is faster starts nothing: its task is gone', async () => {
    const earlier = leave();
    dependencies.table.takeOver = () => {
      const standing = { ...earlier, generation: 2, attempt: attempt(2) };
      dependencies.table.seed(standing);
      dependencies.tasks.gone.add('token-0.1');
      return Promise.resolve({ done: false, standing });
    };

    await expect(start(RETRY)).rejects.toThrow(OVERTAKEN);
    expect(starts()).toEqual([]);
  });

  it('that comes after a later attempt of its sibling starts its own: its task waits', async () => {
    leave({}, requestOf(2));

    await start(RETRY);

    expect(starts()).toHaveLength(1);
  });

  it('of a retry adopts what that has adopted', async () => {
    const earlier = leave();
    await start();
    dependencies.tasks.gone.add('token-0.1');

    expect(await start(requestOf(2))).toMatchObject({ statementId: STATEMENT_ID });
    expect(itemAt(earlier)).toMatchObject({ generation: 3, attempt: { retryCount: 2 } });
  });

  it('by a redrive adopts, whatever the count of retries was', async () => {
    const earlier = leave({}, requestOf(3));

    expect(await start(requestOf(0, {}, 1))).toMatchObject({ statementId: STATEMENT_ID });
    expect(itemAt(earlier).generation).toBe(2);
  });

  it.each<[string, () => unknown, ExecuteRequest?]>([
    ['whose task may still wait', () => dependencies.table.seed(itemWith({}, FIRST))],
    ['of another state', () => leave({ attempt: { ...attempt(0), state: 'Other' } })],
    ['of another entry', () => leave({ attempt: { ...attempt(0), enteredTime: '2026-11-26T09:00:00Z' } })],
    ['of a later attempt', () => leave({}, requestOf(2))],
    ['of other work', () => leave({ workHash: 'other' })],
    ['of another target', () => leave({ targetId: 'second' })],
    ['of another execution', () => leave({ owner: 'other' })],
    ['that was told how it ended', () => leave({ status: 'closed', outcome: 'FAILED', delivered: true })],
    ['that was aborted', () => leave({ status: 'closed', outcome: 'ABORTED', delivered: false })],
    ['that was refused', () => leave({ status: 'closed', outcome: 'REFUSED', delivered: false })],
    [
      'that ended before it can tell which it is',
      () => leaveClaim({ status: 'closed', outcome: 'FINISHED', delivered: false }),
    ],
    ['if nobody waits for the retry itself', () => leave(), requestOf(1, { callback: { type: 'none' } })],
    ['by a first try, even of the same token', () => leave(), requestOf(0, { sqlStatement: 'select 3' })],
  ])('does not adopt a statement %s, and starts its own', async (_what, happened, request = RETRY) => {
    happened();
    const before = dependencies.table.items;

    await start(request);

    expect(starts()).toHaveLength(1);
    expect(dependencies.table.items).toEqual(expect.arrayContaining([...before]));
    expect(dependencies.table.items).toHaveLength(before.length + 1);
  });

  it('fails where nobody knows whether the earlier task waits: it starts nothing', async () => {
    leave();
    dependencies.tasks.failure = sdkError('ThrottlingException', 'Rate exceeded', 400);

    await expect(start()).rejects.toThrow('Rate exceeded');
    expect(starts()).toEqual([]);
    expect(dependencies.table.items).toHaveLength(1);
  });

  it('asks after nobody where it has started before', async () => {
    await start();
    leave();

    await expect(start()).resolves.toMatchObject({ statementId: dependencies.dataApi.running[0] });
    expect(dependencies.tasks.asked).toEqual([]);
  });
});

describe('siblings that retry at once', () => {
  const siblings = [0, 1, 2].map((n) => requestOf(0, { callback: { type: 'stepFunctions', taskToken: `first-${n}` } }));
  const retries = [0, 1, 2].map((n) => requestOf(1, { callback: { type: 'stepFunctions', taskToken: `retry-${n}` } }));

  it('adopt one statement each, and start none', async () => {
    const items = siblings.map((request, n) => leave({ statementId: `statement-${n}` }, request));

    const answers = await Promise.all(retries.map((request, n) => start(request, `request-${n}`)));

    expect(answers.map(({ statementId }) => statementId).sort()).toEqual(items.map(({ statementId }) => statementId));
    expect(starts()).toEqual([]);
  });

  it('start their own where there is nothing left to adopt', async () => {
    leave();

    const answers = await Promise.all(retries.map((request, n) => start(request, `request-${n}`)));

    expect(new Set(answers.map(({ statementId }) => statementId)).size).toBe(3);
    expect(starts()).toHaveLength(2);
    for (const [n, request] of retries.entries()) {
      expect(await start(request, 'repeat')).toEqual(answers[n]);
    }
    expect(starts()).toHaveLength(2);
  });

  it('take what runs before what has ended', async () => {
    leave({ status: 'closed', outcome: 'FINISHED', delivered: false, statementId: 'ended' }, siblings[0]);
    leave({ statementId: 'running', startedAt: START - 1 }, siblings[1]);

    expect(await start(retries[0])).toMatchObject({ statementId: 'running' });
  });

  it('are two invocations of one attempt: they adopt one statement', async () => {
    const items = siblings.map((request, n) => leave({ statementId: `statement-${n}` }, request));

    const answers = await Promise.all([start(RETRY, 'one'), start(RETRY, 'two')]);

    expect(answers[0]).toEqual(answers[1]);
    expect(items.map(itemAt).filter(({ generation }) => generation === 2)).toHaveLength(1);
    expect(starts()).toEqual([]);
  });
});

describe('a statement that has ended undelivered', () => {
  const ENDED = { status: 'closed', delivered: false, closedAt: START + 5 } as const;

  it.each(['FINISHED', 'FAILED'] as const)(
    '%s is open again for the retry, and its end told to the drain',
    async (outcome) => {
      const earlier = leave({ ...ENDED, outcome });
      const UpdatedAt = new Date('2026-11-26T08:10:00Z');
      dependencies.dataApi.endings.push({ Status: outcome, ResultRows: 7, RedshiftQueryId: 8, UpdatedAt });

      expect(await start()).toMatchObject({ statementId: STATEMENT_ID });

      expect(starts()).toEqual([]);
      const { outcome: _outcome, delivered: _delivered, closedAt: _closedAt, ...rest } = earlier;
      expect(itemAt(earlier)).toEqual({
        ...rest,
        status: 'submitted',
        generation: 2,
        callback: RETRY.callback,
        attempt: RETRY.attempt,
        startDeadline: START + HOUR + TIMEOUT,
        expiresAt: (START + HOUR) / 1000 + 7 * 86_400,
      });
      expect(dependencies.completions.reported).toEqual([
        {
          statementId: STATEMENT_ID,
          statementName: earlier.statementName,
          state: outcome,
          rows: 7,
          redshiftQueryId: 8,
          time: '2026-11-26T08:10:00.000Z',
          received: {},
        },
      ]);
    },
  );

  it('is told as the item has it where the Data API no longer knows it', async () => {
    leave({ ...ENDED, outcome: 'FINISHED' });
    dependencies.dataApi.endings.push(sdkError('ResourceNotFoundException', 'Query does not exist.', 400));

    await start();

    expect(dependencies.completions.reported).toMatchObject([
      { state: 'FINISHED', rows: -1, redshiftQueryId: -1, time: new Date(START + 5).toISOString() },
    ]);
  });

  it('is left to the sweep where the drain cannot be told: the invoker does not throw', async () => {
    const earlier = leave({ ...ENDED, outcome: 'FINISHED' });
    dependencies.completions.failure = sdkError('InternalError', 'down', 500);

    await expect(start()).resolves.toMatchObject({ statementId: STATEMENT_ID });
    expect(itemAt(earlier)).toMatchObject({ status: 'submitted', callback: RETRY.callback });
    expect(dependencies.telemetry.lines).toContainEqual({
      level: 'error',
      message: 'end of an adopted statement not handed on',
      fields: { statementId: STATEMENT_ID, statementName: earlier.statementName, error: 'InternalError' },
    });
  });

  it('while it is adopted is adopted as it stands then', async () => {
    const earlier = leave();
    const takeOver = dependencies.table.takeOver.bind(dependencies.table);
    dependencies.table.takeOver = (standing, next) => {
      dependencies.table.takeOver = takeOver;
      dependencies.table.seed({ ...earlier, ...ENDED, outcome: 'FINISHED' });
      return takeOver(standing, next);
    };

    await start();

    expect(itemAt(earlier)).toMatchObject({ status: 'submitted', generation: 2 });
    expect(dependencies.completions.reported).toMatchObject([{ state: 'FINISHED' }]);
  });

  it('but told while it is adopted is a real retry', async () => {
    const earlier = leave();
    const takeOver = dependencies.table.takeOver.bind(dependencies.table);
    dependencies.table.takeOver = (standing, next) => {
      dependencies.table.seed({ ...earlier, ...ENDED, outcome: 'FAILED', delivered: true });
      return takeOver(standing, next);
    };

    await start();

    expect(starts()).toHaveLength(1);
    expect(itemAt(earlier)).toMatchObject({ status: 'closed', generation: 1, delivered: true });
  });
});

describe('a start of an earlier attempt that has no id', () => {
  it('is taken over past its deadline, under the same ClientToken', async () => {
    const earlier = leaveClaim();
    const before = testDependencies();
    await startStatement(FIRST, { requestId: 'r', deadline: START + TIMEOUT }, before);

    await start();

    expect(starts().map(({ clientToken }) => clientToken)).toEqual(
      before.dataApi.starts.map(({ clientToken }) => clientToken),
    );
    expect(itemAt(earlier)).toMatchObject({
      status: 'submitted',
      generation: 2,
      startGeneration: 1,
      callback: RETRY.callback,
      statementId: dependencies.dataApi.running[0],
    });
  });

  it('keeps that ClientToken through further attempts', async () => {
    leaveClaim();
    dependencies.dataApi.failures.push({ error: sdkError('InternalServerException', 'lost', 500), accepted: true });
    await expect(start()).rejects.toThrow('lost');
    dependencies.tasks.gone.add('token-0.1');
    dependencies.clock.time += TIMEOUT;

    await start(requestOf(2));

    expect(new Set(starts().map(({ clientToken }) => clientToken)).size).toBe(1);
    expect(dependencies.dataApi.running).toHaveLength(1);
  });

  it('is left alone before its deadline', async () => {
    const earlier = leaveClaim({ startDeadline: START + HOUR + 1 });

    await expect(start()).rejects.toMatchObject({ name: 'StartInProgress', retryable: true });
    expect(starts()).toEqual([]);
    expect(itemAt(earlier)).toEqual(earlier);
  });

  it('is never executed again after 7 hours', async () => {
    leaveClaim();
    dependencies.clock.time = START + 7 * HOUR;

    await expect(start()).rejects.toMatchObject({ name: 'StartUncertain' });
    expect(starts()).toEqual([]);
  });

  it('is adopted by a retry that is to restart, too: it cannot be cancelled', async () => {
    const earlier = leaveClaim();

    await start(requestOf(1, { onRetry: 'restart' }));

    expect(starts()).toHaveLength(1);
    expect(itemAt(earlier)).toMatchObject({ generation: 2, status: 'submitted' });
  });
});

describe('a retry that restarts', () => {
  const RESTART = requestOf(1, { onRetry: 'restart' });

  it('cancels the statement, waits for its end, and starts its own', async () => {
    const earlier = leave();
    dependencies.dataApi.endings.push({ Status: 'STARTED' }, { Status: 'ABORTED' });
    const execute = dependencies.dataApi.execute.bind(dependencies.dataApi);
    dependencies.dataApi.execute = (...call) => {
      dependencies.dataApi.followed.push(['execute']);
      return execute(...call);
    };

    await start(RESTART);

    expect(dependencies.dataApi.followed).toEqual([
      ['cancel', STATEMENT_ID],
      ['awaitEnd', STATEMENT_ID],
      ['awaitEnd', STATEMENT_ID],
      ['execute'],
    ]);
    expect(itemAt(earlier)).toEqual({ ...earlier, status: 'cancelling' });
    expect(dependencies.telemetry.counts).toEqual([METRICS.statementRestarted, METRICS.statementStarted]);
  });

  it('starts nothing while the first may run: a repeat goes on', async () => {
    leave();
    dependencies.dataApi.awaitEnd = () => {
      dependencies.clock.time += 5_000;
      return Promise.resolve({ Status: 'STARTED' });
    };

    await expect(start(RESTART)).rejects.toMatchObject({ name: 'StartInProgress', retryable: true });
    expect(starts()).toEqual([]);
    dependencies.dataApi.awaitEnd = () => Promise.resolve({ Status: 'ABORTED' });

    await start(RESTART);
    expect(starts()).toHaveLength(1);
  });

  it.each([30_000, 29_999, 901])('waits in what time a function of %s ms has', async (timeout) => {
    leave();

    await start(RESTART, 'lambda-request-1', timeout);

    expect(starts()).toHaveLength(1);
  });

  it('takes a refused cancelling for what the description says it is', async () => {
    leave();
    dependencies.dataApi.answer = sdkError('ValidationException', 'Could not cancel a query that is FINISHED', 400);
    dependencies.dataApi.endings.push({ Status: 'FINISHED' });

    await start(RESTART);

    expect(starts()).toHaveLength(1);
  });

  it('takes a statement that the Data API has forgotten for ended', async () => {
    leave();
    dependencies.dataApi.endings.push(sdkError('ResourceNotFoundException', 'Query does not exist.', 400));

    await start(RESTART);

    expect(starts()).toHaveLength(1);
  });

  it.each([
    ['cancelling', () => (dependencies.dataApi.answer = sdkError('ThrottlingException', 'Rate exceeded', 400))],
    [
      'its description',
      () => dependencies.dataApi.endings.push(sdkError('AccessDeniedException', 'Rate exceeded', 403)),
    ],
  ])('starts nothing where %s fails', async (_what, fail) => {
    leave();
    fail();

    await expect(start(RESTART)).rejects.toThrow('Rate exceeded');
    expect(starts()).toEqual([]);
  });

  it('asks to be repeated where the wait for the end has no time left', async () => {
    leave();
    dependencies.dataApi.endings.push(sdkError('AbortError', 'aborted'));

    await expect(start(requestOf(1, { onRetry: 'restart' }))).rejects.toMatchObject({ name: 'StartInProgress' });
    expect(starts()).toEqual([]);
  });

  it('leaves a statement alone whose task may still wait', async () => {
    dependencies.table.seed(itemWith({}, FIRST));

    await start(RESTART);

    expect(dependencies.dataApi.followed).toEqual([]);
    expect(starts()).toHaveLength(1);
  });

  it('cancels nothing that another has taken meanwhile', async () => {
    const earlier = leave();
    dependencies.table.markCancelling = () => Promise.resolve({ done: false, standing: earlier });

    await expect(start(RESTART)).rejects.toMatchObject({ name: 'StartInProgress' });
    expect(dependencies.dataApi.followed).toEqual([]);
  });

  it('runs anew what has ended, though nobody was told', async () => {
    leave({ status: 'closed', outcome: 'FINISHED', delivered: false });

    await start(RESTART);

    expect(starts()).toHaveLength(1);
    expect(dependencies.dataApi.followed).toEqual([]);
  });
});

describe('a statement that is being cancelled', () => {
  it('is not adopted: the retry waits for its end and starts its own', async () => {
    leave({ status: 'cancelling' });

    await start();

    expect(dependencies.dataApi.followed).toEqual([
      ['cancel', STATEMENT_ID],
      ['awaitEnd', STATEMENT_ID],
    ]);
    expect(starts()).toHaveLength(1);
  });
});

describe('a claim of the retry itself', () => {
  it('is settled as any claim is: nothing else is adopted', async () => {
    const own = claimWith({}, RETRY);
    dependencies.table.seed(own);
    leave();

    await start();

    expect(starts()).toHaveLength(1);
    expect(itemAt(own)).toMatchObject({ status: 'submitted', generation: 1 });
  });
});
