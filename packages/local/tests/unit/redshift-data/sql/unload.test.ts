import { describe, expect, it } from 'vitest';
import { planStatement } from '../../../../src/redshift-data/sql/plan.ts';

const planOf = (sql: string) => {
  const plan = planStatement(sql, []);
  if (plan.kind !== 'unload') throw new Error(`planned as ${plan.kind}`);
  return plan;
};

const start = "unload ('select 1') to 's3://b/k' iam_role 'r'";
const MB = 1024 * 1024;

describe('UNLOAD', () => {
  it('is delimited text of any size, in parallel, where nothing else is said', () => {
    const { unload, query } = planOf("unload ('select ''a''') to 's3://bucket/a/prefix_' iam_role 'r'");
    expect(query.sql.text).toBe("select 'a'");
    expect(unload).toEqual({
      query: "select 'a'",
      target: { bucket: 'bucket', key: 'a/prefix_' },
      roleArn: 'r',
      format: { kind: 'text', delimiter: '|', nullAs: '', addsQuotes: false, escapes: false },
      hasHeader: false,
      isParallel: true,
      maxFileBytes: 6.2 * 1024 * MB,
      hasManifest: false,
      existing: 'refuse',
      partitionBy: [],
      includesPartitionColumns: false,
    });
  });

  it('reads options in any order and spelling', () => {
    const all = `UNLOAD ($$select 'a' as x$$) TO 's3://bucket' FORMAT AS CSV DELIMITER AS ';' NULL AS 'none' header
      MAXFILESIZE AS 5.5 MB parallel off allowoverwrite manifest gzip EXTENSION 'csv.gz' REGION 'eu-west-1'
      PARTITION BY (x, "Y") INCLUDE CREDENTIALS 'aws_iam_role=r';`;
    expect(planOf(all).unload).toEqual({
      query: "select 'a' as x",
      target: { bucket: 'bucket', key: '' },
      roleArn: 'r',
      region: 'eu-west-1',
      format: { kind: 'csv', delimiter: ';', nullAs: 'none' },
      hasHeader: true,
      compression: 'gzip',
      extension: 'csv.gz',
      isParallel: false,
      maxFileBytes: 5.5 * MB,
      hasManifest: true,
      existing: 'overwrite',
      partitionBy: ['x', 'Y'],
      includesPartitionColumns: true,
    });
    expect(planOf(`${start} cleanpath maxfilesize 1 gb parallel true json`).unload).toMatchObject({
      existing: 'delete',
      maxFileBytes: 1024 * MB,
      isParallel: true,
      format: { kind: 'json' },
    });
  });

  it.each([
    [`${start} parquet`, 'UNLOAD option PARQUET is not supported by the local stage'],
    [`${start} format as parquet`, 'UNLOAD FORMAT PARQUET is not supported'],
    [`${start} manifest verbose`, 'UNLOAD option MANIFEST VERBOSE is not supported'],
    [`${start} bzip2`, 'UNLOAD option BZIP2 is not supported'],
    [`${start} encrypted`, 'UNLOAD option ENCRYPTED is not supported'],
    [`${start} kms_key_id 'x'`, 'UNLOAD option KMS_KEY_ID is not supported'],
    [`${start} fixedwidth '0:3'`, 'UNLOAD option FIXEDWIDTH is not supported'],
    [`${start} rowgroupsize 32 mb`, 'UNLOAD option ROWGROUPSIZE is not supported'],
    [`${start} csv escape`, 'ESCAPE cannot be used with CSV'],
    [`${start} csv addquotes`, 'ADDQUOTES cannot be used with CSV'],
    [`${start} json header`, 'HEADER cannot be used with JSON'],
    [`${start} json null as 'x'`, 'NULL AS cannot be used with JSON'],
    [`${start} cleanpath allowoverwrite`, 'ALLOWOVERWRITE cannot be used with CLEANPATH'],
    [`${start} maxfilesize 1 mb`, 'MAXFILESIZE must be between 5 MB and 6.2 GB'],
    [`${start} maxfilesize 7 gb`, 'MAXFILESIZE must be between 5 MB and 6.2 GB'],
    [`${start} partition by x`, 'syntax error at or near "x"'],
    [`${start} maxfilesize 'x'`, `syntax error at or near "'x'"`],
    ["unload ('select 1') to 's3://b/k'", 'UNLOAD without IAM_ROLE is not supported'],
    ["unload ('select 1') to 's3://b/k' iam_role default", 'UNLOAD option IAM_ROLE default is not supported'],
    ["unload ('select 1') to 'file:///tmp/x' iam_role 'r'", 'UNLOAD to other than s3:// is not supported'],
    ["unload (select 1) to 's3://b/k' iam_role 'r'", 'syntax error at or near "to"'],
    ["unload ('select 1'", 'syntax error at or near "("'],
    ["unload ('select i from t limit 5') to 's3://b/k' iam_role 'r'", 'Limit clause is not supported'],
    ["unload ('select top 5 i from t') to 's3://b/k' iam_role 'r'", 'Limit clause is not supported'],
    ["unload ('select 1; drop table t') to 's3://b/k' iam_role 'r'", 'syntax error at or near ";"'],
  ])('refuses by name: %s', (sql, message) => {
    expect(() => planStatement(sql, [])).toThrow(message);
  });

  it.each([
    ["('select ''a'', b')", "select 'a', b"],
    [String.raw`('select \'a\', b')`, "select 'a', b"],
    [String.raw`('select ''a\\nb\n''')`, String.raw`select 'a\nb\n'`],
    [String.raw`($q$select 'a\\b'$q$)`, String.raw`select 'a\\b'`],
  ])('undoes the quotes around %s', (quoted, query) => {
    expect(planOf(`unload ${quoted} to 's3://b/k' iam_role 'r'`).unload.query).toBe(query);
  });

  it('takes a LIMIT in a subquery', () => {
    const sql = "unload ('select i from (select i from t limit 5) as s') to 's3://b/k' iam_role 'r'";
    expect(planOf(sql).kind).toBe('unload');
  });
});
