import { describe, expect, it } from 'vitest';
import { planStatement } from '../../../../src/redshift-data/sql/plan.ts';

/** Without the spaces that mean nothing. */
const tight = (sql: string): string =>
  sql
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([(),;]) ?/g, '$1')
    .trim();

/** The SQL that PostgreSQL gets. */
const translated = (sql: string): string => {
  const plan = planStatement(sql, []);
  if (plan.kind !== 'query') throw new Error(`planned as ${plan.kind}`);
  return tight(plan.sql.text);
};

describe('CREATE TABLE', () => {
  it.each([
    ['create table t (i int) diststyle even', 'create table t (i int)'],
    ['create table t (i int) DISTSTYLE KEY DISTKEY (i) SORTKEY (i)', 'create table t (i int)'],
    ['create table t (i int) compound sortkey (i, j)', 'create table t (i int)'],
    ['create table t (i int) interleaved sortkey(i) diststyle all;', 'create table t (i int);'],
    ['create table t (i int) sortkey auto encode auto', 'create table t (i int)'],
    ['create table t (i int distkey sortkey, v varchar(9) encode lzo)', 'create table t (i int, v varchar(9))'],
    ['create table t (i int encode az64 not null default 7)', 'create table t (i int not null default 7)'],
    ['create table t distkey(a) sortkey(b) as select 1 a, 2 b', 'create table t as select 1 a, 2 b'],
    ['create table t diststyle all as select distkey from u', 'create table t as select distkey from u'],
    ['create temp table if not exists s.t (i int encode raw)', 'create temp table if not exists s.t (i int)'],
    ['create table "distkey" ("sortkey" int)', 'create table "distkey" ("sortkey" int)'],
    ["create table t (v text default 'distkey')", "create table t (v VARCHAR(256) default 'distkey')"],
    ['create table t (v text default (unique_name))', 'create table t (v VARCHAR(256) default (unique_name))'],
    ['create table t (like u) diststyle all', 'create table t (like u)'],
  ])('leaves out how data is stored: %s', (sql, expected) => {
    expect(translated(sql)).toBe(tight(expected));
  });

  it.each([
    ['create table t (i int primary key)', 'create table t (i int NOT NULL)'],
    ['create table t (i int unique, j int)', 'create table t (i int, j int)'],
    ['create table t (i int references u, j int)', 'create table t (i int, j int)'],
    ['create table t (i int references s.u (a) not null)', 'create table t (i int not null)'],
    ['create table t (a int, b int, primary key (a, b))', 'create table t (a int NOT NULL, b int NOT NULL)'],
    ['create table t (A int, primary key ("a"))', 'create table t (A int NOT NULL)'],
    ['create table t (constraint k primary key (a), a int)', 'create table t (a int NOT NULL)'],
    ['create table t (primary key (a), unique (b), a int, b int)', 'create table t (a int NOT NULL, b int)'],
    ['create table t (a int unique, primary key (a), unique (a), b int)', 'create table t (a int NOT NULL, b int)'],
    ['create table t (a int, unique (a), b int)', 'create table t (a int, b int)'],
    ['create table t (a int, foreign key (a) references u (b))', 'create table t (a int)'],
  ])('leaves out keys, which Redshift does not enforce: %s', (sql, expected) => {
    expect(translated(sql)).toBe(tight(expected));
  });

  it.each([
    ['create table t (v varchar)', 'create table t (v VARCHAR(256))'],
    ['create table t (v character varying(max))', 'create table t (v VARCHAR(65535))'],
    ['create table t (v char, n decimal)', 'create table t (v char, n numeric(18, 0))'],
    ['create table t (v nvarchar(5), b bpchar)', 'create table t (v VARCHAR(5), b CHAR(256))'],
    ['create table #t (i int)', 'create TEMP table "#t" (i int)'],
    ['create temp table #t (i int)', 'create temp table "#t" (i int)'],
    [
      'create table t (i int identity(0, 1))',
      'create table t (i int GENERATED ALWAYS AS IDENTITY (START WITH 0 INCREMENT BY 1 MINVALUE 0))',
    ],
    ['create table t (i int) backup no', 'create table t (i int)'],
    ['alter table t add primary key (i)', 'alter table t SET (fillfactor = 100)'],
    ['alter table t add constraint u unique (i)', 'alter table t SET (fillfactor = 100)'],
    ['alter table t add foreign key (i) references u', 'alter table t SET (fillfactor = 100)'],
    ['alter table s.t alter column c encode zstd;', 'alter table s.t SET (fillfactor = 100);'],
    ['alter table t add column i varchar references u', 'alter table t add column i VARCHAR(256)'],
  ])('says as PostgreSQL says it: %s', (sql, expected) => {
    expect(translated(sql)).toBe(tight(expected));
  });
});

describe('Other statements', () => {
  it.each(['select encode from t', 'update t set i = 1', 'create view v as select distkey from t', 'create', ''])(
    'stay as they are: %s',
    (sql) => {
      expect(planStatement(sql, [])).toMatchObject({ sql: { text: sql } });
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
    const positions = ['create', 'j int', 'k wrong'].map((word) => [
      plan.sql.originalPosition(positionIn(plan.sql.text, word)),
      positionIn(sql, word),
    ]);

    // Assess
    expect(plan.sql.text).toContain('i int NOT NULL');
    expect(plan.sql.text).toContain('default $1');
    for (const [found, expected] of positions) expect(found).toBe(expected);
  });
});
