import { type ExecuteRequest, lockHolderOf, lockOf, names, type TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { startStatement } from '../../src/start-statement.ts';
import { CONFIG, START, type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { sdkError } from '../helpers/fake-data-api.ts';
import { claimWith, itemWith, REQUEST, SECRETS, STATEMENT_ID } from '../helpers/requests.ts';

const TIMEOUT = 30_000;
/** What clocks may differ by. */
const MARGIN = 5_000;
const { METRICS } = names;

/** A request of one attempt of one execution, for the same lock as all others here. */
const requestOf = (execution: string, retryCount = 0, changes: Partial<ExecuteRequest> = {}): ExecuteRequest => ({
  ...REQUEST,
  executionArn: `arn:aws:states:eu-central-1:123456789012:execution:nightly:${execution}`,
  attempt: { state: 'Load', enteredTime: '2026-11-26T08:00:00Z', retryCount, redriveCount: 0 },
  callback: { type: 'stepFunctions', taskToken: `token-${execution}-${retryCount}` },
  lock: { name: 'nightly', mode: 'fail' },
  ...changes,
});

const MINE = requestOf('mine');
const THEIRS = requestOf('theirs');
/** As every version has named it for a cluster and its database user. */
const PLACE = { targetId: CONFIG.targetId, database: 'dev', dbUser: 'etl' };
const LOCK = lockOf(MINE, PLACE) ?? '';

let dependencies: TestDependencies;
beforeEach(() => {
  dependencies = testDependencies();
});

const start = (request: ExecuteRequest = MINE) =>
  startStatement(request, { requestId: 'r', deadline: dependencies.clock.time + TIMEOUT }, dependencies);

/** What we would call our own statement. */
const ours = expect.stringContaining(MINE.executionArn ?? '') as string;

const holder = () => dependencies.locks.holderOf(LOCK);
const starts = () => dependencies.dataApi.starts;
const seed = (item: TrackingItem, held = item): TrackingItem => {
  dependencies.table.seed(item);
  dependencies.locks.seed(LOCK, lockHolderOf(held));
  return item;
};
const theirItem = (changes: Partial<TrackingItem> = {}) => itemWith({ lock: LOCK, ...changes }, THEIRS);

describe('a start that needs a lock', () => {
  it('has the lock before it claims, and claims before it executes', async () => {
    const seen: unknown[] = [];
    dependencies.locks.before = () => seen.push(['lock', dependencies.table.items.length, starts().length]);
    dependencies.dataApi.whenAccepted = () => seen.push(['execute', dependencies.table.items.length, holder()]);

    await start();

    const item = dependencies.table.only;
    expect(item).toMatchObject({ lock: LOCK, status: 'submitted' });
    expect(seen).toEqual([
      ['lock', 0, 0],
      ['execute', 1, lockHolderOf(item)],
    ]);
    expect(holder()).toEqual({
      holderOwner: MINE.executionArn,
      holderKey: item.invocationKey,
      holderGeneration: 1,
      statementName: item.statementName,
      heldUntil: START + TIMEOUT,
    });
  });

  it('touches no lock where none is asked for', async () => {
    dependencies.locks.before = () => {
      throw new Error('a lock was touched');
    };

    const { lock: _lock, ...request } = MINE;
    await start(request);

    expect(starts()).toHaveLength(1);
    expect(dependencies.table.only).not.toHaveProperty('lock');
  });

  it('is refused while another statement holds it, which it names without token, SQL and parameters', async () => {
    seed(theirItem());

    const error: Error = await start().then(
      () => expect.unreachable(),
      (thrown: Error) => thrown,
    );

    expect(error).toMatchObject({ name: 'ConcurrentExecution', retryable: true });
    expect(error.message).toContain(STATEMENT_ID);
    const told = `${error.message} ${JSON.stringify(dependencies.telemetry.lines)}`;
    for (const secret of [...Object.values(SECRETS), 'token-theirs-0']) expect(told).not.toContain(secret);
    expect(starts()).toEqual([]);
    expect(dependencies.table.items).toHaveLength(1);
    expect(dependencies.telemetry.counts).toEqual([METRICS.lockHeld]);
    expect(dependencies.telemetry.lines).toEqual([
      { level: 'info', message: 'lock is held', fields: { statementName: ours, holder: theirItem().statementName } },
    ]);
  });

  it('is refused by the name of a statement that has no id yet', async () => {
    const theirs = claimWith({ lock: LOCK, startDeadline: START - 1 }, THEIRS);
    seed(theirs);
    dependencies.clock.time += 3_600_000;

    await expect(start()).rejects.toThrow(theirs.statementName);
    expect(starts()).toEqual([]);
  });

  it.each<[what: string, changes: Partial<TrackingItem>]>([
    ['ended', { status: 'closed', outcome: 'FINISHED', delivered: true }],
    ['was refused', { status: 'closed', outcome: 'REFUSED', delivered: false }],
    ['ended in a later generation', { status: 'closed', outcome: 'FAILED', delivered: false, generation: 3 }],
  ])('takes it from one that %s without letting it go', async (_what, changes) => {
    seed(theirItem(changes), theirItem());

    await start();

    expect(starts()).toHaveLength(1);
    expect(holder()?.holderOwner).toBe(MINE.executionArn);
    expect(dependencies.telemetry.counts).toEqual([METRICS.lockStolen, METRICS.statementStarted]);
    expect(dependencies.telemetry.lines[0]).toEqual({
      level: 'warn',
      message: 'lock taken from a holder that is over',
      fields: { statementName: ours, holder: theirItem().statementName },
    });
  });

  it.each(['starting', 'submitted', 'cancelling'] as const)('never takes it from one that is %s', async (status) => {
    seed(theirItem({ status }));
    dependencies.clock.time += 20 * 3_600_000;

    await expect(start()).rejects.toMatchObject({ name: 'ConcurrentExecution' });
    expect(starts()).toEqual([]);
  });

  it.each([
    [TIMEOUT + MARGIN, false],
    [TIMEOUT + MARGIN + 1, true],
  ])('%d ms after one took it that has not claimed may take it: %s', async (later, may) => {
    dependencies.locks.seed(LOCK, lockHolderOf(theirItem({ startDeadline: START + TIMEOUT })));
    dependencies.clock.time += later;

    const outcome = await start().then(
      () => 'started',
      ({ name }: Error) => name,
    );

    expect(outcome).toBe(may ? 'started' : 'ConcurrentExecution');
    expect(starts()).toHaveLength(may ? 1 : 0);
  });

  it('leaves it to one that is about to claim anew what had been refused', async () => {
    const refused = theirItem({ status: 'closed', outcome: 'REFUSED', delivered: false });
    seed(refused, { ...refused, generation: 2, startDeadline: START + TIMEOUT });

    await expect(start()).rejects.toMatchObject({ name: 'ConcurrentExecution' });

    dependencies.clock.time += TIMEOUT + MARGIN + 1;
    await start();
    expect(starts()).toHaveLength(1);
  });

  it("never takes another execution's statement for its own, were their keys the same", async () => {
    const { invocationKey } = claimWith({}, MINE);
    seed(theirItem({ invocationKey }));

    await expect(start()).rejects.toMatchObject({ name: 'ConcurrentExecution' });
  });

  it('has it where it was released between the write and the look', async () => {
    seed(theirItem());
    const { locks } = dependencies;
    const hold = locks.hold.bind(locks);
    locks.hold = async (item) => {
      const held = await hold(item);
      locks.free(LOCK);
      return held.done ? held : { done: false, holder: undefined };
    };

    await start();

    expect(starts()).toHaveLength(1);
  });

  it('asks the one that was faster where two take it at once', async () => {
    seed(theirItem({ status: 'closed', outcome: 'FINISHED', delivered: true }));
    const faster = itemWith({ lock: LOCK }, requestOf('faster'));
    const { locks, table } = dependencies;
    const steal = locks.steal.bind(locks);
    locks.steal = (item, standing) => {
      table.seed(faster);
      locks.seed(LOCK, lockHolderOf(faster));
      return steal(item, standing);
    };

    await expect(start()).rejects.toMatchObject({ name: 'ConcurrentExecution' });
    expect(starts()).toEqual([]);
    expect(holder()).toEqual(lockHolderOf(faster));
  });

  it('is told to ask again where the lock keeps changing hands', async () => {
    seed(theirItem({ status: 'closed', outcome: 'FINISHED', delivered: true }));
    let tries = 0;
    dependencies.locks.steal = () => {
      tries += 1;
      return Promise.resolve(false);
    };

    await expect(start()).rejects.toMatchObject({ name: 'StartInProgress' });
    expect(starts()).toEqual([]);
    expect(tries).toBe(3);
  });
});

describe('a singleton', () => {
  const singleton = (execution: string, changes: Partial<ExecuteRequest> = {}) => {
    const { lock: _lock, ...request } = requestOf(execution, 0, changes);
    return { ...request, action: 'executeSingletonStatement' } as const;
  };

  it('is refused while its like runs, and runs beside others', async () => {
    await start(singleton('one'));

    await expect(start(singleton('two'))).rejects.toMatchObject({ name: 'ConcurrentExecution' });
    await start(singleton('three', { parameters: { word: 'other' } }));
    await start(singleton('four', { sqlStatement: 'select 1' }));

    expect(starts()).toHaveLength(3);
  });
});

it('a singleton has the lock of its place: target, database and user', async () => {
  const { lock: _lock, ...request } = MINE;
  const singleton = { ...request, action: 'executeSingletonStatement' } as const;

  await start(singleton);

  expect(dependencies.table.only.lock).toBe(lockOf(singleton, PLACE));
});

describe('the request that holds a lock', () => {
  it('is answered as any repeat, whoever holds the lock by then', async () => {
    await start();
    dependencies.table.change({ status: 'closed', outcome: 'FINISHED', delivered: true });
    dependencies.locks.seed(LOCK, lockHolderOf(theirItem()));

    await start();

    expect(starts()).toHaveLength(1);
    expect(holder()?.holderOwner).toBe(THEIRS.executionArn);
  });

  it('goes on where an invocation of it died between lock and claim', async () => {
    dependencies.table.claim = () => Promise.reject(new Error('killed'));
    await expect(start()).rejects.toThrow('killed');
    expect(holder()?.holderOwner).toBe(MINE.executionArn);
    const { table, locks } = dependencies;
    const again = { ...testDependencies(), locks };
    expect(table.items).toEqual([]);

    await startStatement(MINE, { requestId: 'r2', deadline: START + TIMEOUT + 1 }, again);

    expect(again.dataApi.starts).toHaveLength(1);
    expect(locks.holderOf(LOCK)?.heldUntil).toBe(START + TIMEOUT + 1);
  });

  it('takes its claim over with the lock', async () => {
    const mine = claimWith({ lock: LOCK, startDeadline: START - 1 }, MINE);
    seed(mine);

    await start();

    expect(starts()).toHaveLength(1);
    expect(holder()).toMatchObject({ holderKey: mine.invocationKey, heldUntil: START + TIMEOUT });
  });

  it('executes nothing where its claim came too late to keep the lock', async () => {
    dependencies.table.seed(claimWith({ lock: LOCK, startDeadline: START - 1 }, MINE));
    seed(theirItem());

    await expect(start()).rejects.toMatchObject({ name: 'ConcurrentExecution' });
    expect(starts()).toEqual([]);
  });

  it('waits for an invocation of it that claims a later generation', async () => {
    const mine = claimWith({ lock: LOCK, startDeadline: START - 1 }, MINE);
    seed(mine, { ...mine, generation: 2 });

    await expect(start()).rejects.toMatchObject({ name: 'StartInProgress' });
  });

  it('lets it go where the statement is refused, and takes it anew when it is repeated', async () => {
    dependencies.dataApi.failures.push({ error: sdkError('ValidationException', 'no', 400) });
    await expect(start()).rejects.toMatchObject({ name: 'ValidationException' });
    expect(holder()).toBeUndefined();

    await start();

    expect(holder()).toMatchObject({ holderGeneration: 2 });
    expect(dependencies.table.only).toMatchObject({ generation: 2, status: 'submitted' });
  });

  it('is told why its statement was refused where it cannot let the lock go: who wants it takes it', async () => {
    dependencies.dataApi.failures.push({ error: sdkError('ValidationException', 'no', 400) });
    dependencies.locks.failure = sdkError('InternalServerError', 'no', 500);

    await expect(start()).rejects.toMatchObject({ name: 'ValidationException' });
    expect(dependencies.telemetry.counts).toEqual([METRICS.startRefused, METRICS.lockNotReleased]);
    expect(dependencies.telemetry.lines).toContainEqual({
      level: 'error',
      message: 'lock not released',
      fields: { statementName: dependencies.table.only.statementName, error: 'InternalServerError' },
    });

    await start(THEIRS);
    expect(starts()).toHaveLength(2);
  });

  it.each([
    ['a throttle', sdkError('ThrottlingException', 'slow down', 400)],
    ['a time-out', sdkError('TimeoutError', 'late')],
  ])('keeps it after %s: the statement may run', async (_what, error) => {
    dependencies.dataApi.failures.push({ error });

    await expect(start()).rejects.toMatchObject({ name: error.name });

    expect(holder()?.holderOwner).toBe(MINE.executionArn);
    await expect(start(THEIRS)).rejects.toMatchObject({ name: 'ConcurrentExecution' });
  });

  it.each([
    ['has changed meanwhile', () => Promise.resolve({ done: false, standing: undefined } as const)],
    ['cannot be closed', () => Promise.reject(sdkError('InternalServerError', 'down', 500))],
  ])('keeps it where its refused claim %s', async (_what, closeRefused) => {
    dependencies.dataApi.failures.push({ error: sdkError('ValidationException', 'no', 400) });
    dependencies.table.closeRefused = closeRefused;

    await expect(start()).rejects.toMatchObject({ name: 'ValidationException' });

    expect(holder()?.holderOwner).toBe(MINE.executionArn);
  });
});

describe('a retry of a state that needs a lock', () => {
  const RETRY = requestOf('mine', 1);

  beforeEach(() => dependencies.tasks.gone.add('token-mine-0'));

  it('adopts the statement that runs, which keeps the lock as it is', async () => {
    const mine = itemWith({ lock: LOCK }, MINE);
    seed(mine);

    await start(RETRY);

    expect(starts()).toEqual([]);
    expect(holder()).toEqual(lockHolderOf(mine));
    expect(dependencies.table.items).toContainEqual(
      expect.objectContaining({ invocationKey: mine.invocationKey, generation: 2, lock: LOCK }),
    );
  });

  it('adopts a half-done start with its lock, in the generation that it was claimed in', async () => {
    const mine = claimWith({ lock: LOCK, startDeadline: START - 1 }, MINE);
    seed(mine);

    await start(RETRY);

    expect(starts()).toHaveLength(1);
    expect(holder()).toMatchObject({
      holderKey: mine.invocationKey,
      holderGeneration: 1,
      heldUntil: START + TIMEOUT,
    });
  });

  it('executes no half-done start whose lock another has got', async () => {
    dependencies.table.seed(claimWith({ lock: LOCK, startDeadline: START - 1 }, MINE));
    seed(theirItem());

    await expect(start(RETRY)).rejects.toMatchObject({ name: 'ConcurrentExecution' });
    expect(starts()).toEqual([]);
  });

  it('is given an end that nobody was told, whoever holds the lock by then', async () => {
    dependencies.table.seed(itemWith({ lock: LOCK, status: 'closed', outcome: 'FINISHED', delivered: false }, MINE));
    seed(theirItem());

    await start(RETRY);

    expect(starts()).toEqual([]);
    expect(dependencies.completions.reported).toHaveLength(1);
    expect(holder()?.holderOwner).toBe(THEIRS.executionArn);
  });

  it.each([
    ['restarts', 'submitted', { onRetry: 'restart' }],
    ['finds its first being cancelled', 'cancelling', {}],
  ] as const)(
    'and %s has the lock of the one that has ended, before that is closed',
    async (_what, status, changes) => {
      const mine = itemWith({ lock: LOCK, status }, MINE);
      seed(mine);

      await start(requestOf('mine', 1, changes));

      expect(starts()).toHaveLength(1);
      expect(holder()?.holderKey).not.toBe(mine.invocationKey);
      expect(holder()?.holderOwner).toBe(MINE.executionArn);
    },
  );

  it('and restarts is refused where yet another statement holds the lock', async () => {
    dependencies.table.seed(itemWith({ lock: LOCK }, MINE));
    seed(theirItem());

    await expect(start(requestOf('mine', 1, { onRetry: 'restart' }))).rejects.toMatchObject({
      name: 'ConcurrentExecution',
    });
    expect(starts()).toEqual([]);
  });

  it('claims anew with the lock where the pointed statement was taken by another', async () => {
    const mine = itemWith({ lock: LOCK, status: 'closed', outcome: 'FINISHED', delivered: false }, MINE);
    dependencies.table.seed(mine);
    dependencies.table.takeOver = () => Promise.resolve({ done: false, standing: { ...mine, generation: 5 } });

    await start(RETRY);

    expect(starts()).toHaveLength(1);
    expect(holder()).toMatchObject({ holderGeneration: 2 });
  });
});
