import { GetStatementResultCommand, paginateGetStatementResult } from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedshift, type TestRedshift } from '../../helpers/redshift.ts';

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshift();
});
afterAll(() => redshift.close());

const fetchResult = (Id: string, NextToken?: string): Promise<unknown> =>
  redshift.client.send(new GetStatementResultCommand({ Id, NextToken })).catch((error: unknown) => error);

describe('A value', () => {
  it('of a type that Redshift does not have fails the statement', async () => {
    const { Status, Error: error } = await redshift.run('select relacl as list from pg_class');
    expect(Status).toBe('FAILED');
    expect(error).toContain('the type of column "list"');
  });
});

describe('ColumnMetadata', () => {
  it('describes the columns of a table', async () => {
    // Prepare
    await redshift.run('create table described (i int not null, t varchar(30), n numeric(12, 3), ts timestamp)');

    // Act
    const { ColumnMetadata } = await redshift.query('select i, t as text, n, ts from described');

    // Assess
    const column = {
      isCurrency: false,
      length: 0,
      schemaName: 'public',
      tableName: 'described',
      nullable: 1,
      scale: 0,
    };
    expect(ColumnMetadata).toEqual([
      {
        ...column,
        name: 'i',
        label: 'i',
        typeName: 'int4',
        precision: 10,
        nullable: 0,
        isSigned: true,
        isCaseSensitive: false,
      },
      {
        ...column,
        name: 'text',
        label: 'text',
        typeName: 'varchar',
        precision: 30,
        isSigned: false,
        isCaseSensitive: true,
      },
      {
        ...column,
        name: 'n',
        label: 'n',
        typeName: 'numeric',
        precision: 12,
        scale: 3,
        isSigned: true,
        isCaseSensitive: false,
      },
      {
        ...column,
        name: 'ts',
        label: 'ts',
        typeName: 'timestamp',
        precision: 29,
        scale: 6,
        isSigned: false,
        isCaseSensitive: false,
      },
    ]);
  });

  it('leaves the table of an expression empty', async () => {
    const { ColumnMetadata } = await redshift.query('select 1 + 1');
    expect(ColumnMetadata).toMatchObject([
      { name: '?column?', label: '?column?', schemaName: '', tableName: '', typeName: 'int4', nullable: 1 },
    ]);
  });
});

describe('GetStatementResult', () => {
  it('pages through a large result', async () => {
    // Prepare
    const { Id } = await redshift.run("select i, repeat('x', 1000) from generate_series(1, 2500) as i");

    // Act
    const pages = [];
    for await (const page of paginateGetStatementResult({ client: redshift.client }, { Id })) pages.push(page);

    // Assess
    const rows = pages.flatMap(({ Records }) => Records ?? []);
    expect(pages).toHaveLength(3);
    expect(pages.map(({ TotalNumRows }) => TotalNumRows)).toEqual([2500, 2500, 2500]);
    expect(rows.map(([i]) => i?.longValue)).toEqual(Array.from({ length: 2500 }, (_, i) => i + 1));
  });

  it('gives a row larger than a page a page of its own', async () => {
    // Prepare
    const { Id } = await redshift.run("select repeat('x', 2000000) union all select 'y'");

    // Act
    const pages = [];
    for await (const page of paginateGetStatementResult({ client: redshift.client }, { Id })) pages.push(page.Records);

    // Assess
    expect(pages.map((records) => records?.map(([field]) => field?.stringValue?.length))).toEqual([[2_000_000], [1]]);
  });

  it('refuses a token of another statement, or of no statement', async () => {
    // Prepare
    const { NextToken } = await redshift.query("select repeat('x', 600000) from generate_series(1, 3)");
    const { Id } = await redshift.run('select 1');

    // Assess
    expect(NextToken).toEqual(expect.any(String));
    expect(await fetchResult(Id as string, NextToken)).toMatchObject({ name: 'ValidationException' });
    expect(await fetchResult(Id as string, 'nonsense')).toMatchObject({ name: 'ValidationException' });
  });

  it('has nothing of a statement without a result, or a failed one', async () => {
    // Prepare
    const ddl = await redshift.run('create table without_result (i int)');
    const failed = await redshift.run('select * from missing');

    // Assess
    for (const { Id } of [ddl, failed])
      expect(await fetchResult(Id as string)).toMatchObject({
        name: 'ResourceNotFoundException',
        message: 'Query does not have result. Please check query status with DescribeStatement.',
        ResourceId: Id,
      });
  });

  it('ends a statement whose result does not fit, and goes on', async () => {
    // Act
    const { Status, Error: error } = await redshift.run("select repeat('x', 1000000) from generate_series(1, 100000)");
    const next = await redshift.run('select 1');

    // Assess
    expect({ Status, error }).toEqual({ Status: 'FAILED', error: 'Database response exceeded size limit' });
    expect(next.Status).toBe('FINISHED');
  });

  it('keeps results for 24 hours', async () => {
    // Prepare
    const { Id } = await redshift.run('select 1');
    const id = Id as string;

    // Act
    redshift.stage.clock.advance(24 * 3600 * 1000 - 60_000);
    const before = await fetchResult(id);
    redshift.stage.clock.advance(60_000);
    const after = await fetchResult(id);
    const described = await redshift.describe(id).catch((error: unknown) => error);

    // Assess
    expect(before).toMatchObject({ TotalNumRows: 1 });
    for (const error of [after, described])
      expect(error).toMatchObject({
        name: 'ValidationException',
        message: expect.stringMatching(/^Could not retrieve the query result as it has expired after \d+\.$/) as string,
      });
  });
});
