import { describe, expect, it } from 'vitest';
import { planStatement } from '../../../../src/redshift-data/sql/plan.ts';

/** The SQL that PostgreSQL gets, with single spaces. */
const translated = (sql: string): string => {
  const plan = planStatement(sql, []);
  return plan.kind === 'query' ? plan.sql.text.replaceAll(/\s+/g, ' ').trim() : 'COPY';
};

describe('CREATE TABLE', () => {
  it.each([
    ['create table t (i int) diststyle even', 'create table t (i int)'],
    ['create table t (i int) DISTSTYLE KEY DISTKEY (i) SORTKEY (i)', 'create table t (i int)'],
    ['create table t (i int) compound sortkey (i, j)', 'create table t (i int)'],
    ['create table t (i int) interleaved sortkey(i) diststyle all;', 'create table t (i int) ;'],
    ['create table t (i int) sortkey auto encode auto', 'create table t (i int)'],
    ['create table t (i int distkey sortkey, v varchar(9) encode lzo)', 'create table t (i int , v varchar(9) )'],
    ['create table t (i int encode az64 not null default 7)', 'create table t (i int not null default 7)'],
    ['create table t distkey(a) sortkey(b) as select 1 a, 2 b', 'create table t as select 1 a, 2 b'],
    ['create table t diststyle all as select distkey from u', 'create table t as select distkey from u'],
    ['create temp table if not exists s.t (i int encode raw)', 'create temp table if not exists s.t (i int )'],
    ['create table "distkey" ("sortkey" int)', 'create table "distkey" ("sortkey" int)'],
    ["create table t (v text default 'distkey')", "create table t (v text default 'distkey')"],
    ['create table t (v text default (unique_name))', 'create table t (v text default (unique_name))'],
    ['create table t (like u) diststyle all', 'create table t (like u)'],
  ])('leaves out how data is stored: %s', (sql, expected) => {
    expect(translated(sql)).toBe(expected);
  });

  it.each([
    ['create table t (i int primary key)', 'create table t (i int NOT NULL)'],
    ['create table t (i int unique, j int)', 'create table t (i int , j int)'],
    ['create table t (i int references u, j int)', 'create table t (i int , j int)'],
    ['create table t (i int references s.u (a) not null)', 'create table t (i int not null)'],
    ['create table t (a int, b int, primary key (a, b))', 'create table t (a int NOT NULL, b int NOT NULL)'],
    ['create table t (A int, primary key ("a"))', 'create table t (A int NOT NULL)'],
    ['create table t (constraint k primary key (a), a int)', 'create table t (a int NOT NULL)'],
    ['create table t (primary key (a), unique (b), a int, b int)', 'create table t (a int NOT NULL, b int)'],
    ['create table t (a int unique, primary key (a), unique (a), b int)', 'create table t (a int NOT NULL, b int)'],
    ['create table t (a int, unique (a), b int)', 'create table t (a int, b int)'],
    ['create table t (a int, foreign key (a) references u (b))', 'create table t (a int)'],
  ])('leaves out keys, which Redshift does not enforce: %s', (sql, expected) => {
    expect(translated(sql)).toBe(expected);
  });

  it.each([
    ['create table t (i int identity(1, 1))', 'IDENTITY in CREATE TABLE is not supported'],
    ['create table t (i int) backup no', 'BACKUP in CREATE TABLE is not supported'],
    ['alter table t add primary key (i)', 'PRIMARY in ALTER TABLE is not supported'],
    ['alter table t add constraint u unique (i)', 'UNIQUE in ALTER TABLE is not supported'],
    ['alter table t add foreign key (i) references u', 'FOREIGN in ALTER TABLE is not supported'],
    ['alter table t add column i int references u', 'REFERENCES in ALTER TABLE is not supported'],
  ])('refuses by name what it does not translate: %s', (sql, message) => {
    expect(() => planStatement(sql, [])).toThrow(message);
  });
});

describe('Other statements', () => {
  it.each(['select encode from t', 'update t set i = 1', 'create view v as select distkey from t', 'create', ''])(
    'stay as they are: %s',
    (sql) => {
      expect(translated(sql)).toBe(sql);
    },
  );
});

describe('A position that PostgreSQL reports', () => {
  it('is found again in the user SQL behind what was left out, bound and inserted', () => {
    // Prepare
    const sql = 'create table t (i int primary key encode az64, j int default :v, k wrong) diststyle all /* 😀 */';
    const plan = planStatement(sql, [{ name: 'v', value: '1' }]);
    if (plan.kind !== 'query') throw new Error('no query');
    const positionIn = (text: string, word: string) => [...text.slice(0, text.indexOf(word))].length + 1;

    // Act
    const positions = ['create', 'j int', 'k wrong', '/*'].map((word) => [
      plan.sql.originalPosition(positionIn(plan.sql.text, word)),
      positionIn(sql, word),
    ]);

    // Assess
    expect(plan.sql.text).toContain('i int NOT NULL');
    expect(plan.sql.text).toContain('default $1');
    for (const [found, expected] of positions) expect(found).toBe(expected);
  });
});

describe('COPY', () => {
  const copyOf = (sql: string) => {
    const plan = planStatement(sql, []);
    return plan.kind === 'copy' ? plan.copy : undefined;
  };

  it('is read with its options, in any order and spelling', () => {
    expect(copyOf("copy t from 's3://bucket/a/key.csv' iam_role 'arn:aws:iam::1:role/r' csv")).toEqual({
      table: 't',
      bucket: 'bucket',
      prefix: 'a/key.csv',
      roleArn: 'arn:aws:iam::1:role/r',
      ignoreHeader: 0,
      delimiter: ',',
    });
    const all = `/* load */ COPY "S".T (a, "B") FROM 's3://bucket' FORMAT AS CSV REGION AS 'eu-west-1'
      IGNOREHEADER AS 2 DELIMITER '\\t' IAM_ROLE 'r';`;
    expect(copyOf(all)).toEqual({
      schema: 'S',
      table: 't',
      columns: ['a', 'B'],
      bucket: 'bucket',
      prefix: '',
      roleArn: 'r',
      ignoreHeader: 2,
      delimiter: '\t',
      region: 'eu-west-1',
    });
  });

  const start = "copy t from 's3://b/k' iam_role 'r'";
  it.each([
    [`${start} csv gzip`, 'COPY option GZIP is not supported'],
    [`${start} csv maxerror 5`, 'COPY option MAXERROR is not supported'],
    [`${start} csv null as ''`, 'COPY option NULL is not supported'],
    [`${start} csv quote as '%'`, 'COPY option QUOTE is not supported'],
    [`${start} format as json 'auto'`, 'COPY FORMAT json is not supported'],
    [`${start} format parquet`, 'COPY FORMAT parquet is not supported'],
    [`${start} json 'auto'`, 'COPY option JSON is not supported'],
    [`${start}`, 'COPY without CSV is not supported'],
    ["copy t from 's3://b/k' csv", 'COPY without IAM_ROLE is not supported'],
    ["copy t from 's3://b/k' iam_role default csv", 'COPY option IAM_ROLE default is not supported'],
    ["copy t from 's3://b/k' iam_role 'r,s' csv", 'COPY option IAM_ROLE with a chain of roles is not supported'],
    ["copy t from 's3://b/k' credentials 'x' csv", 'COPY option CREDENTIALS is not supported'],
    ["copy t from 'emr://b/k' iam_role 'r' csv", 'COPY from other than s3:// is not supported'],
    ["copy t from 's3://b/k' iam_role 'r' csv delimiter ';;'", 'COPY delimiter must be a single character'],
    ["copy t from 's3://b/k' iam_role 'r' csv ignoreheader 'x'", `syntax error at or near "'x'"`],
    ["copy t to 's3://b/k' iam_role 'r' csv", 'syntax error at or near "to"'],
    ['copy t from stdin', 'syntax error at or near "stdin"'],
    ["copy t from program 'id'", 'syntax error at or near "program"'],
    ['copy', 'syntax error at end of input'],
    ["copy t from :source iam_role 'r' csv", 'syntax error at or near ":source"'],
  ])('refuses by name: %s', (sql, message) => {
    expect(() => planStatement(sql, [])).toThrow(message);
  });
});
