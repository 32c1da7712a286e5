import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Token } from 'aws-cdk-lib';
import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
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

/** The SQL of several statements. */
export interface SqlSources {
  /** One by one, as far as they are: not of a list of the input. */
  readonly sources: readonly SqlSource[];
  /** As the request holds them. */
  write(language: StateLanguage): unknown;
}

const MAX_BATCH = 40;

/** No SQL begins so; what is meant begins so where CDK is not used. */
const EXPRESSION = /^\s*(\$|States\.\w+\()/;
const NO_EXPRESSION =
  "must be SQL: an expression is JsonPath.stringAt('$.sql') in JSONPath, and '{% $states.input.sql %}' in JSONata";

/**
 * The SQL of a batch.
 * @throws Error unless exactly one of both is given, and holds as many statements as the Data API takes.
 */
export const sqlsOf = (
  state: string,
  { sqls, sqlFiles }: { readonly sqls?: readonly string[]; readonly sqlFiles?: readonly string[] },
): SqlSources => {
  if (sqls !== undefined && sqlFiles !== undefined) refuse(`${state}: sqlFiles`, 'does not go with sqls', sqlFiles);
  if (sqls !== undefined && Token.isUnresolved(sqls)) {
    return { sources: [], write: (language) => language.value('sqls', sqls) };
  }
  const property = sqlFiles ? 'sqlFiles' : 'sqls';
  const given = sqlFiles ?? sqls ?? refuse(`${state}: sqls`, 'is required, or sqlFiles', sqls);
  if (!(given instanceof Array)) refuse(`${state}: ${property}`, "must be a list, such as ['select 1']", given);
  if (given.length < 1 || given.length > MAX_BATCH) {
    refuse(`${state}: ${property}`, `must be 1 to ${MAX_BATCH} statements`, given.length);
  }
  const sources = given.map((one, n) =>
    sqlFiles ? sqlOfFile(`${state}: sqlFiles[${n}]`, one) : sqlOfList(state, `sqls[${n}]`, one),
  );
  checkBytes(`${state}: ${property}`, sources.map(({ known }) => known ?? '').join(''));
  return { sources, write: (language) => listIn(language, sources) };
};

/** In JSONPath no part of a list can be an expression. */
const sqlOfList = (state: string, property: string, sql: string): SqlSource => {
  const source = sqlOfProp(state, property, sql);
  const write = (language: StateLanguage) => {
    const value = source.write(language);
    if (!JsonPath.isEncodedJsonPath(sql)) return value;
    return refuse(
      `${state}: ${property}`,
      'must be text in JSONPath; a list of the input is JsonPath.listAt(…)',
      '(an expression)',
    );
  };
  return { ...source, write };
};

/** A single expression of JSONata may give one text or a list: brackets around it make a list of either. */
const listIn = (language: StateLanguage, sources: readonly SqlSource[]): unknown => {
  const [only, ...more] = sources;
  const written = sources.map((source) => source.write(language));
  if (more.length > 0 || only?.known !== undefined) return written;
  const [expression] = written;
  const isJsonata = typeof expression === 'string' && !isKnown(expression) && !Token.isUnresolved(expression);
  return isJsonata ? `{% [${expression.slice(2, -2)}] %}` : written;
};

/**
 * SQL that a prop gives: text, or an expression.
 * @throws Error where there is none, or more than the Data API takes.
 */
export const sqlOfProp = (state: string, property: string, sql: string): SqlSource => {
  checkText(`${state}: ${property}`, sql);
  if (isKnown(sql) && EXPRESSION.test(sql)) refuse(`${state}: ${property}`, NO_EXPRESSION, sql);
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
  if (typeof sql !== 'string' || sql.trim() === '')
    refuse(property, 'must be SQL, not empty or white space alone', sql);
  checkBytes(property, sql);
};

const checkBytes = (property: string, sql: string): void => {
  const bytes = Buffer.byteLength(sql);
  if (bytes > MAX_SQL_BYTES) refuse(property, `must be at most ${MAX_SQL_BYTES} bytes of UTF-8`, bytes);
};
