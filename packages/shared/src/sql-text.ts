import { createHash } from 'node:crypto';

/** The Data API's limit (Using the Amazon Redshift Data API): 200 KB of SQL. */
export const MAX_SQL_BYTES = 200 * 1024;

/** Length of the text that items, causes and logs carry instead of the SQL: enough to recognise it, cheap to store. */
const SHORT_SQL_LENGTH = 256;

/** As much of the SQL is read to make the short text; spares us a search through 200 KB. */
const READ_LENGTH = 16_384;

/** What Redshift SQL writes before a literal that holds a credential. PARAMETERS: of an identity provider, its client secret. */
const KEYWORD =
  /\b\w*(?:password|credentials|access_key_id|secret_access_key|session_token|master_symmetric_key|client_secret|parameters)/;

/** What may stand between the two: blanks, comments, `AS`, an operator, the end of a quoted name, the `E` of an escape literal. */
const GAP = /(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/|as\b|[:=>"]|e(?='))*/;

/**
 * A literal: inside another one (`''…''`), plain (`'…'`, with doubled quotes or backslashes inside) or dollar-quoted.
 * One that is cut off counts to its end. Where the forms are ambiguous, rather too much is taken than too little.
 */
const LITERALS = [
  /(?<quotes>'{2,})(?![\s;,)'])[\s\S]*?(?:(?<!')\k<quotes>(?!')|$)/,
  /'(?:[^'\\]|''|\\[\s\S])*['\\]?/,
  /\$(?<tag>\w*)\$[\s\S]*?(?:\$\k<tag>\$|$)/,
];

const CREDENTIAL = new RegExp(
  `(?<lead>${KEYWORD.source}${GAP.source})(?:${LITERALS.map(({ source }) => source).join('|')})`,
  'gi',
);

/** The text with `'***'` in place of every literal that SQL gives a credential in. */
export const withoutCredentials = (text: string): string => text.replace(CREDENTIAL, "$<lead>'***'");

/** The SQL in one short line, without credentials; for people to recognise the statement by. */
export const shortSql = (sql: string): string => {
  const line = withoutCredentials(sql.slice(0, READ_LENGTH)).replace(/\s+/g, ' ').trim();
  return line.length <= SHORT_SQL_LENGTH ? line : `${line.slice(0, SHORT_SQL_LENGTH - 1).toWellFormed()}…`;
};

/**
 * What two texts of the same statement may differ in, outside of literals and quoted names: comments, blanks, letter case. A
 * piece that is cut off counts to its end. Groups without names: those cost ten times the rest.
 */
const PIECE = new RegExp(
  [
    /('(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|\$((?:[a-z_]\w*)?)\$[\s\S]*?(?:\$\2\$|$))/,
    /((?:\s|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))+)/,
    /[a-z]+/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gi',
);

/**
 * The SQL without what makes no difference to Redshift: comments, blanks, the case of letters outside of quotes, semicolons at
 * the end. Where a backslash leaves it open where a literal ends, the text is taken as it is: rather two statements of one
 * than one of two.
 */
export const normalizedSql = (sql: string): string =>
  sql.includes('\\') ? sql.trim() : withoutEnd(sql.replace(PIECE, normalizedPiece)).trimStart();

/** Not by a pattern: on many blanks in a row that do not end the text it would take the square of their number. */
const withoutEnd = (sql: string): string => {
  let end = sql.length;
  while (end > 0 && ' ;'.includes(sql.charAt(end - 1))) end -= 1;
  return sql.slice(0, end);
};

const normalizedPiece = (
  piece: string,
  kept: string | undefined,
  _tag: string | undefined,
  gap: string | undefined,
) => {
  if (kept !== undefined) return piece;
  return gap === undefined ? piece.toLowerCase() : ' ';
};

/** SHA-256 of the SQL and its parameters, hexadecimal: tells whether two requests ask for the same work. */
export const workHash = (sql: string, parameters: Readonly<Record<string, string>>): string =>
  sha256(
    sql,
    ...Object.keys(parameters)
      .sort()
      .flatMap((name) => [name, parameters[name] ?? '']),
  );

/** Hash of a list of parts; JSON keeps ['a', 'b'] and ['ab'] apart. */
export const sha256 = (...parts: readonly (string | number)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');
