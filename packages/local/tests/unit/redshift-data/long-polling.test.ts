import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  GetStatementResultCommand,
} from '@aws-sdk/client-redshift-data';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ADMINISTRATOR } from '../../helpers/gateway.ts';
import { prepareSlow, SLOW, startRedshift, TARGET, type TestRedshift } from '../../helpers/redshift.ts';

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshift();
  await prepareSlow(redshift);
});
afterAll(() => redshift.close());

const WaitTimeSeconds = 30;
const running: string[] = [];
const startSlow = async (): Promise<string> => {
  const id = await redshift.start(SLOW);
  running.push(id);
  await redshift.waitFor(id, 'STARTED');
  return id;
};
const cancel = (Id: string) => redshift.client.send(new CancelStatementCommand({ Id }));
afterEach(async () => {
  for (const id of running.splice(0)) await cancel(id).catch(() => undefined);
});

const awaited = (Id: string, signal?: AbortSignal) =>
  redshift.client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds }), signal ? { abortSignal: signal } : {});
const execute = (options: Partial<ExecuteStatementCommandInput>) =>
  redshift.client.send(new ExecuteStatementCommand({ ...TARGET, Sql: 'select 1', WaitTimeSeconds, ...options }));

/** Resolves when the Data API has as many calls waiting as are asked for: each waits on the stage's clock, which is told. */
const untilWaiting = async (count: number): Promise<void> => {
  await expect.poll(() => sleeping).toBe(count);
};
let sleeping = 0;
beforeAll(() => {
  const { clock } = redshift.stage;
  const sleep = clock.sleep.bind(clock);
  clock.sleep = async (delayMs, signal) => {
    sleeping += 1;
    try {
      await sleep(delayMs, signal);
    } finally {
      sleeping -= 1;
    }
  };
});

describe('A call with WaitTimeSeconds', () => {
  it('ExecuteStatement answers when the statement has ended, and tells how', async () => {
    const finished = await execute({});
    const failed = await execute({ Sql: 'select * from missing' });
    const ddl = await execute({ Sql: 'create table waited (i int)' });
    expect(finished).toMatchObject({ ...TARGET, Status: 'FINISHED', HasResultSet: true });
    expect(finished.RedshiftPid).toBeGreaterThan(0);
    expect(failed).toMatchObject({ Status: 'FAILED', HasResultSet: false });
    expect(ddl).toMatchObject({ Status: 'FINISHED', HasResultSet: false });
  });

  it('BatchExecuteStatement waits for the whole batch', async () => {
    const input = { ...TARGET, Sqls: ['select 1', 'create temp table t (i int)'], WaitTimeSeconds };
    const output = await redshift.client.send(new BatchExecuteStatementCommand(input));
    expect(output).toMatchObject({ Status: 'FINISHED', HasResultSet: true });
  });

  it('DescribeStatement answers as soon as the statement has ended', async () => {
    // Prepare
    const id = await startSlow();
    const description = awaited(id);
    await untilWaiting(1);

    // Act
    await cancel(id);

    // Assess
    expect(await description).toMatchObject({ Id: id, Status: 'ABORTED' });
    expect(sleeping).toBe(0);
  });

  it('answers at once when it has ended already', async () => {
    const { Id } = await redshift.run('select 1');
    expect(await awaited(Id as string)).toMatchObject({ Status: 'FINISHED' });
  });

  it('waits for one statement of a batch alone', async () => {
    // Prepare
    const input = { ...TARGET, Sqls: ['select 1', SLOW] };
    const { Id } = await redshift.client.send(new BatchExecuteStatementCommand(input));
    running.push(Id as string);

    // Act
    const first = await awaited(`${Id}:1`);

    // Assess
    expect(first).toMatchObject({ Id, Status: 'STARTED', SubStatements: [{ Id: `${Id}:1`, Status: 'FINISHED' }] });
  });

  it('that expires by the clock of the stage tells how far it is; of results, that there is none', async () => {
    // Prepare
    const id = await startSlow();
    const calls = [
      awaited(id),
      execute({ Sql: SLOW }),
      redshift.client.send(new BatchExecuteStatementCommand({ ...TARGET, Sqls: [SLOW], WaitTimeSeconds })),
    ];
    const result = redshift.client
      .send(new GetStatementResultCommand({ Id: id, WaitTimeSeconds }))
      .catch((e: unknown) => e);
    await untilWaiting(4);

    // Act
    redshift.stage.clock.advance(29_000);
    const before = sleeping;
    redshift.stage.clock.advance(1_000);
    const outputs = await Promise.all(calls);
    running.push(...outputs.map(({ Id }) => Id as string));

    // Assess
    expect(before).toBe(4);
    for (const output of outputs) expect(['SUBMITTED', 'PICKED', 'STARTED']).toContain(output.Status);
    expect(await result).toMatchObject({ name: 'ResourceNotFoundException', ResourceId: id });
  });

  it('GetStatementResult gets the result of what ends in time', async () => {
    const id = await redshift.start('select 42');
    const { Records } = await redshift.client.send(new GetStatementResultCommand({ Id: id, WaitTimeSeconds }));
    expect(Records).toEqual([[{ longValue: 42 }]]);
  });

  it('on one statement is one of ten at most; others may wait for others', async () => {
    // Prepare
    const [id, other] = [await startSlow(), await startSlow()];
    const waiting = Array.from({ length: 10 }, () => awaited(id));
    await untilWaiting(10);

    // Act
    const eleventh = await awaited(id).catch((error: unknown) => error);
    const elsewhere = awaited(other);
    await untilWaiting(11);
    await cancel(id);
    await Promise.all(waiting);
    await cancel(other);

    // Assess
    expect(eleventh).toMatchObject({
      name: 'ActiveWaitingRequestsExceededException',
      $metadata: { httpStatusCode: 400 },
    });
    expect((await elsewhere).Status).toBe('ABORTED');
  });

  it('ends with its connection, and gives up its place', async () => {
    // Prepare
    const id = await startSlow();
    const gone = new AbortController();
    const waiting = Array.from({ length: 10 }, () => awaited(id, gone.signal).catch(() => 'gone'));
    await untilWaiting(10);

    // Act
    gone.abort();
    await Promise.all(waiting);
    await untilWaiting(0);
    const next = awaited(id);
    await untilWaiting(1);
    await cancel(id);

    // Assess
    expect((await next).Status).toBe('ABORTED');
  });
});

describe('The end of the Data API', () => {
  it('lets go whoever waits', async () => {
    // Prepare
    const own = await startRedshift();
    await prepareSlow(own);
    const id = await own.start(SLOW);
    await own.waitFor(id, 'STARTED');
    const client = own.clientOf(ADMINISTRATOR);
    const waiting = client.send(new DescribeStatementCommand({ Id: id, WaitTimeSeconds }));

    // Act
    await own.close();

    // Assess
    expect(await waiting).toMatchObject({ Id: id });
  });
});
