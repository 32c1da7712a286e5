import assert from 'node:assert/strict';
import { Chain, JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { RedshiftResult } from 'sfn-redshift-tasker';
import { executions, type FinishedOutput, failed, only, succeeded } from '../assertions.ts';
import type { Machine, Scenario } from '../scenario.ts';
import { sqlTask } from '../sql-task.ts';
import type { Ended } from '../told.ts';

/** Runs the statements of its input. */
const BATCH: Machine = {
  name: 'Batch',
  define: (scope, { first }) =>
    sqlTask(scope, 'RunBatch', first, {
      payload: {
        action: 'batchExecuteStatement',
        sqlStatements: JsonPath.objectAt('$.sqls'),
        executionMode: JsonPath.stringAt('$.mode'),
      },
    }),
};

/** The same as a transaction, by the construct's state, with parameters; whose results have one column. */
const BATCH_WITH_PARAMETERS: Machine = {
  name: 'BatchWithParameters',
  define: (scope, { first }) =>
    Chain.start(
      first.batchExecuteStatement(scope, 'RunBatchWithParameters', {
        sqls: JsonPath.listAt('$.sqls'),
        parameters: JsonPath.objectAt('$.parameters'),
        result: RedshiftResult.column(),
      }),
    ),
};

interface BatchOutput extends FinishedOutput {
  readonly statements: readonly {
    readonly statementId: string;
    readonly state: string;
    readonly rows: number;
    readonly result?: { readonly column: readonly unknown[] };
  }[];
}

interface BatchCause {
  readonly failedStatement: { readonly index: number; readonly statementId: string; readonly sqlStatement: string };
  readonly committed: readonly number[];
}

const causeOf = ({ cause = '' }: Ended): BatchCause => JSON.parse(cause || '{}') as BatchCause;

const finishes: Scenario = {
  name: 'a batch finishes: its state is told of each statement, in order, with its rows; parameters may be NULL',
  machines: [BATCH_WITH_PARAMETERS],
  statements: 1,
  run: async (world) => {
    const table = world.unique();
    const sqls = [
      `create table ${table} (city varchar(20), amount int)`,
      `insert into ${table} values (nullif(:city, '<null>'), nullif(:amount, '<null>')::int), (:other, 7)`,
      `select amount from ${table} where city is null and amount is null`,
      `select amount from ${table} where city = :other`,
      `drop table ${table}`,
    ];
    const parameters = { city: '<null>', amount: '<null>', other: 'Ulm' };
    return executions(await world.run('BatchWithParameters', { sqls, parameters }));
  },
  expect: (told) => {
    const { detail, statements } = succeeded<BatchOutput>(only(told.executions));
    assert.deepEqual(
      statements.map(({ statementId }) => statementId),
      [1, 2, 3, 4, 5].map((number) => `${detail.statementId}:${number}`),
    );
    assert.ok(statements.every(({ state }) => state === 'FINISHED'));
    assert.deepEqual(
      statements.slice(1, 4).map(({ rows }) => rows),
      [2, 1, 1],
    );
    assert.deepEqual(
      statements.map(({ result }) => result?.column),
      [undefined, undefined, [null], [7], undefined],
    );
  },
};

const fails: Scenario = {
  name: 'a batch fails: the cause names the statement that did, and what was committed in either mode',
  machines: [BATCH],
  statements: 4,
  run: async (world) => {
    const table = world.unique();
    const sqls = [`create table ${table} (i int)`, 'select nothing from nowhere', `drop table ${table}`];
    const truncated = [`create table ${table} (i int)`, `truncate ${table}`, 'selekt 1'];
    return executions(
      await world.run('Batch', { sqls, mode: 'AUTO_COMMIT' }),
      await world.run('Batch', { sqls, mode: 'TRANSACTION' }),
      await world.run('Batch', { sqls: truncated, mode: 'TRANSACTION' }),
      await world.run('Batch', { sqls: [`drop table ${table}`], mode: 'TRANSACTION' }),
    );
  },
  expect: ({ executions: ended }) => {
    for (const execution of ended.slice(0, 3)) failed(execution, 'FAILED');
    const [each, transaction, truncated] = ended.map(causeOf);
    assert.equal(each?.failedStatement.index, 1);
    assert.equal(each.failedStatement.sqlStatement, 'select nothing from nowhere');
    assert.match(each.failedStatement.statementId, /:2$/);
    assert.deepEqual(each.committed, [0, 2]);
    assert.equal(transaction?.failedStatement.index, 1);
    assert.deepEqual(transaction.committed, []);
    assert.equal(truncated?.failedStatement.index, 2);
    assert.deepEqual(truncated.committed, [0, 1]);
    succeeded(ended[3] as Ended);
  },
};

const unused: Scenario = {
  name: 'a batch is refused that has a parameter which none of its statements uses',
  machines: [BATCH_WITH_PARAMETERS],
  statements: 0,
  run: async (world) =>
    executions(await world.run('BatchWithParameters', { sqls: ['select :a'], parameters: { a: 1, b: 2 } })),
  expect: (told) => failed(only(told.executions), 'ValidationException', /unused parameters/),
};

export const batches: readonly Scenario[] = [finishes, fails, unused];
