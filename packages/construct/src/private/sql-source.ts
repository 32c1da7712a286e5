import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Token } from 'aws-cdk-lib';
import { isKnown, type StateLanguage } from './state-language';
import { refuse } from './validation';

/** Data API limit. */
const MAX_SQL_BYTES = 200 * 1024;

/** Where a statement's SQL is from. */
export interface SqlSource {
  /** The text, where synthesis knows it. */
  readonly known?: string;
  /** Name and hash of the file that it was read from. */
  readonly file?: string;
  /** As the request holds it. */
  write(language: StateLanguage): unknown;
}

/**
 * The SQL of one statement.
 * @throws Error unless exactly one of both is given, and holds SQL.
 */
export const sqlOf = (
  state: string,
  { sql, sqlFile }: { readonly sql?: string; readonly sqlFile?: string },
): SqlSource => {
  if (sql !== undefined && sqlFile !== undefined) refuse(`${state}: sqlFile`, 'does not go with sql', sqlFile);
  if (sqlFile !== undefined) return sqlOfFile(`${state}: sqlFile`, sqlFile);
  if (sql !== undefined) return sqlOfProp(state, 'sql', sql);
  return refuse(`${state}: sql`, 'is required, or sqlFile', sql);
};

/**
 * SQL that a prop gives: text, or an expression.
 * @throws Error where there is none, or more than the Data API takes.
 */
export const sqlOfProp = (state: string, property: string, sql: string): SqlSource => {
  checkText(`${state}: ${property}`, sql);
  return { ...(isKnown(sql) && { known: sql }), write: (language) => language.value(property, sql) };
};

/**
 * SQL of a file: it is text, whatever it looks like.
 * @throws Error where the file cannot be read, or holds no SQL that the Data API takes.
 */
export const sqlOfFile = (property: string, path: string): SqlSource => {
  const known = readSql(property, path);
  checkText(`${property} (${path})`, known);
  return { known, file: `${basename(path)}, SHA-256 ${sha256(known)}`, write: (language) => language.literal(known) };
};

/** SHA-256, hexadecimal, as `sha256sum` prints it. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const readSql = (property: string, path: string): string => {
  if (Token.isUnresolved(path)) refuse(property, 'must be a path that synthesis knows', '(a token)');
  try {
    // Without a byte order mark; what is not UTF-8 is refused.
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    return refuse(property, `must be a file of UTF-8 text; ${resolve(path)} is none (${reasonOf(error)})`, path);
  }
};

const reasonOf = (error: unknown): string => (error as { code?: string }).code ?? String(error);

const checkText = (property: string, sql: string): void => {
  if (typeof sql !== 'string' || sql.trim() === '') refuse(property, 'must be SQL', sql);
  const bytes = Buffer.byteLength(sql);
  if (bytes > MAX_SQL_BYTES) refuse(property, `must be at most ${MAX_SQL_BYTES} bytes of UTF-8`, bytes);
};
