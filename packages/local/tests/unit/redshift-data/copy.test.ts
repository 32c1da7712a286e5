import { BatchExecuteStatementCommand, CancelStatementCommand } from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { prepareSlow, SLOW, startRedshift, TARGET, type TestRedshift } from '../../helpers/redshift.ts';
import { rowsOf as rowsIn, startStorage, type TestStorage } from '../../helpers/redshift-s3.ts';

const READ = { Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: '*' };

let redshift: TestRedshift;
let storage: TestStorage;
let role: string;
beforeAll(async () => {
  redshift = await startRedshift();
  storage = await startStorage(redshift);
  role = storage.roleFor('loader', 'redshift.amazonaws.com', READ);
});
afterAll(async () => {
  storage.close();
  await redshift.close();
});

const upload = (key: string, body: string | Buffer) => storage.upload(key, body);
const rowsOf = (table: string) => rowsIn(redshift, `select * from ${table}`);

/** Makes a table, loads one object into it and tells what came of it. */
const load = async (table: string, columns: string, content: string | Buffer, options = '') => {
  await redshift.run(`create table ${table} (${columns})`);
  await upload(`${table}.csv`, content);
  return redshift.run(`copy ${table} from 's3://data/${table}.csv' iam_role '${role}' csv ${options}`);
};

describe('COPY', () => {
  it('loads a CSV object and counts its rows', async () => {
    // Act
    const copy = await load('plain', 'i int, t varchar(20)', 'i,t\r\n1,one\r\n2,"two, ""2"""\r\n', 'ignoreheader 1');

    // Assess
    expect(copy).toMatchObject({ Status: 'FINISHED', ResultRows: 2, HasResultSet: false });
    expect(copy.RedshiftQueryId).toBeGreaterThan(0);
    expect(await rowsOf('plain')).toEqual([
      [1, 'one'],
      [2, 'two, "2"'],
    ]);
  });

  it('loads every object under a prefix, each without its header', async () => {
    // Prepare
    await redshift.run('create table parts (i int)');
    await Promise.all([upload('parts/a', 'i\n1\n2\n'), upload('parts/b', 'i\n3'), upload('parts/', '')]);
    await upload('other', 'i\n4\n');

    // Act
    const copy = await redshift.run(`copy parts from 's3://data/parts/' iam_role '${role}' csv ignoreheader as 1`);

    // Assess
    expect(copy).toMatchObject({ Status: 'FINISHED', ResultRows: 3 });
    expect(await rowsOf('parts')).toEqual([[1], [2], [3]]);
  });

  it('takes an empty field for NULL, but not in text', async () => {
    await load('empties', 'i int, t varchar(9), d date', ',,\n"","",""\n\\N,\\N,\\N\n');
    expect(await rowsOf('empties')).toEqual([
      [null, '', null],
      [null, '', null],
      [null, null, null],
    ]);
  });

  it('keeps every character of a text', async () => {
    const text = 'tab\there, "quotes", back\\slash \\n, line\nbreak, carriage\rreturn, é😀, end ';
    await load('characters', 't varchar(200)', `"${text.replaceAll('"', '""')}"\n`);
    expect(await rowsOf('characters')).toEqual([[text]]);
  });

  it('loads the listed columns, leaves others to their defaults, and takes another delimiter', async () => {
    // Prepare
    await redshift.run('create table listed (a int, b varchar(9) default \'none\', "C" int)');
    await upload('listed', '1|2\n');

    // Act
    const copy = await redshift.run(
      `copy public.listed ("C", A) from 's3://data/listed' iam_role '${role}' format as csv delimiter '|' region 'eu-central-1'`,
    );

    // Assess
    expect(copy.Error).toBeUndefined();
    expect(await rowsOf('listed')).toEqual([[2, 'none', 1]]);
  });

  it('loads thousands of rows', async () => {
    // Prepare
    const content = Array.from({ length: 50_000 }, (_, i) => `${i},"row ${i}"`).join('\n');

    // Act
    const copy = await load('many', 'i int, t varchar(20)', content);
    const { Records } = await redshift.query("select count(*), sum(i), max(length(t)) from many where t = 'row ' || i");

    // Assess
    expect(copy.ResultRows).toBe(50_000);
    expect(Records).toEqual([[{ longValue: 50_000 }, { longValue: 1_249_975_000 }, { longValue: 9 }]]);
  });

  const failed = (table: string, detail: string) =>
    `ERROR: Load into table '${table}' failed.  Check 'stl_load_errors' system table for details.\n  Detail: ${detail}`;

  it.each([
    ['wrong_number', 'i int', '1\nx\n', "Invalid digit, Value 'x', Pos 0, Type: Integer (record 2, column i)"],
    ['too_long', 't varchar(2)', 'abc\n', 'String length exceeds DDL length (record 1, column t)'],
    ['not_null', 'i int not null', '""\n', 'Missing data for not-null field (record 1, column i)'],
    ['extra', 'i int', '1,2\n', 'Extra column(s) found (record 1)'],
    ['too_few', 'i int, j int', '1,2\n3\n', 'Delimiter not found (record 2)'],
    [
      'open_quote',
      't varchar(9)',
      '"abc\n',
      'Quote Not Closed: the parsing is finished with an opening quote at line 1',
    ],
    [
      'bad_utf8',
      't varchar(9)',
      Buffer.from([0x61, 0xff, 0x0a]),
      'String contains invalid or unsupported UTF8 codepoints',
    ],
  ])('loads nothing of data that is wrong: %s', async (table, columns, content, detail) => {
    const copy = await load(table, columns, content);
    expect(copy.Status).toBe('FAILED');
    expect(copy.Error).toBe(failed(table, detail));
    expect(await rowsOf(table)).toEqual([]);
  });

  it('fails by Redshift error texts where there is nothing to load, or nowhere', async () => {
    // Prepare
    await redshift.run('create table target (i int)');
    const copy = async (table: string, from: string) =>
      (await redshift.run(`copy ${table} from '${from}' iam_role '${role}' csv`)).Error;
    await upload('something', '1\n');

    // Act, Assess
    expect(await copy('target', 's3://data/nothing')).toBe("ERROR: The specified S3 prefix 'nothing' does not exist");
    expect(await copy('target', 's3://missing-bucket/x')).toMatch(/^ERROR: S3ServiceException:.*Error NoSuchBucket$/);
    expect(await copy('missing', 's3://data/something')).toBe('ERROR: Cannot COPY into nonexistent table missing');
    expect(await copy('target (j)', 's3://data/something')).toBe(
      'ERROR: column "j" of relation "target" does not exist',
    );
  });

  it('reads S3 with the rights of the role, and only of a role that trusts Redshift', async () => {
    // Prepare
    await redshift.run('create table guarded (i int)');
    await upload('guarded', '1\n');
    const copy = async (roleArn: string) =>
      (await redshift.run(`copy guarded from 's3://data/guarded' iam_role '${roleArn}' csv`)).Error;
    const mayList = { ...READ, Action: 's3:ListBucket' };

    // Act, Assess
    expect(await copy(storage.roleFor('powerless', 'redshift.amazonaws.com'))).toMatch(
      /^ERROR: S3ServiceException:.*Status 403/,
    );
    expect(await copy(storage.roleFor('lister', 'redshift.amazonaws.com', mayList))).toMatch(
      /^ERROR: S3ServiceException:.*Status 403/,
    );
    const untrusting = storage.roleFor('untrusting', 'lambda.amazonaws.com', READ);
    for (const roleArn of [untrusting, 'arn:aws:iam::123456789012:role/nobody'])
      expect(await copy(roleArn)).toBe(
        `ERROR: User arn:aws:redshift:eu-central-1:123456789012:dbuser:c1/etl is not authorized to assume IAM Role ${roleArn}`,
      );
    expect(await rowsOf('guarded')).toEqual([]);
  });

  it('needs the right to write to the table', async () => {
    await redshift.run('create table foreign_table (i int)', { DbUser: 'other' });
    await upload('foreign', '1\n');
    const { Error: error } = await redshift.run(`copy foreign_table from 's3://data/foreign' iam_role '${role}' csv`);
    expect(error).toContain('permission denied for table foreign_table');
  });

  it('refuses a region that the stage does not have', async () => {
    await redshift.run('create table regional (i int)');
    const { Error: error } = await redshift.run(
      `copy regional from 's3://data/x' iam_role '${role}' csv region 'us-west-2'`,
    );
    expect(error).toBe("ERROR: COPY option REGION 'us-west-2' is not supported by the local stage");
  });

  it('can be cancelled while it waits for the table', async () => {
    // Prepare
    await redshift.run('create table contended (i int)');
    await upload('contended', '1\n');
    await prepareSlow(redshift);
    const Sqls = ['lock table contended', SLOW];
    const { Id: holder = '' } = await redshift.client.send(
      new BatchExecuteStatementCommand({ ...TARGET, WithEvent: true, Sqls }),
    );
    await vi.waitFor(async () => {
      const { SubStatements } = await redshift.describe(holder);
      expect(SubStatements?.[0]?.Status).toBe('FINISHED');
    });
    const copy = await redshift.start(`copy contended from 's3://data/contended' iam_role '${role}' csv`);
    await redshift.waitFor(copy, 'STARTED');

    // Act
    await redshift.client.send(new CancelStatementCommand({ Id: copy }));
    const event = await redshift.events.ended(copy);
    await redshift.client.send(new CancelStatementCommand({ Id: holder }));
    await redshift.events.ended(holder);

    // Assess
    expect(event.detail.state).toBe('ABORTED');
    expect(await rowsOf('contended')).toEqual([]);
  });
});
