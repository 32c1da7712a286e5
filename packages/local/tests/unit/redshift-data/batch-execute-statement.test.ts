import { randomUUID } from 'node:crypto';
import {
  BatchExecuteStatementCommand,
  type BatchExecuteStatementCommandInput,
  CancelStatementCommand,
  type DescribeStatementCommandOutput,
  GetStatementResultCommand,
  ListStatementsCommand,
} from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRole, sessionOf } from '../../helpers/gateway.ts';
import { prepareSlow, SLOW, startRedshift, TARGET, type TestRedshift } from '../../helpers/redshift.ts';

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshift();
  await prepareSlow(redshift);
});
afterAll(() => redshift.close());

type Options = Partial<BatchExecuteStatementCommandInput>;

const startBatch = async (Sqls: string[], options: Options = {}): Promise<string> => {
  const input = { ...TARGET, WithEvent: true, Sqls, ...options };
  const { Id } = await redshift.client.send(new BatchExecuteStatementCommand(input));
  return Id as string;
};
const runBatch = async (sqls: string[], options?: Options): Promise<DescribeStatementCommandOutput> => {
  const id = await startBatch(sqls, options);
  await redshift.events.ended(id);
  return redshift.describe(id);
};
const resultOf = (Id: string) => redshift.client.send(new GetStatementResultCommand({ Id }));
const cancel = (Id: string) => redshift.client.send(new CancelStatementCommand({ Id }));
const statuses = ({ SubStatements }: DescribeStatementCommandOutput) => SubStatements?.map(({ Status }) => Status);
const rowsOf = async (table: string) => (await redshift.query(`select count(*) from ${table}`)).Records?.[0]?.[0];

const refusal = (input: object): Promise<unknown> =>
  redshift.client.send(new BatchExecuteStatementCommand({ ...TARGET, Sqls: ['select 1'], ...input })).then(
    () => 'accepted',
    (error: unknown) => error,
  );

describe('BatchExecuteStatement', () => {
  it('runs its statements in order, each with a status and a result of its own', async () => {
    // Act
    const batch = await runBatch([
      'create table ordered (i int)',
      'insert into ordered values (1), (2)',
      'select i from ordered',
    ]);
    const id = batch.Id as string;
    const { Records } = await resultOf(`${id}:3`);

    // Assess
    expect(batch).toMatchObject({
      ...TARGET,
      Status: 'FINISHED',
      HasResultSet: true,
      ResultRows: -1,
      ResultSize: -1,
      RedshiftQueryId: 0,
      ExecutionMode: 'TRANSACTION',
      SubStatements: [
        { Id: `${id}:1`, Status: 'FINISHED', HasResultSet: false, ResultRows: 0, RedshiftQueryId: -1 },
        { Id: `${id}:2`, QueryString: 'insert into ordered values (1), (2)', HasResultSet: false, ResultRows: 2 },
        { Id: `${id}:3`, Status: 'FINISHED', HasResultSet: true, ResultRows: 2, ResultSize: 2 },
      ],
    });
    expect(batch.QueryString).toBeUndefined();
    expect(batch.RedshiftPid).toBeGreaterThan(0);
    expect(Records).toEqual([[{ longValue: 1 }], [{ longValue: 2 }]]);
  });

  it('answers at once, with the target', async () => {
    const input = { ...TARGET, Sqls: ['select 1'] };
    const output = await redshift.client.send(new BatchExecuteStatementCommand(input));
    expect(output).toMatchObject({ ...TARGET, Id: expect.any(String) as string, CreatedAt: expect.any(Date) as Date });
    expect(output.Status).toBeUndefined();
    expect(output.SessionId).toBeUndefined();
  });

  it('sends one event, for the whole', async () => {
    // Act
    const id = await startBatch(['select 1', 'select 2'], { StatementName: 'two' });
    const event = await redshift.events.ended(id);
    await runBatch(['select 3']);

    // Assess
    expect(event.detail).toMatchObject({ statementId: id, statementName: 'two', state: 'FINISHED', rows: -1 });
    expect(redshift.events.events.filter(({ detail }) => String(detail.statementId).startsWith(id))).toEqual([event]);
  });

  it('takes 40 statements', async () => {
    expect(await runBatch(Array.from({ length: 40 }, (_, i) => `select ${i}`))).toMatchObject({ Status: 'FINISHED' });
  });

  it('shares its connection, and its parameters, of which each takes those it names', async () => {
    // Act
    const batch = await runBatch(
      [
        'create temp table shared (i int, t varchar(9))',
        'insert into shared values (:i, :t)',
        'select t from shared where i = :i',
      ],
      {
        Parameters: [
          { name: 'i', value: '7' },
          { name: 't', value: 'x' },
        ],
      },
    );
    const { Records } = await resultOf(`${batch.Id}:3`);

    // Assess
    expect(batch.QueryParameters).toEqual([
      { name: 'i', value: '7' },
      { name: 't', value: 'x' },
    ]);
    expect(Records).toEqual([[{ stringValue: 'x' }]]);
  });

  it.each([
    ['no statement', { Sqls: [] }, 'sqls must have length greater than or equal to 1'],
    ['41 statements', { Sqls: Array.from({ length: 41 }, () => 'select 1') }, 'sqls must have length less than or'],
    ['an empty statement', { Sqls: ['select 1', ' '] }, 'sqls must not be empty'],
    ['several statements in one', { Sqls: ['select 1; select 2'] }, 'More than one statement in Sql is not'],
    ['a mode that there is not', { ExecutionMode: 'MAYBE' }, 'executionMode must satisfy regex pattern'],
    ['a parameter that none uses', { Parameters: [{ name: 'x', value: '1' }] }, 'Unused parameters: [x]'],
    ['no database', { Database: undefined }, 'Database must be given'],
  ])('refuses %s', async (_, input, message) => {
    expect(await refusal(input)).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message) as string,
    });
  });

  it('is permitted by its own action', async () => {
    // Prepare
    const allow = (...actions: string[]) => ({ Effect: 'Allow', Action: actions, Resource: '*' });
    const clientOf = (name: string, action: string) =>
      redshift.clientOf(sessionOf(redshift.stage, addRole(redshift.stage, name, allow(action, 'redshift:*'))));
    const command = new BatchExecuteStatementCommand({ ...TARGET, Sqls: ['select 1'] });

    // Act
    const permitted = await clientOf('batcher', 'redshift-data:BatchExecuteStatement').send(command);
    const denied = clientOf('single', 'redshift-data:ExecuteStatement').send(command);

    // Assess
    expect(permitted.Id).toEqual(expect.any(String));
    await expect(denied).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('redshift-data:BatchExecuteStatement') as string,
    });
  });

  it('with the same client token starts nothing again', async () => {
    // Prepare
    await redshift.run('create table once_batch (i int)');
    const ClientToken = randomUUID();
    const sqls = ['insert into once_batch values (1)'];

    // Act
    const first = await runBatch(sqls, { ClientToken });
    const again = await startBatch(sqls, { ClientToken });
    const single = await redshift.start('select 1', { ClientToken });

    // Assess
    expect(again).toBe(first.Id);
    expect(single).not.toBe(first.Id);
    expect(await rowsOf('once_batch')).toEqual({ longValue: 1 });
  });
});

describe('A statement of a batch', () => {
  it('is described by the batch, with that statement only', async () => {
    // Prepare
    const { Id } = await runBatch(['select 1', 'select 2']);

    // Act
    const second = await redshift.describe(`${Id}:2`);

    // Assess
    expect(second).toMatchObject({ Id, Status: 'FINISHED', ExecutionMode: 'TRANSACTION' });
    expect(second.SubStatements).toEqual([expect.objectContaining({ Id: `${Id}:2`, QueryString: 'select 2' })]);
  });

  it('has a result; the batch has none', async () => {
    const { Id } = await runBatch(['create temp table nothing (i int)', 'select 2']);
    await expect(resultOf(Id as string)).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'BatchExecuteStatement result can only be retrieved with sub-statement id.',
    });
    await expect(resultOf(`${Id}:1`)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('does not exist beyond the last, before the first, or of a single statement', async () => {
    const { Id: batch } = await runBatch(['select 1']);
    const { Id: single } = await redshift.run('select 1');
    for (const id of [`${batch}:2`, `${batch}:0`, `${batch}:`, `${single}:1`])
      await expect(redshift.describe(id)).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        ResourceId: id,
        message: 'Query does not exist.',
      });
  });

  it('is not cancelled alone', async () => {
    const id = await startBatch([SLOW]);
    await expect(cancel(`${id}:1`)).rejects.toMatchObject({ name: 'ValidationException' });
    await cancel(id);
  });
});

describe('A batch as a TRANSACTION', () => {
  it('is rolled back when a statement fails; what came before stays FINISHED, what would have come is ABORTED', async () => {
    // Prepare
    await redshift.run('create table atomic (i int)');

    // Act
    const batch = await runBatch([
      'insert into atomic values (1)',
      'select * from missing',
      'insert into atomic values (2)',
    ]);

    // Assess
    const error = 'ERROR: relation "missing" does not exist\n  Position: 15';
    expect(batch).toMatchObject({ Status: 'FAILED', Error: `Query #2 failed with ${error}`, HasResultSet: false });
    expect(statuses(batch)).toEqual(['FINISHED', 'FAILED', 'ABORTED']);
    expect(batch.SubStatements?.[1]?.Error).toBe(error);
    expect(await rowsOf('atomic')).toEqual({ longValue: 0 });
    expect(redshift.events.of(batch.Id as string)).toMatchObject([{ detail: { state: 'FAILED', rows: -1 } }]);
  });

  it('is seen by others at its end only', async () => {
    // Prepare
    await redshift.run('create table hidden (i int)');
    const id = await startBatch(['insert into hidden values (1)', SLOW]);
    await redshift.waitFor(id, 'STARTED');

    // Act
    const before = await rowsOf('hidden');
    await cancel(id);
    await redshift.events.ended(id);

    // Assess
    expect(before).toEqual({ longValue: 0 });
    expect(await rowsOf('hidden')).toEqual({ longValue: 0 });
  });

  it('cannot hold what is not for transactions', async () => {
    const batch = await runBatch(['vacuum n']);
    expect(batch.Error).toMatch(/^Query #1 failed with ERROR: VACUUM cannot run inside a transaction block/);
  });
});

describe('A batch in mode AUTO_COMMIT', () => {
  const ExecutionMode = 'AUTO_COMMIT';

  it('goes on after a failure, keeps the rest, and fails in the end', async () => {
    // Prepare
    await redshift.run('create table separate (i int)');
    const sqls = [
      'insert into separate values (1)',
      'select * from missing',
      'insert into separate values (2)',
      'vacuum separate',
    ];

    // Act
    const batch = await runBatch(sqls, { ExecutionMode });

    // Assess
    expect(batch).toMatchObject({ Status: 'FAILED', ExecutionMode });
    expect(batch.Error).toMatch(/^Query #2 failed with ERROR: relation "missing" does not exist/);
    expect(statuses(batch)).toEqual(['FINISHED', 'FAILED', 'FINISHED', 'FINISHED']);
    expect(await rowsOf('separate')).toEqual({ longValue: 2 });
  });

  it('goes on after a result that is too large', async () => {
    const tooLarge = `select repeat('x', 1000000) from n where i < 150`;
    const batch = await runBatch([tooLarge, 'select 1'], { ExecutionMode });
    expect(batch.SubStatements).toMatchObject([
      { Status: 'FAILED', Error: 'Database response exceeded size limit' },
      { Status: 'FINISHED', ResultRows: 1 },
    ]);
  });
});

describe('Cancelling a batch', () => {
  it.each(['TRANSACTION', 'AUTO_COMMIT'] as const)(
    'in mode %s stops what runs, and what would come',
    async (ExecutionMode) => {
      // Prepare
      const id = await startBatch(['select 1', SLOW, 'select 2'], { ExecutionMode });
      await redshift.waitFor(id, 'STARTED');
      await expect.poll(async () => statuses(await redshift.describe(id))?.[1]).toBe('STARTED');

      // Act
      await cancel(id);
      const event = await redshift.events.ended(id);
      const batch = await redshift.describe(id);

      // Assess
      expect(event.detail).toMatchObject({ state: 'ABORTED', rows: -1 });
      expect(batch.Status).toBe('ABORTED');
      expect(batch.Error).toBeUndefined();
      expect(statuses(batch)).toEqual(['FINISHED', 'ABORTED', 'ABORTED']);
    },
  );
});

describe('ListStatements', () => {
  it('shows a batch with all its texts', async () => {
    // Prepare
    const StatementName = randomUUID();
    const Sqls = ['select 1', 'select :x'];
    const Parameters = [{ name: 'x', value: 'y' }];
    const { Id } = await runBatch(Sqls, { StatementName, Parameters });

    // Act
    const { Statements } = await redshift.client.send(new ListStatementsCommand({ StatementName }));

    // Assess
    expect(Statements).toEqual([
      {
        Id,
        QueryStrings: Sqls,
        QueryParameters: Parameters,
        IsBatchStatement: true,
        Status: 'FINISHED',
        StatementName,
        CreatedAt: expect.any(Date) as Date,
        UpdatedAt: expect.any(Date) as Date,
        ResultFormat: 'JSON',
      },
    ]);
  });
});
