import { GetStatementResultCommand, GetStatementResultV2Command } from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callRaw, startRedshift, type TestRedshift } from '../../helpers/redshift.ts';

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshift();
});
afterAll(() => redshift.close());

const NULL = '{"isNull":true}';
const long = (digits: string): string => `{"longValue":${digits}}`;
const double = (json: string): string => `{"doubleValue":${json}}`;
const boolean = (value: boolean): string => `{"booleanValue":${value}}`;
const string = (value: string): string => JSON.stringify({ stringValue: value });

const LONGEST = 'x'.repeat(65_535);
const UNICODE = 'é ß 漢字 \u00a0\u200b\u2028 e\u0301 😀 👩‍👩‍👧';
const THIRTY_EIGHT_NINES = '9'.repeat(38);

/** SQL, and its value on the wire, to the letter. */
const VALUES: readonly (readonly [string, string])[] = [
  // smallint, integer, bigint
  ['null::smallint', NULL],
  ['0::smallint', long('0')],
  ['32767::smallint', long('32767')],
  ['(-32768)::smallint', long('-32768')],
  ['null::integer', NULL],
  ['2147483647::integer', long('2147483647')],
  ['(-2147483648)::integer', long('-2147483648')],
  ['null::bigint', NULL],
  ['9007199254740993::bigint', long('9007199254740993')],
  ['9223372036854775807::bigint', long('9223372036854775807')],
  ['(-9223372036854775808)::bigint', long('-9223372036854775808')],
  // real, double precision
  ['null::real', NULL],
  ['0.1::real', double('0.1')],
  ["'3.4028235e38'::real", double('3.4028235e+38')],
  ["'1e-45'::real", double('1e-45')],
  ["'NaN'::real", double('"NaN"')],
  ["'Infinity'::real", double('"Infinity"')],
  ['null::double precision', NULL],
  ['0::double precision', double('0')],
  ['0.1::double precision', double('0.1')],
  ['(-123456789.123456789)::double precision', double('-123456789.12345679')],
  ["'1.7976931348623157e308'::double precision", double('1.7976931348623157e+308')],
  ["'5e-324'::double precision", double('5e-324')],
  ["'NaN'::double precision", double('"NaN"')],
  ["'Infinity'::double precision", double('"Infinity"')],
  ["'-Infinity'::double precision", double('"-Infinity"')],
  // numeric, as text with the zeros of its scale
  ['null::numeric(10, 2)', NULL],
  ['0::numeric(10, 2)', string('0.00')],
  ['1.5::numeric(10, 3)', string('1.500')],
  ['(-0.01)::numeric(10, 2)', string('-0.01')],
  ['2::numeric(5, 0)', string('2')],
  [`${THIRTY_EIGHT_NINES}::numeric(38, 0)`, string(THIRTY_EIGHT_NINES)],
  ['(-1.0000000000000000000000000000000000001)::numeric(38, 37)', string(`-1.${'0'.repeat(36)}1`)],
  // boolean
  ['null::boolean', NULL],
  ['true', boolean(true)],
  ['false', boolean(false)],
  ['1 = 1 and not (1 = 2)', boolean(true)],
  // varchar
  ['null::varchar(10)', NULL],
  ["''::varchar(10)", string('')],
  ["'null'::varchar(10)", string('null')],
  ["' padded '::varchar(10)", string(' padded ')],
  [`'${UNICODE}'::varchar(100)`, string(UNICODE)],
  ["'quote '' double \" back\\\\slash'::varchar(100)", string('quote \' double " back\\slash')],
  ["'line\nand\r\ntab\t'::varchar(100)", string('line\nand\r\ntab\t')],
  ["'\u0001\u007f'::varchar(10)", string('\u0001\u007f')],
  [`'${LONGEST}'::varchar(65535)`, string(LONGEST)],
  // char
  ['null::char(3)', NULL],
  ["'a'::char(3)", string('a  ')],
  ["'abc'::char(3)", string('abc')],
  ["''::char(2)", string('  ')],
  // date
  ['null::date', NULL],
  ["'2008-01-01'::date", string('2008-01-01')],
  ["'2024-02-29'::date", string('2024-02-29')],
  ["'0001-01-01'::date", string('0001-01-01')],
  ["'4713-01-01 BC'::date", string('4713-01-01 BC')],
  ["'294275-12-31'::date", string('294275-12-31')],
  // timestamp
  ['null::timestamp', NULL],
  ["'2022-02-22'::timestamp", string('2022-02-22 00:00:00.0')],
  ["'2020-08-21 17:33:51.88712'::timestamp", string('2020-08-21 17:33:51.88712')],
  ["'2020-08-21 17:33:51.500000'::timestamp", string('2020-08-21 17:33:51.5')],
  ["'2020-08-21 17:33:51.000001'::timestamp", string('2020-08-21 17:33:51.000001')],
  ["'0044-03-15 12:00:00 BC'::timestamp", string('0044-03-15 12:00:00.0 BC')],
  ["'294275-12-31 23:59:59.999999'::timestamp", string('294275-12-31 23:59:59.999999')],
  // timestamp with time zone, in the session's zone, which is UTC
  ['null::timestamptz', NULL],
  ["'2008-01-01 20:00:00+00'::timestamptz", string('2008-01-01 20:00:00+00')],
  ["'2008-01-01 20:00:00-05:30'::timestamptz", string('2008-01-02 01:30:00+00')],
  ["'2008-01-01 20:00:00.25 UTC'::timestamptz", string('2008-01-01 20:00:00.25+00')],
  // time
  ['null::time', NULL],
  ["'20:00:00'::time", string('20:00:00.00')],
  ["'00:00'::time", string('00:00:00.00')],
  ["'23:59:59.999999'::time", string('23:59:59.999999')],
  // time with time zone
  ['null::timetz', NULL],
  ["'20:00:00+00'::timetz", string('20:00:00+00')],
  ["'20:00:00.5+02'::timetz", string('20:00:00.5+02')],
  // super
  ['null::super', NULL],
  ["json_parse('null')", string('null')],
  [
    `json_parse('{"a": [1, 2.50, "x, y: z", true, null], "b": {}}')`,
    string('{"a":[1,2.50,"x, y: z",true,null],"b":{}}'),
  ],
  [`json_parse('"a \\\\" b"')`, string('"a \\" b"')],
  [`json_parse('[12345678901234567890]')`, string('[12345678901234567890]')],
];

describe('A typed value', () => {
  it.each(VALUES.map(([sql, wire]) => ({ name: shortened(sql), sql, wire })))(
    'of $name comes as documented',
    async ({ sql, wire }) => {
      const { Id, Error: error } = await redshift.run(`select ${sql} as v`);
      expect(error).toBeUndefined();
      const { text } = await callRaw(redshift, 'GetStatementResult', { Id });
      expect(recordsIn(text)).toBe(`[[${wire}]]`);
    },
  );

  it('comes from a table as from an expression, with NULL beside it', async () => {
    // Prepare
    await redshift.run(`create table every_type (
      a smallint, b integer, c bigint, d real, e double precision, f numeric(20, 4), g boolean, h varchar(20), i char(4),
      j date, k timestamp, l timestamptz, m time, n timetz)`);
    await redshift.run(`insert into every_type values (1, 2, 9223372036854775807, 1.5, 2.5, 3.14, true, 'text', 'c',
      '2020-02-29', '2020-02-29 01:02:03', '2020-02-29 01:02:03+01', '04:05:06', '04:05:06+00')`);
    await redshift.run('insert into every_type (a) values (null)');

    // Act
    const { Id } = await redshift.run('select * from every_type order by b');
    const { text } = await callRaw(redshift, 'GetStatementResult', { Id });

    // Assess
    const values = [
      ...[long('1'), long('2'), long('9223372036854775807'), double('1.5'), double('2.5'), string('3.1400')],
      ...[boolean(true), string('text'), string('c   '), string('2020-02-29'), string('2020-02-29 01:02:03.0')],
      ...[string('2020-02-29 00:02:03+00'), string('04:05:06.00'), string('04:05:06+00')],
    ];
    expect(recordsIn(text)).toBe(`[[${values.join(',')}],[${values.map(() => NULL).join(',')}]]`);
  });

  it('is a number to the SDK also when it is none', async () => {
    const { Id } = await redshift.run("select 'NaN'::float8 as a, '-Infinity'::float8 as b, 1::float8 as c");
    const { Records } = await redshift.client.send(new GetStatementResultCommand({ Id }));
    expect(Records?.[0]?.map(({ doubleValue }) => doubleValue)).toEqual([Number.NaN, Number.NEGATIVE_INFINITY, 1]);
  });

  it('has the same text in CSV', async () => {
    // Act
    const { Id } = await redshift.run(
      `select 9223372036854775807::bigint as big, 1.50::numeric(5, 2) as n, true as t, 0.1::double precision as d,
        '2022-02-22'::timestamp as ts, 'a'::char(3) as c, null::int as nothing`,
      { ResultFormat: 'CSV' },
    );
    const { Records } = await redshift.client.send(new GetStatementResultV2Command({ Id }));

    // Assess
    expect(Records).toEqual([
      {
        CSVRecords: 'big,n,t,d,ts,c,nothing\r\n9223372036854775807,1.50,true,0.1,2022-02-22 00:00:00.0,a  ,\r\n',
      },
    ]);
  });

  it.each(['array[1, 2]', "'x'::xml", "'1 day'::interval", "'\\x00'::bytea"])(
    'that Redshift does not have is refused: %s',
    async (sql) => {
      const { Status, Error: error } = await redshift.run(`select ${sql} as v`);
      expect(Status).toBe('FAILED');
      expect(error).toMatch(/^ERROR: /);
    },
  );
});

const shortened = (sql: string): string => (sql.length > 100 ? `${sql.slice(0, 60)}… (${sql.length})` : sql);

/** The text of the member `Records`, which is followed by `ColumnMetadata`. */
const recordsIn = (text: string): string => /"Records":(.*),"ColumnMetadata":/s.exec(text)?.[1] ?? text;
