import type { Token } from './lexer.ts';
import { notInRedshift, notOnTheStage } from './refused.ts';
import { isText } from './token-reader.ts';

/** What PostgreSQL would take, in the words of SQL; a `*` stands for any token, `^` for the statement's beginning. */
const ONLY_POSTGRES = [
  ...['IS DISTINCT FROM', 'IS NOT DISTINCT FROM', '^ SAVEPOINT', '^ RELEASE', '^ ROLLBACK TO', '^ ROLLBACK WORK TO'],
  ...['^ ROLLBACK TRANSACTION TO', 'ON CONFLICT', 'SELECT DISTINCT ON', ') FILTER (', 'LATERAL (', 'ARRAY [', '[ ]'],
  ...[
    'TABLESAMPLE',
    'CREATE INDEX',
    'CREATE UNIQUE INDEX',
    'CREATE SEQUENCE',
    'CREATE TEMP SEQUENCE',
    'CREATE TRIGGER',
  ],
  ...['CREATE CONSTRAINT TRIGGER', 'CREATE TYPE', 'CREATE DOMAIN', 'CREATE RULE', 'CREATE OR REPLACE RULE'],
  ...[
    'CREATE EXTENSION',
    'CREATE AGGREGATE',
    'CREATE OPERATOR',
    'CREATE CAST',
    'CREATE COLLATION',
    'CREATE UNLOGGED TABLE',
  ],
  ...['CREATE EVENT TRIGGER', 'CREATE STATISTICS', 'CREATE PUBLICATION', 'CREATE POLICY', 'CREATE TABLESPACE'],
  ...['^ DO', '^ LISTEN', '^ NOTIFY', '^ UNLISTEN', '^ REINDEX', '^ CLUSTER', '^ DISCARD', '^ VALUES', '^ TABLE'],
  ...[
    '^ LOAD',
    '^ REASSIGN',
    '^ CHECKPOINT',
    '^ REFRESH MATERIALIZED VIEW CONCURRENTLY',
    '^ IMPORT FOREIGN',
    '^ DROP INDEX',
  ],
  ...[
    '^ ALTER INDEX',
    '^ ALTER SEQUENCE',
    '^ ALTER TYPE',
    '^ CREATE RECURSIVE',
    'WITH ORDINALITY',
    'AS MATERIALIZED (',
  ],
  ...['AS NOT MATERIALIZED (', '( VALUES', 'FETCH FIRST', 'FOR UPDATE', 'FOR SHARE', 'GROUPS BETWEEN', 'RANGE BETWEEN'],
  ...['RANGE UNBOUNDED', 'MERGE WITH', 'ANY ( ARRAY', "ANY ( '", 'COLLATE "', 'COLLATE PG_CATALOG', 'AT LOCAL'],
];

/** What Redshift would take. */
const NOT_ON_THE_STAGE = [
  ...['IGNORE NULLS', 'REMOVE DUPLICATES', 'CREATE EXTERNAL', '^ CREATE USER', '^ CREATE GROUP', '^ CREATE ROLE'],
  ...['^ CREATE DATABASE', '^ CREATE DATASHARE', '^ CREATE LIBRARY', '^ CREATE MODEL', '^ CREATE IDENTITY PROVIDER'],
  ...[
    '^ ALTER USER',
    '^ ALTER GROUP',
    '^ ALTER ROLE',
    '^ ALTER DATABASE',
    '^ ALTER DATASHARE',
    '^ DROP USER',
    '^ DROP GROUP',
  ],
  ...[
    '^ DROP ROLE',
    '^ DROP DATABASE',
    'ASSUMEROLE',
    '^ ANALYZE COMPRESSION',
    'APPROXIMATE PERCENTILE_DISC',
    'PIVOT (',
  ],
  ...[
    'UNPIVOT (',
    'CONNECT BY',
    'START WITH PRIOR',
    '^ SHOW TABLES',
    '^ SHOW SCHEMAS',
    '^ SHOW DATABASES',
    '^ SHOW COLUMNS',
  ],
  ...[
    '^ SHOW TABLE',
    '^ SHOW VIEW',
    '^ SHOW PROCEDURE',
    '^ SHOW GRANTS',
    '^ CANCEL',
    '^ USE',
    '^ CREATE MASKING',
    '^ ATTACH',
  ],
  ...['^ DETACH', 'EXCLUDE (', 'CREATE RLS', '^ ALTER DEFAULT PRIVILEGES', '^ ALTER SYSTEM'],
];

interface Pattern {
  readonly name: string;
  readonly fromStart: boolean;
  readonly words: readonly string[];
}

const patterns = (texts: readonly string[]): Pattern[] =>
  texts.map((text) => {
    const name = text.replace(/^\^ /, '');
    return { name, fromStart: name !== text, words: name.split(' ') };
  });

const ABSENT = patterns(ONLY_POSTGRES);
const UNSUPPORTED = patterns(NOT_ON_THE_STAGE);

/**
 * Refuses what would be understood otherwise than in Redshift, by name.
 *
 * @param tokens of the statement as the user wrote it
 * @throws RedshiftError
 */
export const refuse = (tokens: readonly Token[]): void => {
  const absent = ABSENT.find((pattern) => isIn(tokens, pattern));
  if (absent) throw notInRedshift(readable(absent));
  const unsupported = UNSUPPORTED.find((pattern) => isIn(tokens, pattern));
  if (unsupported) throw notOnTheStage(readable(unsupported));
  refuseReturning(tokens);
  refuseGenerateSeries(tokens);
  refuseUnframedWindows(tokens);
  if (isText(tokens[0], 'GRANT') || isText(tokens[0], 'REVOKE')) refuseGrant(tokens);
};

const readable = ({ name }: Pattern): string => name.replaceAll(/ \($| "$| '$|^[()] | \[$/g, '').trim();

const isIn = (tokens: readonly Token[], { fromStart, words }: Pattern): boolean => {
  const startsAt = (i: number) => words.every((word, n) => matches(tokens[i + n], word));
  return fromStart ? startsAt(0) : tokens.some((token, i) => matches(token, words[0] as string) && startsAt(i));
};

const matches = (token: Token | undefined, word: string): boolean => {
  if (word === '"') return token?.kind === 'identifier';
  if (word === "'") return token?.kind === 'string';
  return isText(token, word);
};

const refuseReturning = (tokens: readonly Token[]): void => {
  const isChange = ['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'WITH'].some((word) => isText(tokens[0], word));
  if (isChange && tokens.some((token, i) => isText(token, 'RETURNING') && !isText(tokens[i - 1], '.')))
    throw notInRedshift('RETURNING');
};

/** It runs on the leader node only, which knows no tables. */
const refuseGenerateSeries = (tokens: readonly Token[]): void => {
  if (!tokens.some((token, i) => isText(token, 'GENERATE_SERIES') && isText(tokens[i + 1], '('))) return;
  const sources = tokens.filter((_, i) => ['FROM', 'JOIN'].some((word) => isText(tokens[i - 1], word)));
  const isAlone = isText(tokens[0], 'SELECT') && sources.every((token) => isText(token, 'GENERATE_SERIES'));
  if (!isAlone || tokens.some((token) => isText(token, 'INTO')))
    throw notInRedshift('generate_series in a query of tables');
};

const FRAMED = [
  'SUM',
  'AVG',
  'COUNT',
  'MIN',
  'MAX',
  'FIRST_VALUE',
  'LAST_VALUE',
  'NTH_VALUE',
  'STDDEV',
  'STDDEV_SAMP',
].concat(['STDDEV_POP', 'VARIANCE', 'VAR_SAMP', 'VAR_POP']);

/** An order in a window without a frame means another frame in PostgreSQL; Redshift refuses it. */
const refuseUnframedWindows = (tokens: readonly Token[]): void => {
  for (const [i, token] of tokens.entries()) {
    if (!isText(token, 'OVER') || !isText(tokens[i + 1], '(') || !FRAMED.includes(calleeBefore(tokens, i))) continue;
    const window = insideParentheses(tokens, i + 1);
    const has = (word: string) => window.some((part) => isText(part, word));
    if (has('ORDER') && !has('ROWS'))
      throw notInRedshift('an aggregate window function with an ORDER BY clause and without a frame clause');
  }
};

const insideParentheses = (tokens: readonly Token[], open: number): readonly Token[] => {
  let depth = 0;
  for (let i = open; i < tokens.length; i += 1) {
    if (isText(tokens[i], '(')) depth += 1;
    if (isText(tokens[i], ')')) depth -= 1;
    if (depth === 0) return tokens.slice(open + 1, i);
  }
  return tokens.slice(open + 1);
};

const calleeBefore = (tokens: readonly Token[], over: number): string => {
  let depth = 0;
  for (let i = over - 1; i >= 0; i -= 1) {
    if (isText(tokens[i], ')')) depth += 1;
    if (isText(tokens[i], '(')) depth -= 1;
    if (depth === 0) return tokens[i - 1]?.text.toUpperCase() ?? '';
  }
  return '';
};

const refuseGrant = (tokens: readonly Token[]): void => {
  const role = tokens.findIndex(
    (token, i) => isText(token, 'ROLE') && ['TO', 'FROM', ','].some((word) => isText(tokens[i - 1], word)),
  );
  if (role >= 0) throw notOnTheStage('GRANT or REVOKE with ROLE');
  if (
    tokens.some(
      (token, i) =>
        isText(token, 'FOR') &&
        i > 0 &&
        !isText(tokens[i - 1], 'GRANT') &&
        !isText(tokens[i - 1], 'OPTION') &&
        !isText(tokens[i + 1], 'FOREIGN'),
    ) &&
    !isText(tokens[1], 'GRANT')
  )
    throw notOnTheStage('GRANT or REVOKE FOR objects in a schema');
  if (tokens.some((token) => isText(token, 'DATASHARE'))) throw notOnTheStage('GRANT or REVOKE on a DATASHARE');
};
