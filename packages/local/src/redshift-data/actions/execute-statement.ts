import type { Caller } from '../../common/service.ts';
import { notSupported, unusedParametersError, validationError } from '../errors.ts';
import {
  checkConstraint,
  type Input,
  optionalBoolean,
  optionalString,
  refuseFields,
  requiredString,
  wrongType,
} from '../input.ts';
import { ownerOf, userIdOf } from '../owner.ts';
import { type SqlParameter, unusedParameters } from '../sql/parameters.ts';
import { hasSeveralStatements, isBlank } from '../sql/statement-shape.ts';
import type { Submission } from '../statement.ts';
import { readTarget } from '../target.ts';
import { type Action, type ActionDeps, timestamp } from './action.ts';

const MAX_SQL_BYTES = 200 * 1024;
const STATEMENT_NAME = { maxLength: 2048 };
const CLIENT_TOKEN = { minLength: 1, maxLength: 64 };
const PARAMETER_NAME = { pattern: /^[0-9a-zA-Z_]+$/ };

export const executeStatement: Action = (input, caller, deps) => {
  const submission = readSubmission(input, caller, deps);
  const { statement, isNew } = deps.store.submit(submission, optionalString(input, 'ClientToken', CLIENT_TOKEN));
  if (isNew) deps.runner.submit(statement);
  return { Id: statement.id, CreatedAt: timestamp(statement.createdAt), ...statement.submission.target.echo };
};

const readSubmission = (input: Input, caller: Caller, { account, warehouses }: ActionDeps): Submission => {
  refuseFields(input, ['SessionId', 'SessionKeepAliveSeconds', 'WaitTimeSeconds']);
  refuseCsv(input);
  const sql = readSql(input);
  const parameters = readParameters(input);
  const unused = unusedParameters(sql, parameters);
  if (unused.length > 0) throw unusedParametersError(unused);
  const name = optionalString(input, 'StatementName', STATEMENT_NAME);
  return {
    sql,
    parameters,
    target: readTarget(input, caller, account, warehouses),
    ...(name !== undefined && { name }),
    withEvent: optionalBoolean(input, 'WithEvent'),
    owner: ownerOf(caller),
    principal: caller.arn,
    userId: userIdOf(caller),
  };
};

const refuseCsv = (input: Input): void => {
  const format = optionalString(input, 'ResultFormat', { pattern: /^(JSON|CSV)$/ });
  if (format === 'CSV') throw notSupported('ResultFormat CSV');
};

/**
 * AWS documents one statement a call and does not say what becomes of several; refusing them misleads nobody.
 */
const readSql = (input: Input): string => {
  const sql = requiredString(input, 'Sql');
  if (Buffer.byteLength(sql) > MAX_SQL_BYTES)
    throw validationError(`sql must not have more than ${MAX_SQL_BYTES} bytes`);
  if (isBlank(sql)) throw validationError('sql must not be empty');
  if (hasSeveralStatements(sql)) throw notSupported('More than one statement in Sql');
  return sql;
};

const readParameters = ({ Parameters: given }: Input): readonly SqlParameter[] => {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw wrongType('Parameters', 'list');
  checkConstraint('parameters', given, { minLength: 1 });
  return given.map((item: unknown) => {
    if (typeof item !== 'object' || item === null) throw wrongType('Parameters', 'list of structures');
    const name = requiredString(item as Input, 'name', PARAMETER_NAME);
    return { name, value: requiredString(item as Input, 'value', { minLength: 1 }) };
  });
};
