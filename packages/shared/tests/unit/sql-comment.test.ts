import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortSql, sqlCommentOf, withOwnPosition, withSqlComment } from '../../src/index.ts';
import { MAX_SQL_BYTES } from '../../src/sql-text.ts';

const KEY = '5f2b8c1d9e3a4f60718293a4b5c6d7e8';
const MACHINE = 'arn:aws:states:eu-central-1:123456789012:execution:load';
const attemptIn = (state: string) => ({ state, enteredTime: '2026-11-26T08:00:00Z', retryCount: 0, redriveCount: 0 });
const ITEM = { owner: `${MACHINE}:nightly-1`, invocationKey: KEY, attempt: attemptIn('Load sales') };
const COMMENT = `/* sfn-redshift execution=nightly-1, state=Load sales, key=${KEY} */`;

describe('the comment before a statement', () => {
  it('tells execution, state and invocation key', () => {
    expect(sqlCommentOf(ITEM, 'select 1')).toBe(COMMENT);
  });

  it('of a resource tells stack and logical id', () => {
    const owner = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/Warehouse/0d4f7f8e/Orders';

    expect(sqlCommentOf({ owner, invocationKey: KEY }, 'select 1')).toBe(
      `/* sfn-redshift stack=Warehouse, resource=Orders, key=${KEY} */`,
    );
  });

  it('of a request that names neither tells the key', () => {
    expect(sqlCommentOf({ owner: 'adhoc-1', invocationKey: KEY }, 'select 1')).toBe(`/* sfn-redshift key=${KEY} */`);
  });

  it('is one comment, without parameters, on one line, and short, whatever the names hold', () => {
    const nasty = fc.string({
      unit: fc.oneof(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        fc.constantFrom(...'*/:?$;\'"\\{}=\n-ä'),
      ),
    });
    fc.assert(
      fc.property(nasty, nasty, (execution, state) => {
        const owner = `${MACHINE}:${execution}`;
        const comment = sqlCommentOf({ ...ITEM, owner, attempt: attemptIn(state) }, 'select 1') ?? '';

        expect(comment).toMatch(/^\/\* sfn-redshift (?:execution=[^=]*, )?state=[^=]*, key=[0-9a-f]{32} \*\/$/);
        expect(comment.slice(2, -2)).not.toMatch(/[*/:?$;'"\\{}\p{Cc}\p{Cs}]/u);
        expect([...comment].length).toBeLessThan(300);
      }),
    );
  });

  it('is left out where the SQL leaves no room for it', () => {
    const room = MAX_SQL_BYTES - COMMENT.length - 1;

    expect(sqlCommentOf(ITEM, 'ä'.repeat(room / 2))).toBe(COMMENT);
    expect(sqlCommentOf(ITEM, `${'x'.repeat(room + 1)}`)).toBeUndefined();
  });

  it('goes before the SQL, on a line of its own; without it the SQL is sent as it is', () => {
    expect(withSqlComment({ sqlComment: COMMENT }, 'select 1')).toBe(`${COMMENT}\nselect 1`);
    expect(withSqlComment({}, 'select 1')).toBe('select 1');
    expect(shortSql('select 1')).toBe('select 1');
  });
});

describe('the position in an error text', () => {
  const sqlComment = '/* sfn-redshift state=Lädén 𝛼 */';
  const added = [...sqlComment].length + 1;
  const at = (position: number) => `ERROR: syntax error at or near "x"\n  Position: ${position}`;

  it("counts from the beginning of the user's SQL", () => {
    expect(withOwnPosition({ sqlComment }, at(added + 12))).toBe(at(12));
    expect(withOwnPosition({ sqlComment }, `${at(added + 1)}\n  Where: somewhere`)).toBe(
      `${at(1)}\n  Where: somewhere`,
    );
  });

  it('stays as it is where no comment was sent, or it is not after that', () => {
    expect(withOwnPosition({}, at(500))).toBe(at(500));
    expect(withOwnPosition({ sqlComment }, at(added))).toBe(at(added));
    expect(withOwnPosition({ sqlComment }, 'ERROR: Position: 500')).toBe('ERROR: Position: 500');
  });

  it('is the last part that says so: values may look like one', () => {
    const text = (last: number) => `ERROR: no\n  Detail: Key (a)=(\n  Position: 900\n) is there.\n  Position: ${last}`;

    expect(withOwnPosition({ sqlComment }, text(added + 3))).toBe(text(3));
  });

  it('is found in a time that does not explode', () => {
    const text = `ERROR: ${'\n  Position: 9'.repeat(2_000)}`;
    expect(withOwnPosition({ sqlComment }, text)).toHaveLength(text.length);
  });
});
