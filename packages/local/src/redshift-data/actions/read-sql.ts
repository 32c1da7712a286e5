import { notSupported, validationError } from '../errors.ts';
import { hasSeveralStatements, isBlank } from '../sql/statement-shape.ts';

const MAX_SQL_BYTES = 200 * 1024;

/**
 * Checks one SQL text. AWS documents one statement in it and does not say what becomes of several; refusing them misleads
 * nobody.
 *
 * @param member its name in messages
 * @throws AwsError `ValidationException`
 */
export const checkSql = (sql: string, member: string): string => {
  if (Buffer.byteLength(sql) > MAX_SQL_BYTES)
    throw validationError(`${member} must not have more than ${MAX_SQL_BYTES} bytes`);
  if (isBlank(sql)) throw validationError(`${member} must not be empty`);
  if (hasSeveralStatements(sql)) throw notSupported('More than one statement in Sql');
  return sql;
};
