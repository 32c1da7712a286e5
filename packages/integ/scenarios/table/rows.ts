import assert from 'node:assert/strict';
import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { executions, failed, only, succeeded } from '../assertions.ts';
import type { Machine, Scenario } from '../scenario.ts';
import { sqlTask } from '../sql-task.ts';
import { SQL_VALUES } from './values.ts';

/** Runs the statement of its input, and hands on rows. */
const ROWS: Machine = {
  name: 'Rows',
  define: (scope, { first }) =>
    sqlTask(scope, 'GetRows', first, {
      payload: { result: JsonPath.objectAt('$.result') },
      notRepeated: ['ResultMismatch', 'TooManyRows', 'OutputTooLarge'],
    }),
};

/** Runs the statement of its input, and holds its rows against what is expected. */
const CHECK: Machine = {
  name: 'Check',
  define: (scope, { first }) =>
    sqlTask(scope, 'CheckRows', first, {
      payload: { check: JsonPath.objectAt('$.check') },
      notRepeated: ['DataCheckFailed'],
    }),
};

const columnOf = (at: number): string => `c${String(at).padStart(2, '0')}`;

const values: Scenario = {
  name: `a row of ${SQL_VALUES.length} values of all types is in the output, each exactly`,
  machines: [ROWS],
  statements: 1,
  run: async (world) => {
    const list = SQL_VALUES.map(([expression], at) => `${expression} as ${columnOf(at)}`);
    return executions(await world.run('Rows', { sql: `select ${list.join(', ')}`, result: { form: 'row' } }));
  },
  expect: (told) => {
    const { result } = succeeded<{ result: { row: Readonly<Record<string, unknown>> } }>(only(told.executions));
    const found = SQL_VALUES.map(([expression], at) => [expression, result.row[columnOf(at)]]);
    assert.deepEqual(found, SQL_VALUES);
  },
};

const ORDERED = 'select n, t from (select 1 as n, 7.50::numeric(5,2) as t union all select 2, null) as two order by n';

const rows: Scenario = {
  name: 'rows are in the output by the labels of their columns',
  machines: [ROWS],
  statements: 1,
  run: async (world) => executions(await world.run('Rows', { sql: ORDERED, result: { form: 'rows', maxRows: 2 } })),
  expect: (told) =>
    assert.deepEqual(succeeded<{ result: unknown }>(only(told.executions)).result, {
      columns: [
        { name: 'n', type: 'int4' },
        { name: 't', type: 'numeric' },
      ],
      rowCount: 2,
      rows: [
        { n: 1, t: '7.50' },
        { n: 2, t: null },
      ],
    }),
};

const tooMany: Scenario = {
  name: 'more rows than were asked for fail their state as TooManyRows',
  machines: [ROWS],
  statements: 1,
  run: async (world) => executions(await world.run('Rows', { sql: ORDERED, result: { form: 'rows', maxRows: 1 } })),
  expect: (told) => failed(only(told.executions), 'TooManyRows', /gave 2 rows; maxRows is 1/),
};

const holds: Scenario = {
  name: 'a check of a value that is as it should be lets its state go on',
  machines: [CHECK],
  statements: 1,
  run: async (world) =>
    executions(await world.run('Check', { sql: 'select 0.5::numeric(5,2)', check: { type: 'value', max: 0.5 } })),
  expect: (told) =>
    assert.deepEqual(succeeded<{ check: unknown }>(only(told.executions)).check, {
      type: 'value',
      rowCount: 1,
      value: '0.50',
    }),
};

const fails: Scenario = {
  name: 'a check that finds rows where there must be none fails its state as DataCheckFailed, with a sample',
  machines: [CHECK],
  statements: 1,
  run: async (world) => executions(await world.run('Check', { sql: ORDERED, check: { type: 'noRows' } })),
  expect: (told) => {
    const execution = only(told.executions);
    failed(execution, 'DataCheckFailed', /the statement gave 2 rows, not 0/);
    const { sample } = JSON.parse(execution.cause ?? '') as { sample: unknown };
    assert.deepEqual(sample, [
      { n: 1, t: '7.50' },
      { n: 2, t: null },
    ]);
  },
};

export const resultRows: readonly Scenario[] = [values, rows, tooMany, holds, fails];
