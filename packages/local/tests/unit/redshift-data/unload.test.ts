import { BatchExecuteStatementCommand, CancelStatementCommand } from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareSlow, SLOW, startRedshift, TARGET, type TestRedshift } from '../../helpers/redshift.ts';
import { rowsOf, startStorage, type TestStorage } from '../../helpers/redshift-s3.ts';

let redshift: TestRedshift;
let storage: TestStorage;
beforeAll(async () => {
  redshift = await startRedshift();
  storage = await startStorage(redshift);
  await prepareSlow(redshift);
  await redshift.run(`create table wild (
    i bigint, d decimal(20,4), f double precision, b boolean, c char(3), t varchar(200), day date, at timestamp, tz timestamptz)`);
  const texts = [
    'plain',
    '',
    ' blank ',
    'a|b,c;d',
    '"quoted" \'it\'',
    'back\\slash \\N \\',
    'line\nbreak\r\nend',
    'tab\t',
    'é😀',
    '@',
  ];
  const values = texts.map(
    (text, i) =>
      `(${i}, ${i}.12, ${i}.5, ${i % 2 === 0}, 'c${i}', ${quoted(text)}, '2024-02-29', '2024-02-29 10:11:12.${i}', '2024-02-29 10:11:12+00')`,
  );
  await redshift.run(
    `insert into wild values ${values.join(', ')}, (10, null, null, null, null, null, null, null, null)`,
  );
});
afterAll(async () => {
  storage.close();
  await redshift.close();
});

/** Quotes are doubled, and so are backslashes, which escape in Redshift. */
const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '$&$&')}'`;

const unload = (query: string, to: string, options = '') =>
  redshift.run(`unload (${quoted(query)}) to 's3://data/${to}' iam_role '${storage.role}' ${options}`);

/** Unloads a query that must succeed; its objects. */
const filesOf = async (query: string, to: string, options = '') => {
  const { Error } = await unload(query, to, options);
  expect(Error).toBeUndefined();
  return storage.download(to);
};

describe('UNLOAD', () => {
  it('writes rows as delimited text, and counts them', async () => {
    const statement = await unload("select i, t from wild where t = 'plain' or i = 10 order by i", 'plain/x_');
    expect(statement).toMatchObject({ Status: 'FINISHED', ResultRows: 2, HasResultSet: false });
    expect(statement.RedshiftQueryId).toBeGreaterThan(0);
    expect(await storage.download('plain/')).toEqual({ 'plain/x_0000_part_00': '0|plain\n10|\n' });
  });

  it.each([
    ['csv', 'csv', 'v,n\n', '"a,""b"" \n",\n'],
    ['csv_options', "csv delimiter ';' null as 'none'", 'v;n\n', '"a,""b"" \n";none\n'],
    ['text', 'escape', 'v|n\n', 'a,"b" \\\n|\n'],
    ['quotes', "addquotes escape null as '@'", '"v"|"n"\n', '"a,\\"b\\" \\\n"|"@"\n'],
  ])('writes a header in the format of the rows: %s', async (name, options, header, row) => {
    const files = await filesOf(
      `select 'a,"b" \n'::varchar(9) as v, null::int as n`,
      `header_${name}`,
      `${options} header`,
    );
    expect(Object.values(files)).toEqual([header + row]);
  });

  it('writes one JSON object a line', async () => {
    const query = 'select i, d, b, t, day, at as "At" from wild where i in (6, 10) order by i';
    expect(await filesOf(query, 'json/', 'format as json')).toEqual({
      'json/0000_part_00':
        '{"i":6,"d":6.1200,"b":"t","t":"line\\nbreak\\r\\nend","day":"2024-02-29","At":"2024-02-29 10:11:12.6"}\n' +
        '{"i":10,"d":null,"b":null,"t":null,"day":null,"At":null}\n',
    });
    const { Error } = await unload('select 1 as a, 2 as a', 'json_twice/', 'json');
    expect(Error).toBe('ERROR: UNLOAD FORMAT JSON needs unique column names, but "a" comes twice');
  });

  it('names files by slice and part, or by number, with their extension', async () => {
    expect(Object.keys(await filesOf('select 1', 'named/a', 'parallel off'))).toEqual(['named/a000']);
    expect(Object.keys(await filesOf('select 1', 'named/b', 'gzip'))).toEqual(['named/b0000_part_00.gz']);
    expect(Object.keys(await filesOf('select 1', 'named/c', "gzip parallel off extension 'csv.gz'"))).toEqual([
      'named/c000.csv.gz',
    ]);
  });

  it('writes a manifest that COPY understands', async () => {
    const files = await filesOf('select i from wild', 'with_manifest/x_', 'manifest');
    expect(JSON.parse(files['with_manifest/x_manifest'] as string)).toEqual({
      entries: [{ url: 's3://data/with_manifest/x_0000_part_00' }],
    });
    await redshift.run('create table from_manifest (i int)');
    const copy = await redshift.run(
      `copy from_manifest from 's3://data/with_manifest/x_manifest' iam_role '${storage.role}' manifest`,
    );
    expect(copy.ResultRows).toBe(11);
  });

  it('writes nothing when there is nothing to write', async () => {
    const statement = await unload('select i from wild where i < 0', 'nothing/', 'header manifest');
    expect(statement).toMatchObject({ Status: 'FINISHED', ResultRows: 0 });
    expect(await storage.download('nothing/')).toEqual({});
  });

  it('touches objects that are there already only when told', async () => {
    await storage.upload('taken/0000_part_00', 'old');
    await storage.upload('taken/other', 'old');
    const { Error } = await unload('select 1', 'taken/');
    expect(Error).toMatch(/^ERROR: Specified unload destination on S3 is not empty\./);
    expect(await filesOf('select 1', 'taken/', 'allowoverwrite')).toEqual({
      'taken/0000_part_00': '1\n',
      'taken/other': 'old',
    });
    expect(await filesOf('select 2', 'taken/', 'cleanpath')).toEqual({ 'taken/0000_part_00': '2\n' });
  });

  it('puts partitions into folders, each row without what names its folder', async () => {
    await redshift.run('create table sales (y int, m varchar(9), n int)');
    await redshift.run("insert into sales values (2024, 'a/b', 1), (2023, 'x', 2), (2024, 'a/b', 3), (null, 'x', 4)");
    const query = 'select * from sales order by n desc';
    expect(await filesOf(query, 'parts', 'partition by (y, m) header manifest')).toEqual({
      'parts/y=2023/m=x/0000_part_00': 'n\n2\n',
      'parts/y=2024/m=a%2Fb/0000_part_00': 'n\n3\n1\n',
      'parts/y=__HIVE_DEFAULT_PARTITION__/m=x/0000_part_00': 'n\n4\n',
      'parts/manifest': expect.stringContaining('s3://data/parts/y=2023/m=x/0000_part_00') as string,
    });
    const included = await filesOf(
      'select y, n from sales where y = 2023',
      'parts/',
      'partition by (y) include csv cleanpath',
    );
    expect(included['parts/y=2023/0000_part_00']).toBe('2023,2\n');
    expect(Object.keys(included)).toHaveLength(4);
    expect((await unload('select y from sales', 'parts2/', 'partition by (y)')).Error).toBe(
      'ERROR: UNLOAD needs at least one column that is not in PARTITION BY',
    );
    expect((await unload('select y from sales', 'parts2/', 'partition by (z)')).Error).toContain(
      'column "z" does not exist',
    );
  });

  it('begins a new file when one would become too large, and writes large ones in parts', async () => {
    // Prepare: 20 MB.
    await redshift.run('create table wide (i int, t varchar(65535))');
    await redshift.run("insert into wide select i, repeat('x', 20000) from n");

    // Act
    const files = await filesOf('select * from wide', 'large/', 'csv maxfilesize 12 mb header');

    // Assess
    expect(Object.keys(files)).toEqual(['large/0000_part_00', 'large/0000_part_01']);
    const [first = '', second = ''] = Object.values(files);
    expect(first.length).toBeGreaterThan(11 * 1024 * 1024);
    expect(first.length).toBeLessThanOrEqual(12 * 1024 * 1024);
    expect(first.split('\n').length + second.split('\n').length).toBe(1000 + 2 + 2);
    expect(second.startsWith('i,t\n')).toBe(true);
  });

  it.each([
    ['csv', "csv null as '@null'", "csv null as '@null'"],
    ['text', "escape null as '@null'", "escape null as '@null'"],
    ['null_default', "escape null as '\\N'", 'escape'],
    ['quotes', "addquotes escape null as '@null'", "removequotes escape null as '@null'"],
    [
      'semicolons',
      "csv delimiter ';' header gzip null as '@null'",
      "csv delimiter ';' ignoreheader 1 gzip null as '@null'",
    ],
    ['zstd', "csv zstd null as '@null'", "csv zstd null as '@null'"],
    ['json', 'json', "json 'auto'"],
  ])('gives the same table when COPY loads it again: %s', async (name, written, read) => {
    // Act
    const unloaded = await unload('select * from wild', `again/${name}/`, written);
    await redshift.run(`create table again_${name} (like wild)`);
    const copied = await redshift.run(
      `copy again_${name} from 's3://data/again/${name}/' iam_role '${storage.role}' ${read}`,
    );

    // Assess
    expect([unloaded.Error, copied.Error]).toEqual([undefined, undefined]);
    expect([unloaded.ResultRows, copied.ResultRows]).toEqual([11, 11]);
    expect(await rowsOf(redshift, `select * from again_${name} order by i`)).toEqual(
      await rowsOf(redshift, 'select * from wild order by i'),
    );
  });

  it('writes S3 with the rights of the role', async () => {
    const list = { Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' };
    const to = async (roleArn: string) =>
      (await redshift.run(`unload ('select 1') to 's3://data/guarded/' iam_role '${roleArn}'`)).Error;
    expect(await to(storage.roleFor('reader', 'redshift.amazonaws.com', list))).toMatch(
      /^ERROR: S3ServiceException:.*Status 403,Error AccessDenied/,
    );
    const untrusting = storage.roleFor('other', 'lambda.amazonaws.com', list);
    expect(await to(untrusting)).toContain(`is not authorized to assume IAM Role ${untrusting}`);
    expect(await to('arn:aws:iam::123456789012:role/nobody')).toContain('is not authorized to assume IAM Role');
    expect(await storage.download('guarded/')).toEqual({});
  });

  it('tells what is wrong with the query, and where', async () => {
    expect((await unload('select é, nothing from wild', 'wrong/')).Error).toBe(
      'ERROR: column "é" does not exist\n  Position: 8',
    );
    expect((await unload('delete from wild', 'wrong/')).Error).toMatch(/^ERROR: syntax error/);
    expect((await unload('copy wild from stdin', 'wrong/')).Error).toMatch(/^ERROR: syntax error/);
    expect((await unload("select cast('1 day' as interval)", 'wrong/')).Error).toContain(
      'is not supported by the local stage',
    );
    expect(await storage.download('wrong/')).toEqual({});
    const { Error } = await redshift.run(
      `unload ('select 1') to 's3://data/x' iam_role '${storage.role}' region 'us-west-2'`,
    );
    expect(Error).toBe("ERROR: UNLOAD option REGION 'us-west-2' is not supported by the local stage");
  });

  it('unloads what only Redshift writes so', async () => {
    const files = await filesOf("select nvl(null, 2) as a, a + 1 as b, 'x:y' as c", 'dialect/');
    expect(files).toEqual({ 'dialect/0000_part_00': '2|3|x:y\n' });
  });

  it('needs the right to read', async () => {
    await redshift.run('create table secrets (i int)', { DbUser: 'other' });
    expect((await unload('select * from secrets', 'denied/')).Error).toContain('permission denied for table secrets');
  });

  it('belongs to the transaction that it runs in, and so does COPY', async () => {
    // Prepare
    const s3 = (key: string) => `'s3://data/${key}' iam_role '${storage.role}'`;
    const batch = async (...Sqls: string[]) => {
      const command = new BatchExecuteStatementCommand({ ...TARGET, WithEvent: true, Sqls });
      const { Id = '' } = await redshift.client.send(command);
      await redshift.events.ended(Id);
      return redshift.describe(Id);
    };

    // Act
    const finished = await batch(
      'create table moved (i int)',
      'insert into moved values (1), (2)',
      `unload ('select * from moved') to ${s3('moved/')}`,
      `copy moved from ${s3('moved/')}`,
    );
    const failed = await batch(`copy moved from ${s3('moved/')}`, `unload ('select nothing') to ${s3('moved2/')}`);

    // Assess
    expect(finished).toMatchObject({
      Status: 'FINISHED',
      SubStatements: [{}, {}, { ResultRows: 2 }, { ResultRows: 2 }],
    });
    expect(failed.Status).toBe('FAILED');
    expect(await rowsOf(redshift, 'select count(*) from moved')).toEqual([[4]]);
  });

  it('can be cancelled', async () => {
    // Prepare
    const id = await redshift.start(`unload (${quoted(SLOW)}) to 's3://data/slow/' iam_role '${storage.role}'`);
    await redshift.waitFor(id, 'STARTED');

    // Act
    await redshift.client.send(new CancelStatementCommand({ Id: id }));
    const event = await redshift.events.ended(id);

    // Assess
    expect(event.detail.state).toBe('ABORTED');
    expect(await storage.download('slow/')).toEqual({});
  });
});
