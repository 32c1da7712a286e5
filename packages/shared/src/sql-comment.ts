import { MAX_SQL_BYTES } from './sql-text.ts';
import { type Thread, type Threaded, threadOf } from './thread.ts';
import type { TrackingItem } from './tracking-item.ts';

/** Of each value; names of executions and states have 80. */
const MAX_VALUE_LENGTH = 80;

/**
 * All but letters, digits, blanks, `_`, `.` and `-`. So nothing in a value ends the comment, begins another, or looks like a parameter, which
 * the Data API writes with a colon, its driver with a question mark, and PostgreSQL with a dollar.
 */
const UNSAFE = /[^\p{L}\p{N} _.-]/gu;

const KEYS = {
  executionName: 'execution',
  stateName: 'state',
  stackName: 'stack',
  logicalResourceId: 'resource',
  invocationKey: 'key',
} as const satisfies Record<keyof Thread, string>;

/**
 * The comment that goes before a statement's SQL, since nothing else of ours is in Redshift's query history. Undefined where
 * the SQL is so long that the two, in a batch together with the others, are more than the Data API takes.
 */
export const sqlCommentOf = (item: Threaded, ...sqls: readonly string[]): string | undefined => {
  const thread = threadOf(item);
  const pairs = Object.entries(KEYS).flatMap(([name, key]) => {
    const value = thread[name as keyof Thread];
    return value === undefined ? [] : [`${key}=${safe(value)}`];
  });
  const comment = `/* sfn-redshift ${pairs.join(', ')} */`;
  const bytes = sqls.map((sql) => Buffer.byteLength(withSqlComment({ sqlComment: comment }, sql)));
  return bytes.reduce((sum, count) => sum + count, 0) <= MAX_SQL_BYTES ? comment : undefined;
};

const safe = (value: string): string => [...value].slice(0, MAX_VALUE_LENGTH).join('').replace(UNSAFE, '_');

/** The SQL as it is sent. The item keeps its comment, so that every try of it sends the same bytes under its ClientToken. */
export const withSqlComment = ({ sqlComment }: Pick<TrackingItem, 'sqlComment'>, sql: string): string =>
  sqlComment === undefined ? sql : `${sqlComment}\n${sql}`;

/** The user's own SQL, of what was sent. */
export const ownSql = ({ sqlComment }: Pick<TrackingItem, 'sqlComment'>, sent: string): string => {
  const before = withSqlComment({ sqlComment }, '');
  return sent.startsWith(before) ? sent.slice(before.length) : sent;
};

/** Before the place where the database has found a fault, counted from the beginning of what was sent. */
const POSITION = '\n  Position: ';

/** An error text whose position counts from the beginning of the user's own SQL. */
export const withOwnPosition = ({ sqlComment }: Pick<TrackingItem, 'sqlComment'>, errorText: string): string => {
  // The last: a value that is quoted before it may look like one.
  const at = errorText.lastIndexOf(POSITION);
  if (sqlComment === undefined || at < 0) return errorText;
  const [before, after] = [errorText.slice(0, at + POSITION.length), errorText.slice(at + POSITION.length)];
  const [digits = ''] = /^\d{1,7}(?!\d)/.exec(after) ?? [];
  const position = Number(digits) - [...sqlComment].length - 1;
  return position > 0 ? `${before}${position}${after.slice(digits.length)}` : errorText;
};
