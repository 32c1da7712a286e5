import { createHash } from 'node:crypto';

/** Length of the text that items, causes and logs carry instead of the SQL: enough to recognise it, cheap to store. */
const SHORT_SQL_LENGTH = 256;

/**
 * Literals that Redshift SQL uses for credentials: `PASSWORD '…'`, `CREDENTIALS '…'`, `ACCESS_KEY_ID '…'`,
 * `SECRET_ACCESS_KEY '…'`, `SESSION_TOKEN '…'`, `MASTER_SYMMETRIC_KEY '…'`. A literal that is cut off counts to its end.
 */
const CREDENTIAL_LITERAL =
  /\b(password|credentials|access_key_id|secret_access_key|session_token|master_symmetric_key)(\s+as)?(\s*=?\s*)'(?:[^']|'')*(?:'|$)/gi;

/** The SQL in one short line, without credentials; for people to recognise the statement by. */
export const shortSql = (sql: string): string => {
  const line = sql.replace(CREDENTIAL_LITERAL, "$1$2$3'***'").replace(/\s+/g, ' ').trim();
  return line.length <= SHORT_SQL_LENGTH ? line : `${line.slice(0, SHORT_SQL_LENGTH - 1)}…`;
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
