import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RedshiftError } from '../../../../src/redshift-data/errors.ts';
import { significantTokens, tokenize } from '../../../../src/redshift-data/sql/lexer.ts';
import { bindParameters, unusedParameters } from '../../../../src/redshift-data/sql/parameters.ts';
import { planStatement } from '../../../../src/redshift-data/sql/plan.ts';
import { hasSeveralStatements, isBlank } from '../../../../src/redshift-data/sql/statement-shape.ts';

const FRAGMENTS = [
  'select',
  'create table t (',
  ')',
  'copy',
  '(',
  ',',
  ';',
  "'",
  "''",
  '"',
  '--',
  '\n',
  '/*',
  '*/',
  '$$',
  '$a$',
  ':',
  '::',
  ':name',
  'E',
  '\\',
  '😀',
  'é',
  ' ',
  '1.5e3',
  'encode',
  'primary key',
  'distkey',
  'references',
  'x',
];
const sqlText = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 30 }).map((parts) => parts.join(''));

describe('Tokens', () => {
  it('are the SQL again, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(sqlText, fc.string({ unit: 'binary' })), (sql) => {
        expect(
          tokenize(sql)
            .map(({ text }) => text)
            .join(''),
        ).toBe(sql);
      }),
    );
  });

  it.each([
    ["'it''s :a' :b", ["'it''s :a'", ':b']],
    ["E'\\':a' :b", ["E'\\':a'", ':b']],
    ['$x$ ; :a $x$ :b', ['$x$ ; :a $x$', ':b']],
    ['"a"";b" :c', ['"a"";b"', ':c']],
    ['/* /* :a */ ; */ :b', [':b']],
    ['a::int := :b', ['a', '::', 'int', ':=', ':b']],
  ])('of %s', (sql, texts) => {
    expect(significantTokens(sql).map(({ text }) => text)).toEqual(texts);
  });
});

describe('A plan', () => {
  it('is made, or refused with an error text, whatever the SQL is', () => {
    fc.assert(
      fc.property(sqlText, (sql) => {
        try {
          planStatement(sql, [{ name: 'name', value: 'v' }]);
        } catch (error) {
          expect(error).toBeInstanceOf(RedshiftError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('Parameters', () => {
  it('are numbered by their uses', () => {
    const sql = 'select :a, :b, :a, \':a\', "x:a", 1::a -- :a';
    const { edits, values } = bindParameters(sql, [
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ]);
    expect(values).toEqual(['1', '2', '1']);
    expect(edits.map(({ replacement }) => replacement)).toEqual(['$1', '$2', '$3']);
  });

  it('that only literals and comments mention are unused', () => {
    const parameters = ['a', 'b', 'c'].map((name) => ({ name, value: 'v' }));
    expect(unusedParameters("select ':a' /* :b */ where x = :c", parameters)).toEqual(['a', 'b']);
  });
});

describe('Several statements', () => {
  it.each(['select 1; select 2', ';select 1;;select 2', "select ';'; x"])('are seen: %s', (sql) => {
    expect(hasSeveralStatements(sql)).toBe(true);
  });

  it.each(['select 1', 'select 1;', ';;select 1;; -- ; x', 'select \';\' from ";"', '$$ a; b $$'])(
    'are not seen: %s',
    (sql) => {
      expect(hasSeveralStatements(sql)).toBe(false);
    },
  );
});

describe('Blank SQL', () => {
  it('has nothing but space, comments and semicolons', () => {
    expect([' ; /* x */ -- y', '', 'x'].map(isBlank)).toEqual([true, true, false]);
  });
});
