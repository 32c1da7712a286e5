import { requiredString } from '../input.ts';
import type { Action } from './action.ts';
import { checkSql } from './read-sql.ts';
import { submit } from './submit.ts';

export const executeStatement: Action = (input, caller, deps) =>
  submit(input, caller, deps, { sqls: [checkSql(requiredString(input, 'Sql'), 'sql')] });
