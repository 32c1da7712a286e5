import { validationError } from '../errors.ts';
import { checkConstraint, type Input, optionalString, wrongType } from '../input.ts';
import { EXECUTION_MODES, type ExecutionMode } from '../statement.ts';
import type { Action } from './action.ts';
import { checkSql, checkSqlSize } from './read-sql.ts';
import { submit } from './submit.ts';

const SQLS = { minLength: 1, maxLength: 40 };
const EXECUTION_MODE = { pattern: new RegExp(`^(${EXECUTION_MODES.join('|')})$`) };

export const batchExecuteStatement: Action = (input, ...call) => {
  const executionMode = optionalString(input, 'ExecutionMode', EXECUTION_MODE) ?? 'TRANSACTION';
  return submit({ sqls: readSqls(input), executionMode: executionMode as ExecutionMode }, input, ...call);
};

const readSqls = ({ Sqls: given }: Input): readonly string[] => {
  if (given === undefined || given === null) throw validationError('sqls must not be null');
  if (!Array.isArray(given)) throw wrongType('Sqls', 'list');
  checkConstraint('sqls', given, SQLS);
  const sqls = given.map((sql: unknown) => {
    if (typeof sql !== 'string') throw wrongType('Sqls', 'list of strings');
    return checkSql(sql, 'sqls');
  });
  checkSqlSize(sqls, 'sqls');
  return sqls;
};
