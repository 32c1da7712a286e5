import * as sdk from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callRaw, startRedshift, TARGET, type TestRedshift } from '../../helpers/redshift.ts';
import { violations } from '../../helpers/response-schema.ts';

/** Each operation and the schema of its output. */
const OUTPUTS = {
  BatchExecuteStatement: sdk.BatchExecuteStatementOutput$,
  CancelStatement: sdk.CancelStatementResponse$,
  DescribeStatement: sdk.DescribeStatementResponse$,
  DescribeTable: sdk.DescribeTableResponse$,
  ExecuteStatement: sdk.ExecuteStatementOutput$,
  GetStatementResult: sdk.GetStatementResultResponse$,
  GetStatementResultV2: sdk.GetStatementResultV2Response$,
  ListDatabases: sdk.ListDatabasesResponse$,
  ListSchemas: sdk.ListSchemasResponse$,
  ListSessions: sdk.ListSessionsResponse$,
  ListStatements: sdk.ListStatementsResponse$,
  ListTables: sdk.ListTablesResponse$,
} as const;

type Output = Readonly<Record<string, unknown>>;

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshift();
  await redshift.run("create table checked (i int not null, n numeric(8, 2) default 1, t varchar(10) default 'x')");
  await redshift.run('insert into checked (i) values (1)');
});
afterAll(() => redshift.close());

/** Makes a call, and checks the answer as it is on the wire. */
const call = async (operation: keyof typeof OUTPUTS, input: object): Promise<Output> => {
  const { status, text } = await callRaw(redshift, operation, input);
  expect({ operation, status, violations: violations(OUTPUTS[operation], text) }).toEqual({
    operation,
    status: 200,
    violations: [],
  });
  return JSON.parse(text) as Output;
};

const WAIT = { WaitTimeSeconds: 30 };

describe('The answer has the form of the model:', () => {
  it.each<[string, object]>([
    ['a result', { Sql: 'select i, n, t, null as nothing, 1.5::real as r, true as b from checked' }],
    ['an empty result', { Sql: 'select i from checked where i < 0' }],
    ['changed rows', { Sql: 'insert into checked (i) values (:i)', Parameters: [{ name: 'i', value: '7' }] }],
    ['no rows', { Sql: 'create table made (i int)', StatementName: 'x'.repeat(2048) }],
    ['a failure', { Sql: 'select * from missing' }],
    ['a workgroup', { Sql: 'select 1', ClusterIdentifier: undefined, DbUser: undefined, WorkgroupName: 'wg1' }],
    ['a session', { Sql: 'select 1', SessionKeepAliveSeconds: 60 }],
    ['CSV', { Sql: 'select i, t from checked', ResultFormat: 'CSV' }],
  ])('a statement with %s', async (_, options) => {
    // Act
    const submitted = await call('ExecuteStatement', { ...TARGET, ...options });
    const awaited = await call('ExecuteStatement', { ...TARGET, ...options, ...WAIT });
    const description = await call('DescribeStatement', { Id: submitted.Id, ...WAIT });

    // Assess
    expect(awaited).toMatchObject({ Status: expect.stringMatching(/^(FINISHED|FAILED)$/) as string });
    expect(submitted.Id).toBe(description.Id);
    if (!description.HasResultSet) return;
    await call(description.ResultFormat === 'CSV' ? 'GetStatementResultV2' : 'GetStatementResult', {
      Id: submitted.Id,
    });
  });

  it.each([
    ['TRANSACTION', ['select 1', 'select 2 as two']],
    ['TRANSACTION', ['select 1', 'select * from missing', 'select 3']],
    ['AUTO_COMMIT', ['select 1', 'select * from missing', 'insert into checked (i) values (1)']],
  ])('a batch in mode %s of %j', async (ExecutionMode, Sqls) => {
    // Act
    const { Id } = await call('BatchExecuteStatement', { ...TARGET, Sqls, ExecutionMode, ...WAIT });
    const description = await call('DescribeStatement', { Id });
    const sub = await call('DescribeStatement', { Id: `${String(Id)}:2` });
    await call('GetStatementResult', { Id: `${String(Id)}:1` });

    // Assess
    expect(description.SubStatements).toHaveLength(Sqls.length);
    expect(sub.SubStatements).toHaveLength(1);
  });

  it('a statement that runs, and is cancelled', async () => {
    // Prepare
    redshift.scripts.add({ sql: 'select long', durationMs: 3_600_000, uses: 1 });
    const id = await redshift.start('select long');
    await redshift.waitFor(id, 'STARTED');

    // Act
    const running = await call('DescribeStatement', { Id: id });
    const cancelled = await call('CancelStatement', { Id: id });
    const ended = await call('DescribeStatement', { Id: id, ...WAIT });

    // Assess
    expect([running.Status, cancelled.Status, ended.Status]).toEqual(['STARTED', true, 'ABORTED']);
  });

  it('lists of statements, in every status and page by page', async () => {
    // Act
    const all = await call('ListStatements', { Status: 'ALL' });
    const page = await call('ListStatements', { MaxResults: 1 });
    const next = await call('ListStatements', { MaxResults: 1, NextToken: page.NextToken });

    // Assess
    expect((all.Statements as unknown[]).length).toBeGreaterThan(10);
    expect([page.Statements, next.Statements].map((list) => (list as unknown[]).length)).toEqual([1, 1]);
  });

  it('lists of sessions, open, busy and closed', async () => {
    // Prepare
    redshift.scripts.add({ sql: 'select busy', durationMs: 3_600_000, uses: 1 });
    const SessionKeepAliveSeconds = 3600;
    const short = { ...TARGET, Sql: 'select 1', SessionKeepAliveSeconds: 1, ...WAIT };
    await call('ExecuteStatement', short);
    redshift.stage.clock.advance(2000);
    const id = await redshift.start('select busy', { SessionKeepAliveSeconds });
    await redshift.waitFor(id, 'STARTED');

    // Act
    const open = await call('ListSessions', {});
    const closed = await call('ListSessions', { Status: 'CLOSED' });

    // Assess
    expect(open.Sessions).toContainEqual(expect.objectContaining({ Status: 'BUSY', CurrentStatementId: id }));
    expect(closed.Sessions).toContainEqual(expect.objectContaining({ Status: 'CLOSED', SessionAliveSeconds: 1 }));
    await call('CancelStatement', { Id: id });
  });

  it('metadata, of everything there is', async () => {
    // Act
    const databases = await call('ListDatabases', TARGET);
    const schemas = await call('ListSchemas', TARGET);
    const tables = await call('ListTables', TARGET);
    const columns = await call('DescribeTable', TARGET);
    const table = await call('DescribeTable', { ...TARGET, Schema: 'public', Table: 'checked' });

    // Assess
    expect(databases.Databases).toEqual(['dev']);
    expect(schemas.Schemas).toContain('public');
    expect(tables.Tables).toContainEqual({ schema: 'public', name: 'checked', type: 'TABLE' });
    expect(columns).toMatchObject({ NextToken: expect.any(String) as string });
    expect(table.ColumnList).toHaveLength(3);
  });
});

describe('The check of answers', () => {
  it.each([
    ['{}', '$.Id is missing'],
    ['{"Id":"x"}', '$.Id does not match'],
    ['{"Id":"11111111-2222-3333-4444-555555555555","Duration":"1"}', '$.Duration is string "1"'],
    ['{"Id":"11111111-2222-3333-4444-555555555555","Error":null}', '$.Error is null'],
    ['{"Id":"11111111-2222-3333-4444-555555555555","CreatedAt":1.2345}', '$.CreatedAt is number'],
    ['{"Id":"11111111-2222-3333-4444-555555555555","Nothing":1}', '$.Nothing is not in the model'],
    ['{"Id":"11111111-2222-3333-4444-555555555555","SubStatements":{}}', '$.SubStatements is no list'],
  ])('finds what is wrong with %s', (text, violation) => {
    expect(violations(sdk.DescribeStatementResponse$, text)[0]).toContain(violation);
  });

  it('finds a field of two kinds', () => {
    const text = '{"Records":[[{"longValue":1,"stringValue":"1"}]]}';
    expect(violations(sdk.GetStatementResultResponse$, text)).toEqual(['$.Records[0][0] is a union of 2 members']);
  });
});
