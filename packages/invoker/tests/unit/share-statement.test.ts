import { type ExecuteRequest, names, type TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { startStatement } from '../../src/start-statement.ts';
import { START, type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { sdkError } from '../helpers/fake-data-api.ts';
import { claimWith, itemWith, REQUEST, STATEMENT_ID } from '../helpers/requests.ts';

const HOUR = 3_600_000;
const TIMEOUT = 30_000;
const { METRICS } = names;

let dependencies: TestDependencies;
beforeEach(() => {
  dependencies = testDependencies();
  dependencies.clock.time = START + HOUR;
});

const KEYED: ExecuteRequest = { ...REQUEST, idempotencyKey: 'nightly' };
const SECOND: ExecuteRequest = {
  ...KEYED,
  executionArn: `${String(REQUEST.executionArn)}-2`,
  callback: { type: 'stepFunctions', taskToken: 'second' },
};
const NOBODY: ExecuteRequest = { ...KEYED, callback: { type: 'none' } };
const FIRST_TOKEN = KEYED.callback.type === 'stepFunctions' ? KEYED.callback.taskToken : '';

const start = (request: ExecuteRequest = SECOND) =>
  startStatement(request, { requestId: 'request', deadline: dependencies.clock.time + TIMEOUT }, dependencies);

const leave = (changes: Partial<TrackingItem> = {}): TrackingItem => {
  const item = itemWith(changes, KEYED);
  dependencies.table.seed(item);
  return item;
};

const firstTaskIsGone = () => dependencies.tasks.gone.add(FIRST_TOKEN);

const starts = () => dependencies.dataApi.starts;

describe('a request under an idempotency key', () => {
  it('starts the statement, owned by the key', async () => {
    await start(KEYED);

    expect(dependencies.table.only).toMatchObject({
      owner: 'key-nightly',
      executionArn: KEYED.executionArn,
      status: 'submitted',
      generation: 1,
    });
    expect(starts()).toHaveLength(1);
  });

  it('repeated by the same task is answered with that statement, and asks after nobody', async () => {
    leave();

    expect(await start(KEYED)).toMatchObject({ statementId: STATEMENT_ID });
    expect(dependencies.telemetry.counts).toEqual([METRICS.startRepeated]);
    expect(dependencies.tasks.asked).toEqual([]);
  });

  it('is refused while the task of another waits: asking again helps', async () => {
    const item = leave();

    await expect(start()).rejects.toMatchObject({
      name: 'ConcurrentExecution',
      retryable: true,
      message: expect.stringContaining(STATEMENT_ID) as string,
    });
    expect(dependencies.table.only).toEqual(item);
    expect(starts()).toEqual([]);
  });

  it.each([
    ['runs', { status: 'submitted' }],
    ['is being cancelled', { status: 'cancelling' }],
  ] as const)('takes over a statement that %s, of a task that is gone', async (_what, changes) => {
    leave(changes);
    firstTaskIsGone();

    expect(await start()).toMatchObject({ statementId: STATEMENT_ID });
    expect(dependencies.table.only).toMatchObject({ ...changes, generation: 2, callback: SECOND.callback });
    expect(dependencies.telemetry.counts).toEqual([METRICS.statementAdopted]);
    expect(starts()).toEqual([]);
  });

  it.each([
    ['is kept of a statement that it has ended', { cancelCause: 'maxRuntimeSeconds' }, 60],
    ["is the new request's of any other", {}, 600],
  ])('takes a statement over: the limit of its run time %s', async (_what, changes, expected) => {
    dependencies = { ...dependencies, config: { ...dependencies.config, sweepIntervalSeconds: 60 } };
    leave({ status: 'cancelling', maxRuntimeSeconds: 60, ...changes });
    firstTaskIsGone();

    await start({ ...SECOND, maxRuntimeSeconds: 600 });

    expect(dependencies.table.only).toMatchObject({ generation: 2, maxRuntimeSeconds: expected });
  });

  it('is refused while the task of another waits for an outcome that it was not told', async () => {
    leave({ status: 'closed', outcome: 'FINISHED', delivered: false, closedAt: START });

    await expect(start()).rejects.toMatchObject({ name: 'ConcurrentExecution' });
  });

  it('takes over a statement whose outcome nobody asked for', async () => {
    leave({ callback: { type: 'none' } });

    await start();

    expect(dependencies.table.only).toMatchObject({ generation: 2, callback: SECOND.callback });
    expect(dependencies.tasks.asked).toEqual([]);
  });

  it.each(
    (['FINISHED', 'FAILED', 'ABORTED'] as const).flatMap((outcome) =>
      [true, undefined].map((delivered) => ({ outcome, delivered })),
    ),
  )('is given the outcome $outcome (delivered: $delivered) once more', async ({ outcome, delivered }) => {
    leave({
      status: 'closed',
      outcome,
      closedAt: START + 5,
      ...(delivered === undefined ? { callback: { type: 'none' } } : { delivered }),
    });
    dependencies.dataApi.endings.push({ Status: outcome, ResultRows: 7 });

    await start();

    expect(dependencies.completions.reported).toMatchObject([{ state: outcome, rows: 7, statementId: STATEMENT_ID }]);
    expect(dependencies.table.only).toMatchObject({ status: 'submitted', generation: 2, callback: SECOND.callback });
    expect(dependencies.tasks.asked).toEqual([]);
    expect(starts()).toEqual([]);
  });

  it('is given the outcome with what the Data API knows of it, if that takes its time', async () => {
    leave({ status: 'closed', outcome: 'FINISHED', delivered: true, closedAt: START + 5 });
    dependencies.dataApi.awaitEnd = (_id, _seconds, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(sdkError('AbortError', 'aborted')));
        setTimeout(() => resolve({ Status: 'FINISHED', ResultRows: 7 }), 20);
      });

    await start();

    expect(dependencies.completions.reported).toMatchObject([{ state: 'FINISHED', rows: 7 }]);
  });

  it('that nobody waits for takes nothing over', async () => {
    const item = leave();

    expect(await start(NOBODY)).toMatchObject({ statementId: STATEMENT_ID });
    expect(dependencies.table.only).toEqual(item);
    expect(dependencies.telemetry.counts).toEqual([METRICS.startRepeated]);
  });

  it.each<[string, Partial<ExecuteRequest>]>([
    ['SQL', { sqlStatement: 'select 2' }],
    ['parameters', { parameters: {} }],
  ])('is refused for other %s', async (_what, changes) => {
    leave();

    await expect(start({ ...SECOND, ...changes })).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: 'idempotencyKey: has started other work; received another statement or parameters',
    });
  });

  it('is refused where another target has run the statement', async () => {
    leave({ targetId: 'other' });

    await expect(start()).rejects.toMatchObject({ name: 'InvalidRequest', field: 'idempotencyKey' });
  });

  it('takes over a start without an id past its deadline, under its ClientToken', async () => {
    const first = testDependencies();
    await startStatement(KEYED, { requestId: 'r', deadline: START + TIMEOUT }, first);
    dependencies.table.seed(claimWith({}, KEYED));
    firstTaskIsGone();

    await start();

    expect(starts().map(({ clientToken }) => clientToken)).toEqual(
      first.dataApi.starts.map(({ clientToken }) => clientToken),
    );
    expect(dependencies.table.only).toMatchObject({ status: 'submitted', generation: 2, callback: SECOND.callback });
  });

  it('leaves a start without an id alone before its deadline', async () => {
    dependencies.table.seed(claimWith({ startDeadline: START + HOUR + 1 }, KEYED));
    firstTaskIsGone();

    await expect(start()).rejects.toMatchObject({ name: 'StartInProgress' });
    await expect(start(NOBODY)).rejects.toMatchObject({ name: 'StartInProgress' });
    expect(dependencies.tasks.asked).toEqual([]);
    expect(starts()).toEqual([]);
  });

  it('starts nothing where it was never known what became of the first', async () => {
    const { statementId: _statementId, ...closed } = itemWith({ status: 'closed', delivered: false }, KEYED);
    dependencies.table.seed(closed);

    await expect(start()).rejects.toMatchObject({ name: 'StartUncertain', retryable: false });
    expect(starts()).toEqual([]);
  });

  it('that was refused may be made anew', async () => {
    dependencies.table.seed(claimWith({ status: 'closed', outcome: 'REFUSED', delivered: false }, KEYED));

    await start();

    expect(dependencies.table.only).toMatchObject({ status: 'submitted', generation: 2, callback: SECOND.callback });
  });

  it('is taken over by one of two that ask at once', async () => {
    leave();
    firstTaskIsGone();
    const third: ExecuteRequest = { ...SECOND, callback: { type: 'stepFunctions', taskToken: 'third' } };

    const results = await Promise.allSettled([start(), start(third)]);

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = results.find(({ status }) => status === 'rejected');
    expect(refused).toMatchObject({ reason: { name: 'StartInProgress' } });
    expect(dependencies.table.only.generation).toBe(2);
  });

  it('is not for attempts: a retry under it is given the same statement', async () => {
    leave({ status: 'closed', outcome: 'FAILED', delivered: true, closedAt: START });

    await start({ ...SECOND, attempt: { state: 'Load', enteredTime: 'now', retryCount: 1, redriveCount: 0 } });

    expect(starts()).toEqual([]);
    expect(dependencies.completions.reported).toMatchObject([{ state: 'FAILED' }]);
  });
});
