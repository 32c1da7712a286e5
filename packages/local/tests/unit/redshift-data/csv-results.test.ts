import {
  GetStatementResultCommand,
  GetStatementResultV2Command,
  type GetStatementResultV2CommandOutput,
  ListStatementsCommand,
  paginateGetStatementResultV2,
} from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedshift, type TestRedshift } from '../../helpers/redshift.ts';

const MB = 1024 * 1024;
const CSV = { ResultFormat: 'CSV' } as const;

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshift();
  await redshift.run('create table wide (i int, text varchar(65535))');
  await redshift.run(`insert into wide values (0, '${'x'.repeat(62_000)}')`);
  // Eight doublings: 256 rows of 62 KB, 15.9 MB.
  for (let rows = 1; rows < 256; rows *= 2) await redshift.run(`insert into wide select i + ${rows}, text from wide`);
});
afterAll(() => redshift.close());

const textOf = (Records: GetStatementResultV2CommandOutput['Records']): string =>
  (Records ?? []).map(({ CSVRecords }) => CSVRecords).join('');
const csvOf = async (sql: string): Promise<string> => {
  const { Id, Error: error } = await redshift.run(sql, CSV);
  if (error) throw new Error(error);
  return textOf((await redshift.client.send(new GetStatementResultV2Command({ Id }))).Records);
};

describe('GetStatementResultV2', () => {
  it('gives a header and a line for each row', async () => {
    // Act
    const { Id, ResultFormat } = await redshift.run('select 1 as one, true as yes union all select 2, false', CSV);
    const result = await redshift.client.send(new GetStatementResultV2Command({ Id }));

    // Assess
    expect(ResultFormat).toBe('CSV');
    expect(result).toMatchObject({
      Records: [{ CSVRecords: 'one,yes\r\n1,true\r\n2,false\r\n' }],
      ColumnMetadata: [
        { name: 'one', typeName: 'int4' },
        { name: 'yes', typeName: 'bool' },
      ],
      TotalNumRows: 2,
      ResultFormat: 'CSV',
    });
    expect(result.NextToken).toBeUndefined();
  });

  it('gives the header alone of an empty result', async () => {
    expect(await csvOf('select 1 as "a ""b"", c" where 1 = 2')).toBe('"a ""b"", c"\r\n');
  });

  it.each([
    ["'a,b'", '"a,b"'],
    ['\'say "hi"\'', '"say ""hi"""'],
    ["'two\nlines'", '"two\nlines"'],
    ["'return\r'", '"return\r"'],
    ["' é😀 '", ' é😀 '],
    ["''", '""'],
    ['null', ''],
  ])('writes %j so that it can be read', async (sql, text) => {
    expect(await csvOf(`select 1 as a, ${sql}::varchar(20) as b`)).toBe(`a,b\r\n1,${text}\r\n`);
  });

  it('sends chunks of whole lines up to 1 MB and pages up to 15 MB', async () => {
    // Prepare
    const { Id } = await redshift.run('select i, text from wide order by i', CSV);

    // Act
    const pages = [];
    for await (const { Records } of paginateGetStatementResultV2({ client: redshift.client }, { Id }))
      pages.push((Records ?? []).map(({ CSVRecords = '' }) => CSVRecords));

    // Assess
    const chunks = pages.flat();
    expect(pages).toHaveLength(2);
    for (const page of pages) expect(page.join('').length).toBeLessThanOrEqual(15 * MB);
    for (const chunk of chunks) {
      expect(chunk.length).toBeLessThanOrEqual(MB);
      expect(chunk.endsWith('\r\n')).toBe(true);
    }
    const lines = chunks.join('').split('\r\n');
    expect(lines[0]).toBe('i,text');
    expect(lines.slice(1, -1).map((line) => line.split(',')[0])).toEqual(Array.from({ length: 256 }, (_, i) => `${i}`));
  });

  it('gives a line of more than 1 MB a chunk of its own', async () => {
    // Act
    const { Id } = await redshift.run("select repeat('x', 2000000) as a union all select 'y'", CSV);
    const { Records } = await redshift.client.send(new GetStatementResultV2Command({ Id }));

    // Assess
    expect(Records?.map(({ CSVRecords }) => CSVRecords?.length)).toEqual([3, 2_000_002, 3]);
  });

  it('has nothing of a statement without a result', async () => {
    const { Id } = await redshift.run('create table without_rows (i int)', CSV);
    await expect(redshift.client.send(new GetStatementResultV2Command({ Id }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      ResourceId: Id,
    });
  });
});

describe('A result', () => {
  it('is fetched by the operation of its format only', async () => {
    // Prepare
    const csv = await redshift.run('select 1', CSV);
    const json = await redshift.run('select 1');

    // Act
    const csvAsJson = redshift.client.send(new GetStatementResultCommand({ Id: csv.Id }));
    const jsonAsCsv = redshift.client.send(new GetStatementResultV2Command({ Id: json.Id }));

    // Assess
    await expect(csvAsJson).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'GetStatementResult does not return results in format CSV; call GetStatementResultV2.',
    });
    await expect(jsonAsCsv).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'GetStatementResultV2 does not return results in format JSON; call GetStatementResult.',
    });
  });

  it('has its format told by the lists', async () => {
    // Act
    const { Id } = await redshift.run('select 1', { ...CSV, StatementName: 'as csv' });
    const { Statements } = await redshift.client.send(new ListStatementsCommand({ StatementName: 'as csv' }));

    // Assess
    expect(Statements).toMatchObject([{ Id, ResultFormat: 'CSV' }]);
  });
});
