import { foundIn, swiftly, text } from '@sfn-redshift/fuzz';
import fc from 'fast-check';
import { failureOf, shortSql, type TaskResult } from '../../src/index.ts';
import { CANARIES, STATEMENT_ID } from '../helpers/canaries.ts';
import { STATEMENT_NAME } from '../helpers/examples.ts';
import { mustEqual } from './verdicts.ts';

const SECRET = CANARIES.credential;

const keyword = fc.constantFrom('password', 'PASSWORD', 'secret_access_key', 'credentials', 'session_token');
const gap = fc
  .array(fc.constantFrom(' ', '\n', '\t', '/* why */', '-- why\n', 'as ', '= ', ': '), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''));
const literal = fc.constantFrom(
  `'${SECRET}'`,
  `'it''s ${SECRET}'`,
  `E'\\'${SECRET}'`,
  `$$${SECRET}$$`,
  `$x$${SECRET}$x$`,
);
const filler = fc.oneof(text, fc.constantFrom(' ', "''", "select 'a'", '/*', '--\n', '$$', 'password ', "\\'"));

/** A credential given as SQL gives one, with anything around it but what would make it a part of something else. */
const sqlWithCredential = fc
  .tuple(fc.array(text, { maxLength: 3 }), keyword, gap, literal, fc.array(filler, { maxLength: 4 }))
  .map(([before, word, between, secret, after]) =>
    [withoutMarks(before.join(' ')), word + between + secret, ...after].join(' '),
  );

const withoutMarks = (given: string): string => given.replace(/['"$\\]|--|\/\*/g, '');

/** Redshift's text, as long as any. */
const errorText = fc
  .tuple(fc.oneof(sqlWithCredential, fc.constant('')), filler, fc.integer({ min: 0, max: 3_000 }))
  .map(([sql, part, times]) => `${sql} ${part.repeat(times)}`.slice(0, 200_000));

/** A credential in SQL is never in what is told of that SQL. */
export const credentials = fc.property(sqlWithCredential, (sql) => {
  mustEqual(
    [],
    foundIn(
      swiftly(() => shortSql(sql)),
      [SECRET],
    ),
  );
});

/** A failure is what Step Functions takes, in time, and without a credential, whatever Redshift has said. */
export const causes = fc.property(errorText, sqlWithCredential, (said, sql) => {
  const failure = swiftly(() => failureOf({ ...evidenceOf(sql), errorText: said }));
  mustEqual([], foundIn(JSON.stringify(failure), [SECRET]));
  mustBeTaken(failure);
});

const evidenceOf = (sql: string) => ({
  state: 'FAILED' as const,
  statementId: STATEMENT_ID,
  statementName: STATEMENT_NAME,
  shortSql: shortSql(sql),
  thread: { invocationKey: '5f2b' },
  time: '2026-11-26T08:00:00Z',
});

const mustBeTaken = (result: TaskResult): void => {
  if (result.type !== 'failure') throw new Error('it is a success');
  if (result.cause.length > 32_768) throw new Error(`the cause has ${result.cause.length} characters`);
  JSON.parse(result.cause);
};
