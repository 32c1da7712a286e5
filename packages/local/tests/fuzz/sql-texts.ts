import fc from 'fast-check';

/** What ordinary clients send: the material that mutations are made of. */
const STATEMENTS = [
  'select 1',
  "select getdate(), sysdate, nvl(null, 1), nvl2(1, 2, 3), decode(1, 1, 'a', 'b')",
  "select dateadd(day, 1, '2020-02-28'::date), datediff(month, '2020-01-01', '2020-02-28')",
  "select listagg(t, ',') within group (order by t) from f",
  'select top 10 i, i + 1 as j, j * 2 as k from f order by i desc',
  'select i, row_number() over (partition by t order by i) as r from f x qualify r = 1',
  'create table f2 (i bigint identity(1, 1) distkey, t varchar(max) encode zstd, primary key (i)) diststyle key sortkey (i)',
  'create temp table #tmp (i int) diststyle all',
  "insert into f values (1, 'a'), (2, 'é😀'), (:p, :q)",
  "update f set t = 'x' where i between :p and 10 and t like '%\\_%'",
  'delete from f using f2 where f.i = f2.i',
  'with a as (select i from f), b as (select * from a) select * from b union all select 2 order by 1 limit 5 offset 1',
  "merge into f using f2 on f.i = f2.i when matched then update set t = f2.t when not matched then insert values (1, 'x')",
  "copy f from 's3://bucket/key' iam_role 'arn:aws:iam::123456789012:role/loader' csv gzip ignoreheader 1 delimiter '|'",
  "unload ('select ''a'' from f') to 's3://bucket/out_' iam_role default format csv header parallel off",
  'select json_parse(\'{"a": [1, 2]}\') as s, s.a[0]::int',
  'truncate f',
  'vacuum full f',
  'analyze f',
  'create or replace procedure p(a int, out b int) as $$ begin b := a + 1; end; $$ language plpgsql',
  'call p(1)',
  'grant select on f to group g',
  'alter table f add column z int default 1 encode raw',
  'begin; select 1; commit',
  'set search_path to public',
  'show tables',
  'explain select * from f',
  'drop table if exists f cascade',
  `select case when i > 1 then 'a' else 'b' end, cast(i as varchar(3)), convert(int, '1') from f /* c */ -- d`,
];

const WORDS = (
  'select from where group by having order limit union all distinct top qualify over partition insert into values update set ' +
  'delete create table temp view drop alter add column primary key distkey sortkey encode diststyle identity varchar max char ' +
  'super timestamp copy unload iam_role csv json format as in is not null and or case when then else end cast convert nvl decode ' +
  'dateadd datediff listagg within merge using matched call procedure begin commit rollback truncate vacuum getdate sysdate f i t'
).split(' ');
const MARKS = [
  '(',
  ')',
  ',',
  ';',
  '.',
  '*',
  "'",
  '"',
  '$$',
  '$1',
  '$a$',
  '::',
  ':p',
  ':q',
  ':',
  '[',
  ']',
  '#',
  '--',
  '/*',
  '*/',
];
const ODD = [
  '\0',
  '\u2028',
  '\ud800',
  '\ufeff',
  '😀',
  'é',
  '\\',
  '\r',
  '\t',
  "e'\\",
  'U&"',
  '1e999',
  '0x',
  '9'.repeat(400),
];

const piece = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 4, arbitrary: fc.constantFrom(...MARKS) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: fc.integer().map(String) },
);
const soup = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(' '));

/** A statement with a stretch left out, replaced, doubled, or with a piece put in. */
const mutated = fc
  .tuple(
    fc.constantFrom(...STATEMENTS),
    fc.nat(200),
    fc.nat(20),
    piece,
    fc.constantFrom('drop', 'put', 'double', 'cut'),
  )
  .map(([sql, at, length, text, mutation]) => {
    const start = at % sql.length;
    const [before, middle, after] = [sql.slice(0, start), sql.slice(start, start + length), sql.slice(start + length)];
    if (mutation === 'drop') return before + after;
    if (mutation === 'put') return `${before} ${text} ${middle}${after}`;
    return mutation === 'double' ? before + middle + middle + after : before;
  });

const [LONG, DEEP] = [20_000, 3000];
const nested = fc
  .tuple(
    fc.constantFrom(
      ['(', '1', ')'],
      ['nvl(', '1', ', 1)'],
      ['case when true then ', '1', ' else 2 end'],
      ['/*', 'x', '*/'],
      ['(select ', '1', ')'],
      ['[', '0', ']'],
      ['"', 'a', '"'],
      ["'", 'a', "'"],
    ),
    fc.nat(DEEP),
  )
  .map(([[open, inner, close], depth]) => `select ${open?.repeat(depth)}${inner}${close?.repeat(depth)}`);
const long = fc
  .tuple(fc.constantFrom('1, ', "'", ' ', ';', '1 + ', ':p ', 'a.', '- ', 'union select 1 ', '😀'), fc.nat(LONG))
  .map(([text, count]) => `select ${text.repeat(Math.min(count, Math.floor(150_000 / text.length / 4)))}1`);

export const sqlText = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...STATEMENTS) },
  { weight: 6, arbitrary: mutated },
  { weight: 4, arbitrary: soup },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  { weight: 1, arbitrary: nested },
  { weight: 1, arbitrary: long },
);
