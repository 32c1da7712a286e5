import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedshift, type TestRedshift } from '../../helpers/redshift.ts';
import { rowsOf, startStorage, type TestStorage } from '../../helpers/redshift-s3.ts';

let redshift: TestRedshift;
let storage: TestStorage;
beforeAll(async () => {
  redshift = await startRedshift();
  storage = await startStorage(redshift);
});
afterAll(async () => {
  storage.close();
  await redshift.close();
});

let tables = 0;

/** Makes a table, loads one object into it and tells what is in it then. */
const load = async (columns: string, content: string | Buffer, options: string) => {
  const table = `t${++tables}`;
  await redshift.run(`create table ${table} (${columns})`);
  await storage.upload(table, content);
  const copy = await redshift.run(`copy ${table} from 's3://data/${table}' iam_role '${storage.role}' ${options}`);
  return {
    error: copy.Error?.split('Detail: ')[1] ?? copy.Error,
    rows: await rowsOf(redshift, `select * from ${table}`),
  };
};

const TEXTS = 'a varchar(40), b varchar(40)';

describe('COPY of delimited text', () => {
  it.each<[string, string, string, string, unknown[][]]>([
    [
      'pipes part fields',
      'i int, t varchar(9)',
      '1|one\n2|two\r\n3|\n',
      '',
      [
        [1, 'one'],
        [2, 'two'],
        [3, ''],
      ],
    ],
    [
      'the last line needs no end',
      TEXTS,
      'a,b\nc,d',
      "delimiter ','",
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['quotes are characters as others', TEXTS, '"a"|\'b\'\n', '', [['"a"', "'b'"]]],
    ['a delimiter may end the record', TEXTS, 'a|b|\n', '', [['a', 'b']]],
    ['NULL is \\N', TEXTS, '\\N|b\n', '', [[null, 'b']]],
    ['NULL as told', TEXTS, 'none|\\N\n', "null as 'none'", [[null, '\\N']]],
    ['NUL alone as NULL', TEXTS, '\0|b\n', "null as '\\0'", [[null, 'b']]],
    ['blanks are NULL but in text', 'i int, t varchar(9)', '  |  \n', '', [[null, '  ']]],
    ['escapes', TEXTS, 'a\\|b\\\\|line\\\nend\\\r\n', 'escape', [['a|b\\', 'line\nend\r']]],
    ['escapes are not codes', TEXTS, '\\n\\t|\\012\n', 'escape', [['nt', '012']]],
    ['\\N with escapes, escaped or not', TEXTS, '\\N|\\\\N\n', 'escape', [[null, null]]],
    ['backslashes without escapes', TEXTS, 'a\\|b\\n\n', '', [['a\\', 'b\\n']]],
    ['quotes removed', TEXTS, '"a|b"|\'c "d" e\'\n', 'removequotes', [['a|b', 'c "d" e']]],
    ['quotes inside stay', TEXTS, "' 'a' '|b'\n", 'removequotes', [[" 'a' ", "b'"]]],
    ['quotes escaped', TEXTS, "'it\\'s'|\\\"b\\\"\n", 'escape removequotes', [["it's", '"b"']]],
    ['blank lines ignored', TEXTS, '\na|b\n\n', 'ignoreblanklines', [['a', 'b']]],
    ['the header ignored', TEXTS, 'A|B\nx|y\na|b\n', 'ignoreheader 2', [['a', 'b']]],
    ['records filled', 'a varchar(9), b varchar(9), i int', 'a\n', 'fillrecord', [['a', '', null]]],
    ['records filled with NULL', TEXTS, 'a\n', 'fillrecord emptyasnull', [['a', null]]],
    ['tabs', TEXTS, 'a\tb\n', "delimiter '\\t'", [['a', 'b']]],
  ])('%s', async (_, columns, content, options, rows) => {
    expect(await load(columns, content, options)).toEqual({ error: undefined, rows });
  });

  it.each([
    ['"a|b\n', 'removequotes', 'Delimited value missing end quote'],
    ['a\n', '', 'Delimiter not found (record 1)'],
    ['a|b|c\n', '', 'Extra column(s) found (record 1)'],
    ['a|b\n\n', '', 'Delimiter not found (record 2)'],
  ])('refuses %j with %s', async (content, options, error) => {
    expect(await load(TEXTS, content, options)).toEqual({ error, rows: [] });
  });
});

describe('COPY of CSV', () => {
  it('takes another quote, and double quotes as they are', async () => {
    const { rows } = await load(TEXTS, '%a, %%b%%%,"c"\n', "csv quote as '%'");
    expect(rows).toEqual([['a, %b%', '"c"']]);
  });

  it('counts every line of a header, and ignores blank lines when told', async () => {
    const { rows } = await load(TEXTS, 'x\r\n\r\na,b\r\n\r\nc,d\r\n', 'csv ignoreheader 2 ignoreblanklines');
    expect(rows).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });
});

describe('COPY of JSON', () => {
  const COLUMNS = 'i bigint, t varchar(60), b boolean, d decimal(10,2)';

  it('finds columns by name, whatever stands between the objects', async () => {
    const json = `{"t":"a \\"q\\" {[\\n\\u00e9","i":9007199254740993,"more":[1]} {"b":true,
      "d":1.259}
      {"i":null,"t":"","d":"2.5"}{"I":1}`;
    expect(await load(COLUMNS, json, "json 'auto'")).toEqual({
      error: undefined,
      rows: [
        [9007199254740993n, 'a "q" {[\né', null, null],
        [null, null, true, '1.25'],
        [null, '', null, '2.50'],
        [null, null, null, null],
      ].map((row) => row.map((value) => (typeof value === 'bigint' ? Number(value) : value))),
    });
  });

  it('keeps every digit of a number', async () => {
    const { rows } = await load(
      't varchar(40), d decimal(30,2)',
      '{"t":12345678901234567890.10,"d":12345678901234567890.129}',
      "json 'auto'",
    );
    expect(rows).toEqual([['12345678901234567890.10', '12345678901234567890.12']]);
  });

  it('compares names without regard to case when told', async () => {
    const { rows } = await load(TEXTS, '{"A":"x","B":"y"}', "format as json 'auto ignorecase'");
    expect(rows).toEqual([['x', 'y']]);
  });

  it('loads objects and arrays as their text', async () => {
    const { rows } = await load(TEXTS, '{"a": {"k": [1.50, "v"]}, "b": [true, null]}', 'json');
    expect(rows).toEqual([['{"k":[1.50,"v"]}', '[true,null]']]);
  });

  it('follows paths, in objects and in arrays', async () => {
    await storage.upload('paths/objects.json', `{"jsonpaths": ["$['x']['y']", "$['list'][1]"]}`);
    await storage.upload('paths/arrays.json', '{"jsonpaths": ["$[1]", "$[0].k"]}');
    const objects = await load(
      TEXTS,
      '{"x":{"y":"deep"},"list":[1,2]}{"list":[3,4]}',
      "json 's3://data/paths/objects.json'",
    );
    const arrays = await load(TEXTS, '[{"k":"v"},"second"]', "json 's3://data/paths/arrays.json'");
    expect(objects.rows).toEqual([
      ['deep', '2'],
      [null, '4'],
    ]);
    expect(arrays.rows).toEqual([['second', 'v']]);
  });

  it('refuses paths that do not fit', async () => {
    await storage.upload('paths/short.json', '{"jsonpaths": ["$.a"]}');
    await storage.upload('paths/wild.json', '{"jsonpaths": ["$.*[*]", "$.b"]}');
    await storage.upload('paths/index.json', '{"jsonpaths": ["$.a[3]", "$.b"]}');
    const errors = await Promise.all(
      ['short', 'wild', 'index'].map(
        async (name) => (await load(TEXTS, '{"a":[1]}', `json 's3://data/paths/${name}.json'`)).error,
      ),
    );
    expect(errors).toEqual([
      'ERROR: Number of jsonpaths and the number of columns should match. JSONPath size: 1, Number of columns in table or column list: 2',
      'ERROR: Invalid JSONPath format: "$.*[*]" is not a path to one element',
      'Invalid JSONPath format: Not an array or index out of range.',
    ]);
  });

  it.each(['{"a":1', '{"a":1},{"a":2}', '{"a":x}', 'nothing'])('refuses %s', async (json) => {
    expect(await load(TEXTS, json, "json 'auto'")).toEqual({ error: 'Invalid JSON format', rows: [] });
  });

  it('refuses arrays without paths', async () => {
    expect((await load(TEXTS, '[1, 2]', "json 'auto'")).error).toBe(
      'Invalid JSONPath format. Member is not an object.',
    );
  });
});

describe('COPY of compressed objects', () => {
  it.each([
    ['gzip', Buffer.concat([gzipSync('h|h\na|b'), gzipSync('\nc|d\n')])],
    ['zstd', zstdCompressSync('h|h\na|b\nc|d\n')],
  ])('loads %s', async (compression, content) => {
    const { rows } = await load(TEXTS, content, `${compression} ignoreheader 1`);
    expect(rows).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('refuses what is not compressed, or is cut off', async () => {
    const { error } = await load(TEXTS, 'a|b\n', 'gzip');
    const cut = await load(TEXTS, gzipSync('a|b\n'.repeat(100)).subarray(0, -6), 'gzip');
    expect([error, cut.error]).toEqual(Array(2).fill('The object is not gzip compressed'));
  });
});

describe('COPY by a manifest', () => {
  const copyBy = async (manifest: unknown, table: string) => {
    await redshift.run(`create table ${table} (i int)`);
    await storage.upload('m/1', '1\n');
    await storage.upload('m/2', '2\n');
    await storage.upload('m.json', typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
    const { Error } = await redshift.run(`copy ${table} from 's3://data/m.json' iam_role '${storage.role}' manifest`);
    return { error: Error, rows: await rowsOf(redshift, `select * from ${table} order by i`) };
  };

  it('loads the objects that it lists, and passes over optional ones that are missing', async () => {
    const entries = [{ url: 's3://data/m/2', mandatory: true }, { url: 's3://data/m/3' }];
    expect(await copyBy({ entries }, 'listed')).toEqual({ error: undefined, rows: [[2]] });
  });

  it('fails when a mandatory object is missing', async () => {
    const entries = [{ url: 's3://data/m/1' }, { url: 's3://data/m/3', mandatory: true }];
    const { error, rows } = await copyBy({ entries }, 'mandatory');
    expect(error).toMatch(/^ERROR: S3ServiceException:.*Status 404,Error NoSuchKey$/);
    expect(rows).toEqual([]);
  });

  it.each(['no json', '{}', '{"entries":[]}', '{"entries":[{}]}'])('fails for %s', async (manifest) => {
    const { error } = await copyBy(manifest, `bad${++tables}`);
    expect(error).toBe('ERROR: Problem reading manifest file - the manifest is not valid');
  });
});

describe('conversion by COPY', () => {
  it.each<[string, string, string, unknown]>([
    ['decimal(8,2)', '20.259', '', '20.25'],
    ['decimal(8,2)', '-20.259', '', '-20.25'],
    ['decimal(8,2)', '20.259', 'roundec', '20.26'],
    ['decimal(8,2)', '2.0259e1', '', '20.25'],
    ['decimal(8,2)', '2025.9e-2', '', '20.25'],
    ['decimal(8,2)', '.5', '', '0.50'],
    ['varchar(5)', '  ', 'blanksasnull', null],
    ['varchar(5)', 'a \t', 'trimblanks', 'a'],
    ['varchar(5)', 'abcdefg', 'truncatecolumns', 'abcde'],
    ['varchar(5)', 'aéééé', 'truncatecolumns', 'aéé'],
    ['varchar(5)', '', 'emptyasnull', null],
    ['char(3)', 'ab', '', 'ab '],
    ['boolean', 'Yes', '', true],
    ['boolean', '0', '', false],
    ['date', '2024-02-29', '', '2024-02-29'],
    ['date', '2024-02-29 10:00:00', '', '2024-02-29'],
    ['date', '02/29/2024', "dateformat 'auto'", '2024-02-29'],
    ['timestamp', '2024-02-29 10:11:12.5', '', '2024-02-29 10:11:12.5'],
    ['timestamp', '2024-02-29T10:11:12Z', "timeformat 'auto'", '2024-02-29 10:11:12.0'],
    ['timestamp', '1709201472', "timeformat 'epochsecs'", '2024-02-29 10:11:12.0'],
    ['timestamp', '1709201472123', "timeformat 'epochmillisecs'", '2024-02-29 10:11:12.123'],
    ['timestamptz', '2024-02-29 10:11:12+02', '', '2024-02-29 08:11:12+00'],
    ['smallint', ' +7 ', '', 7],
  ])('makes a %s of %j %s', async (type, field, options, value) => {
    expect(await load(`v ${type}`, `${field}\n`, options)).toEqual({ error: undefined, rows: [[value]] });
  });

  const at = '(record 1, column v)';
  it.each([
    ['int', '1.5', `Invalid digit, Value '.', Pos 1, Type: Integer ${at}`],
    ['bigint', '12a', `Invalid digit, Value 'a', Pos 2, Type: Long ${at}`],
    ['smallint', '-', `Invalid digit, Value '-', Pos 0, Type: Short ${at}`],
    ['decimal(8,2)', 'x', `Invalid digit, Value 'x', Pos 0, Type: Decimal ${at}`],
    ['smallint', '99999', `value "99999" is out of range for type smallint ${at}`],
    ['varchar(3)', 'éé', `String length exceeds DDL length ${at}`],
    ['char(9)', 'é', `Multibyte character not supported for CHAR (Hint: try using VARCHAR). Invalid char: c3 a9 ${at}`],
    ['boolean', 'on', `Unknown boolean format ${at}`],
    ['date', '2024-2-9', `Invalid Date Format - length must be 10 or more ${at}`],
    ['date', '02/29/2024', `Invalid date format [YYYY-MM-DD] ${at}`],
    ['timestamp', '2024-02-29T10:11:12', `Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS] ${at}`],
    ['int not null', '\\N', `Missing data for not-null field ${at}`],
  ])('refuses for a %s: %s', async (type, field, error) => {
    expect(await load(`v ${type}`, `${field}\n`, '')).toEqual({ error, rows: [] });
  });
});

describe('COPY into an IDENTITY column', () => {
  const COLUMNS = 'id int identity(10, 5), t varchar(9)';

  it('lets the values be generated', async () => {
    expect(await load(COLUMNS, 'a\nb\n', '')).toEqual({
      error: undefined,
      rows: [
        [10, 'a'],
        [15, 'b'],
      ],
    });
  });

  it('loads values with EXPLICIT_IDS only', async () => {
    expect((await load(COLUMNS, '7|a\n', 'explicit_ids')).rows).toEqual([[7, 'a']]);
    expect((await load(COLUMNS, '7|a\n', '')).error).toBe('Extra column(s) found (record 1)');
  });
});

describe('COPY into a SUPER column', () => {
  it.each([
    ['json', '{"v":{"a":[1, "x"]}}{"v":"text"}{"v":null}'],
    ["csv quote as '%'", '%{"a":[1, "x"]}%\n"text"\n\\N\n'],
  ])('loads JSON values from %s', async (options, content) => {
    const { error, rows } = await load('v super', content, options);
    expect(error).toBeUndefined();
    expect(rows).toEqual([['{"a":[1,"x"]}'], ['"text"'], [null]]);
  });
});
