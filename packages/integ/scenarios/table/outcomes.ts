import assert from 'node:assert/strict';
import { Duration } from 'aws-cdk-lib';
import { Parallel, Pass, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { executions, failed, only, succeeded } from '../assertions.ts';
import { PARAMETERS, RUN } from '../machines.ts';
import type { Machine, Scenario } from '../scenario.ts';
import { askTask, EXECUTION_ARN, sqlTask } from '../sql-task.ts';
import { FOR_EVER } from '../world.ts';

const finishes: Scenario = {
  name: 'a statement finishes: its state succeeds with the outcome',
  machines: [RUN],
  statements: 1,
  run: async (world) => executions(await world.run('Run', { sql: 'select 1 union all select 2' })),
  expect: (told) => assert.equal(succeeded(only(told.executions)).detail.rows, 2),
};

export const fails: Scenario = {
  name: "a statement fails: its state fails as FAILED, with the database's text",
  machines: [RUN],
  statements: 1,
  run: async (world) => executions(await world.run('Run', { sql: 'select nothing from nowhere' })),
  expect: (told) => failed(only(told.executions), 'FAILED', /relation \\"nowhere\\" does not exist/),
};

const syntax: Scenario = {
  name: 'a statement is no SQL: its state fails as FAILED',
  machines: [RUN],
  statements: 1,
  run: async (world) => executions(await world.run('Run', { sql: 'selekt 1' })),
  expect: (told) => failed(only(told.executions), 'FAILED', /syntax error/),
};

const refusedCall: Scenario = {
  name: 'the Data API refuses a statement: its state fails under the name of that',
  machines: [PARAMETERS],
  statements: 0,
  run: async (world) => executions(await world.run('Parameters', { sql: 'select 1', parameters: { unused: 'x' } })),
  expect: (told) => failed(only(told.executions), 'ValidationException', /unused parameters/),
};

const large: Scenario = {
  name: 'a statement of 200 KB runs as any other',
  machines: [RUN],
  statements: 1,
  run: async (world) => executions(await world.run('Run', { sql: `select 1 /* ${'x'.repeat(204_000)} */` })),
  expect: (told) => succeeded(only(told.executions)),
};

/** Cancels, by LATEST, what its other branch runs. */
const ABORTED: Machine = {
  name: 'Aborted',
  define: (scope, { first }) => {
    const long = sqlTask(scope, 'RunLong', first);
    long.addCatch(new Pass(scope, 'CaughtAbort'), { errors: ['ABORTED'], resultPath: '$.caught' });
    const cancel = askTask(scope, 'Cancel', first, {
      payload: {
        action: 'cancelStatement',
        statementId: 'LATEST',
        executionArn: EXECUTION_ARN,
        state: 'RunLong',
      },
      resultPath: '$.cancel',
    });
    // Under faults a start may take some attempts: one of which the cancel takes the statement away starts another.
    const wait = new Wait(scope, 'LetItStart', { time: WaitTime.duration(Duration.minutes(30)) });
    return new Parallel(scope, 'Both').branch(long).branch(wait.next(cancel));
  },
};

const aborted: Scenario = {
  name: 'a statement is cancelled by cancelStatement: its state fails as ABORTED',
  needs: ['clock'],
  machines: [ABORTED],
  statements: 1,
  run: async (world) => executions(await world.run('Aborted', { sql: world.lasting(FOR_EVER) })),
  expect: (told) => {
    const [long] = succeeded<{ caught: { Error: string; Cause: string } }[]>(only(told.executions));
    assert.equal(long?.caught.Error, 'ABORTED');
  },
};

export const outcomes: readonly Scenario[] = [finishes, fails, syntax, refusedCall, large, aborted];
