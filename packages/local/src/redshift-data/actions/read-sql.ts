import { notSupported, validationError } from '../errors.ts';
import { hasSeveralStatements, isBlank } from '../sql/statement-shape.ts';

const MAX_SQL_BYTES = 200 * 1024;

/** AWS does not say whether its 200 KB are for each statement or for the batch; what fits in the batch fits in both. */
export const checkSqlSize = (sqls: readonly string[], member: string): void => {
  const bytes = sqls.reduce((sum, sql) => sum + Buffer.byteLength(sql), 0);
  if (bytes > MAX_SQL_BYTES) throw validationError(`${member} must not have more than ${MAX_SQL_BYTES} bytes`);
};

/**
 * Checks one SQL text. AWS documents one statement in it and does not say what becomes of several; refusing them misleads
 * nobody.
 *
 * @param member its name in messages
 * @throws AwsError `ValidationException`
 */
export const checkSql = (sql: string, member: string): string => {
  checkSqlSize([sql], member);
  if (isBlank(sql)) throw validationError(`${member} must not be empty`);
  if (hasSeveralStatements(sql)) throw notSupported('More than one statement in Sql');
  return sql;
};
