import { requiredString } from '../input.ts';
import type { Action } from './action.ts';
import { checkSql } from './read-sql.ts';
import { submit } from './submit.ts';

export const executeStatement: Action = (input, ...call) =>
  submit({ sqls: [checkSql(requiredString(input, 'Sql'), 'sql')] }, input, ...call);
