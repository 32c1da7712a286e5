import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizedSql, sha256, shortSql, withoutCredentials, workHash } from '../../src/sql-text.ts';
import { anyText } from '../helpers/arbitraries.ts';
import { CANARIES } from '../helpers/canaries.ts';

const SECRET = CANARIES.credential;

describe('the short SQL', () => {
  it('is one line of at most 256 characters', () => {
    expect(shortSql('  select 1,\n\t 2  ')).toBe('select 1, 2');
    expect(shortSql('x'.repeat(256))).toBe('x'.repeat(256));
    expect(shortSql('x'.repeat(257))).toBe(`${'x'.repeat(255)}…`);
  });

  it('is made of the first 16,384 characters', () => {
    expect(shortSql(`a${' '.repeat(16_382)}bc`)).toBe('a b');
  });

  it('is one short line, whatever the SQL', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 400 }), (sql) => {
        expect(shortSql(sql).length).toBeLessThanOrEqual(256);
        expect(shortSql(sql)).not.toMatch(/[\n\r\t]/);
      }),
    );
  });

  it('is made fast of the longest and most awkward SQL', () => {
    const awkward = [
      "password ''".repeat(20_000),
      `password ${' '.repeat(200_000)}`,
      `password ${'/*'.repeat(100_000)}`,
    ];

    for (const sql of awkward) expect(shortSql(sql).length).toBeLessThanOrEqual(256);
  });
});

describe('SQL without credentials', () => {
  it.each([
    `alter user etl password '${SECRET}'`,
    `ALTER USER etl PASSWORD '${SECRET}' VALID UNTIL '2030-01-01'`,
    `alter user etl password 'it''s ${SECRET}'`,
    `alter user etl password E'\\'${SECRET}'`,
    `alter user etl password $$${SECRET}$$`,
    `alter user etl password $tag$${SECRET}$tag$`,
    `alter user etl password /* comment */ '${SECRET}'`,
    `alter user etl password -- comment\n '${SECRET}'`,
    `alter user etl password '${SECRET}`,
    `alter user etl password '${SECRET}\\`,
    `alter user etl password 'two\\ ${SECRET}'`,
    `alter user etl password $$two ${SECRET}$$`,
    `alter user etl password $x$${SECRET}`,
    `alter user etl password /* a * b ** c */ '${SECRET}'`,
    `alter user etl password -- ' \n--\n'${SECRET}'`,
    `copy t from 's3://b/k' aws_secret_access_key '${SECRET}'`,
    `insert into log values ('alter user etl password ''two ${SECRET}''')`,
    `copy t from 's3://b/k' credentials 'aws_access_key_id=A;aws_secret_access_key=${SECRET}'`,
    `copy t from 's3://b/k' access_key_id 'A' secret_access_key '${SECRET}' session_token '${SECRET}'`,
    `unload ('select 1') to 's3://b' master_symmetric_key '${SECRET}'`,
    `create external schema s from mysql uri 'h' secret_access_key as '${SECRET}'`,
    `insert into log values ('alter user etl password ''${SECRET}''')`,
  ])('%s', (sql) => {
    expect(withoutCredentials(sql)).not.toContain(SECRET);
    expect(withoutCredentials(sql)).toContain("'***'");
    expect(shortSql(sql)).not.toContain(SECRET);
  });

  it.each([
    [`alter user etl password 'secret' createdb`, "alter user etl password '***' createdb"],
    [`alter user etl password '' createdb`, "alter user etl password '***' createdb"],
    [`alter user etl password ''`, "alter user etl password '***'"],
    [`alter user etl password $x$secret$$ $x$ createdb`, "alter user etl password '***' createdb"],
    [`do 'alter user etl password ''secret'' createdb' now`, "do 'alter user etl password '***' createdb' now"],
    [`values ('password ''''secret'''' x', 'y')`, "values ('password '***' x', 'y')"],
  ])('%s keeps all but the credential', (sql, shown) => {
    expect(withoutCredentials(sql)).toBe(shown);
  });

  it('never shows a credential, whatever it is made of', () => {
    const secret = fc.string({ minLength: 8 }).map((text) => `q7Z${text.replaceAll("'", "''").replaceAll('\\', '')}`);
    fc.assert(
      fc.property(secret, (text) => {
        expect(withoutCredentials(`alter user etl password '${text}' createdb`)).not.toContain('q7Z');
      }),
    );
  });

  it.each(["select 'value' from t", 'select password from users', "select '***'", ''])('%s is left as it is', (sql) => {
    expect(withoutCredentials(sql)).toBe(sql);
  });
});

describe('the normalized SQL', () => {
  it.each([
    ['blanks', ' select\n\t1  ,2 ', 'select 1 ,2'],
    ['letter case', 'SELECT A', 'select a'],
    ['comments', '/* run 1 */ select 1 -- now\n, 2', 'select 1 , 2'],
    ['a comment that is cut off', 'select 1 /* run', 'select 1'],
    ['semicolons at the end', 'select 1 ; ;', 'select 1'],
    ['anything where it is nothing', ' ; ', ''],
    ['blanks around, where it has a backslash', "  select '\\'\n", "select '\\'"],
  ])('is without %s', (_what, sql, expected) => {
    expect(normalizedSql(sql)).toBe(expected);
  });

  it.each([
    ['a literal', "select 'A  b -- '' /* c'"],
    ['a literal that is cut off', "select 'A  B"],
    ['a quoted name', 'select "A  ""b"'],
    ['a quoted name that is cut off', 'select "A  B'],
    ['a text in dollars', "select $Q$ A  'b $Q$"],
    ['a text in dollars with a longer tag', 'select $tag$ A  B $tag$'],
    ['a text in dollars that is cut off', 'select $q$ A  B'],
    ['a text in dollars without a tag', 'select $$ A  $Q$ $$'],
    ['a parameter', 'select :day, $1'],
    ['a text with a backslash', "SELECT 'a\\'  ;"],
    ['semicolons inside', 'select 1; select 2'],
  ])('leaves %s as it is', (_what, sql) => {
    expect(normalizedSql(sql)).toBe(sql);
  });

  it('is normal', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(normalizedSql(normalizedSql(text))).toBe(normalizedSql(text));
      }),
    );
  });

  it.each([' ', "'", '"', '$', '$a', '--', '/*', ';', '- ', '; a'])('of 200 KB of %j is made at once', (piece) => {
    const sql = `${piece.repeat(200_000 / piece.length)}x`;

    // A square of 200,000 steps would exceed the test's time limit by far.
    expect(normalizedSql(sql).length).toBeLessThanOrEqual(sql.length);
  });
});

describe('the hash of the work', () => {
  it('tells whether two requests ask for the same', () => {
    expect(workHash('select 1', { a: '1', b: '2' })).toBe(workHash('select 1', { b: '2', a: '1' }));
    expect(workHash('select 1', {})).not.toBe(workHash('select 2', {}));
    expect(workHash('select 1', { a: '1' })).not.toBe(workHash('select 1', { a: '2' }));
    expect(workHash('select 1', { a: 'b' })).not.toBe(workHash('select 1', { b: 'a' }));
  });
});

describe('a hash of parts', () => {
  it('keeps lists apart that hold the same characters', () => {
    const parts = fc.array(fc.oneof(fc.string(), fc.integer()));
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        expect(sha256(...one) === sha256(...other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
    expect(sha256('a', 'b')).not.toBe(sha256('ab'));
  });

  it('does not change between versions: keys and client tokens are made of it', () => {
    expect(sha256('clientToken', 'o', 1)).toBe('f76395cf81419d752d7e8b90bc0a485356442b5b9cbd7b3fd34439b9725ce6e8');
  });
});
