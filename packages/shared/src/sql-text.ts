import { createHash } from 'node:crypto';

/** Length of the text that items, causes and logs carry instead of the SQL: enough to recognise it, cheap to store. */
const SHORT_SQL_LENGTH = 256;

/** As much of the SQL is read to make the short text; spares us a search through 200 KB. */
const READ_LENGTH = 16_384;

/** What Redshift SQL writes before a literal that holds a credential. PARAMETERS: of an identity provider, its client secret. */
const KEYWORD =
  /\b\w*(?:password|credentials|access_key_id|secret_access_key|session_token|master_symmetric_key|client_secret|parameters)/;

/** What may stand between the two: blanks, comments, `AS`, an operator, the end of a quoted name, the `E` of an escape literal. */
const GAP = /(?:\s|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*(?:\*\/|$)|as\b|[:=>"]|e(?='))*/;

/**
 * A literal: inside another one (`''…''`), plain (`'…'`, with doubled quotes or backslashes inside) or dollar-quoted.
 * One that is cut off counts to its end. Where the forms are ambiguous, rather too much is taken than too little.
 */
const LITERALS = [
  /(?<quotes>'{2,})(?![\s;,)']|$)[\s\S]*?(?:(?<!')\k<quotes>(?!')|$)/,
  /'(?:[^'\\]|''|\\[\s\S])*(?:'|\\?$)/,
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
