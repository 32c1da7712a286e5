import { RedshiftErrors } from 'sfn-redshift-tasker';
import { executions, failed, only } from '../assertions.ts';
import type { Machine, Scenario } from '../scenario.ts';
import { sqlTask } from '../sql-task.ts';

/** Runs the statement of its input, and has its error named by cause. */
const BY_CAUSE: Machine = {
  name: 'ByCause',
  define: (scope, { first }) =>
    sqlTask(scope, 'RunByCause', first, { payload: { errors: 'cause' }, notRepeated: RedshiftErrors.ALL_CAUSES }),
};

const byCause: Scenario = {
  name: 'a statement fails: its state fails under the name of the cause',
  machines: [BY_CAUSE],
  statements: 1,
  run: async (world) => executions(await world.run('ByCause', { sql: 'select nothing from nowhere' })),
  expect: (told) =>
    failed(only(told.executions), RedshiftErrors.UNDEFINED_OBJECT, /relation \\"nowhere\\" does not exist/),
};

export const causes: readonly Scenario[] = [byCause];
