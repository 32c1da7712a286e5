import { describe, expect, it } from 'vitest';
import { parseCopy } from '../../../../src/redshift-data/sql/copy.ts';
import { significantTokens } from '../../../../src/redshift-data/sql/lexer.ts';

const copyOf = (sql: string) => parseCopy(significantTokens(sql));

const CONVERSION = {
  nullAs: '\\N',
  emptyAsNull: false,
  blanksAsNull: false,
  trimsBlanks: false,
  truncatesColumns: false,
  roundsDecimals: false,
  dateFormat: 'default',
  timeFormat: 'default',
};
const start = "copy t from 's3://b/k' iam_role 'r'";

describe('parseCopy', () => {
  it('takes delimited text where no format is named', () => {
    expect(copyOf("copy t from 's3://bucket/a/key' iam_role 'arn:aws:iam::1:role/r'")).toEqual({
      table: 't',
      source: { bucket: 'bucket', key: 'a/key' },
      isManifest: false,
      roleArn: 'arn:aws:iam::1:role/r',
      format: { kind: 'text', delimiter: '|', hasEscapes: false, removesQuotes: false, ignoresBlankLines: false },
      ignoreHeader: 0,
      fillsRecords: false,
      hasExplicitIds: false,
      conversion: CONVERSION,
    });
  });

  it('reads options in any order and spelling', () => {
    const all = `/* load */ COPY "S".T (a, "B") FROM 's3://bucket' FORMAT AS CSV QUOTE AS '%' REGION AS 'eu-west-1'
      IGNOREHEADER AS 2 DELIMITER '\\t' WITH CREDENTIALS AS 'aws_iam_role=r' gzip manifest ignoreblanklines fillrecord
      explicit_ids null as '\\0' emptyasnull blanksasnull trimblanks truncatecolumns roundec dateformat 'auto'
      timeformat as 'epochsecs' compupdate off statupdate on maxerror 1;`;
    expect(copyOf(all)).toEqual({
      schema: 'S',
      table: 't',
      columns: ['a', 'B'],
      source: { bucket: 'bucket', key: '' },
      isManifest: true,
      roleArn: 'r',
      region: 'eu-west-1',
      compression: 'gzip',
      format: { kind: 'csv', delimiter: '\t', quote: '%', ignoresBlankLines: true },
      ignoreHeader: 2,
      fillsRecords: true,
      hasExplicitIds: true,
      conversion: {
        nullAs: '\0',
        emptyAsNull: true,
        blanksAsNull: true,
        trimsBlanks: true,
        truncatesColumns: true,
        roundsDecimals: true,
        dateFormat: 'auto',
        timeFormat: 'epochsecs',
      },
    });
  });

  it.each([
    ["json 'auto'", 'auto'],
    ["format as json as 'auto ignorecase'", 'auto ignorecase'],
    ['json', 'auto'],
    ["format json 's3://paths/file.json'", { bucket: 'paths', key: 'file.json' }],
  ])('reads how JSON is mapped: %s', (options, mapping) => {
    const { format, conversion } = copyOf(`${start} ${options}`);
    expect(format).toEqual({ kind: 'json', mapping });
    expect(conversion.nullAs).toBeUndefined();
  });

  it.each([
    ["'\\t'", '\t'],
    ["'\\001'", '\x01'],
    ["','", ','],
  ])('reads the delimiter %s', (text, delimiter) => {
    expect(copyOf(`${start} delimiter ${text}`).format).toMatchObject({ delimiter });
  });

  it.each([
    [`${start} csv bzip2`, 'COPY option BZIP2 is not supported by the local stage'],
    [`${start} csv lzop`, 'COPY option LZOP is not supported'],
    [`${start} csv maxerror 5`, 'COPY option MAXERROR 5 is not supported'],
    [`${start} csv acceptinvchars`, 'COPY option ACCEPTINVCHARS is not supported'],
    [`${start} csv acceptanydate`, 'COPY option ACCEPTANYDATE is not supported'],
    [`${start} csv noload`, 'COPY option NOLOAD is not supported'],
    [`${start} fixedwidth '1:2'`, 'COPY option FIXEDWIDTH is not supported'],
    [`${start} encrypted`, 'COPY option ENCRYPTED is not supported'],
    [`${start} encoding utf16`, 'COPY option ENCODING is not supported'],
    [`${start} csv dateformat 'MM-DD-YYYY'`, "COPY option DATEFORMAT 'MM-DD-YYYY' is not supported"],
    [`${start} csv timeformat 'DD.MM.YYYY'`, "COPY option TIMEFORMAT 'DD.MM.YYYY' is not supported"],
    [`${start} format parquet`, 'COPY FORMAT PARQUET is not supported'],
    [`${start} format as orc`, 'COPY FORMAT ORC is not supported'],
    [`${start} parquet`, 'COPY option PARQUET is not supported'],
    [`${start} avro 'auto'`, 'COPY option AVRO is not supported'],
    [`${start} json 'noshred'`, "COPY FORMAT JSON 'noshred' is not supported"],
    [`${start} json 'paths'`, 'COPY with JSONPaths other than s3:// is not supported'],
    [`${start} csv access_key_id 'x'`, 'COPY option ACCESS_KEY_ID is not supported'],
    ["copy t from 's3://b/k' csv", 'COPY without IAM_ROLE is not supported'],
    ["copy t from 's3://b/k' iam_role default csv", 'COPY option IAM_ROLE default is not supported'],
    ["copy t from 's3://b/k' iam_role 'r,s' csv", 'COPY option IAM_ROLE with a chain of roles is not supported'],
    [
      "copy t from 's3://b/k' credentials 'aws_access_key_id=a;aws_secret_access_key=b' csv",
      'COPY option CREDENTIALS without aws_iam_role is not supported',
    ],
    ["copy t from 'emr://b/k' iam_role 'r' csv", 'COPY from other than s3:// is not supported'],
    [`${start} csv delimiter ';;'`, 'COPY delimiter must be a single ASCII character'],
    [`${start} csv escape`, 'ESCAPE cannot be used with CSV'],
    [`${start} csv removequotes`, 'REMOVEQUOTES cannot be used with CSV'],
    [`${start} quote as '%'`, 'QUOTE cannot be used with other than CSV'],
    [`${start} json 'auto' delimiter ','`, 'DELIMITER cannot be used with JSON'],
    [`${start} json 'auto' null as 'x'`, 'NULL AS cannot be used with JSON'],
    [`${start} csv ignoreheader 'x'`, `syntax error at or near "'x'"`],
    [`${start} csv ignoreheader 1.5`, 'syntax error at or near "1.5"'],
    [`${start} format 'csv'`, `syntax error at or near "'csv'"`],
    [`${start} with csv`, 'syntax error at or near "csv"'],
    ["copy t to 's3://b/k' iam_role 'r' csv", 'syntax error at or near "to"'],
    ['copy t from stdin', 'syntax error at or near "stdin"'],
    ["copy t from program 'id'", 'syntax error at or near "program"'],
    ['copy', 'syntax error at end of input'],
    ["copy t from :source iam_role 'r' csv", 'syntax error at or near ":source"'],
  ])('refuses by name: %s', (sql, message) => {
    expect(() => copyOf(sql)).toThrow(message);
  });

  it('keeps credentials out of its errors', () => {
    const keys = "credentials 'aws_access_key_id=AKIDEXAMPLE;aws_secret_access_key=hidden'";
    expect(() => copyOf(`copy t from 's3://b/k' ${keys}`)).toThrow(/^(?!.*(?:AKID|hidden))/);
  });
});
