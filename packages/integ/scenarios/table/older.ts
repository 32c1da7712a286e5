import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Stack } from 'aws-cdk-lib';
import { DefinitionBody, IntegrationPattern, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { executions, only, succeeded } from '../assertions.ts';
import type { Machine, Scenario } from '../scenario.ts';
import type { Taskers } from '../taskers.ts';
import { FOR_EVER } from '../world.ts';

/** Seconds that a state of the older library waits for its statement: by HeartbeatSeconds, as its documentation says. */
const BUDGET = 600;

type States = Readonly<Record<string, object>>;

/** A machine as users of the older library have written it: by hand, for its payload and its errors. */
const written = (scope: Stack, id: string, taskers: Taskers, startAt: string, states: States): StateMachine =>
  asText(scope, id, taskers, JSON.stringify({ StartAt: startAt, States: states }));

const asText = (scope: Stack, id: string, { first }: Taskers, text: string): StateMachine => {
  const machine = new StateMachine(scope, id, {
    definitionBody: DefinitionBody.fromString(text),
    definitionSubstitutions: { Tasker: first.lambdaFunction.functionArn },
  });
  first.grantInvoke(machine);
  return machine;
};

const runs = (payload: object, more: object) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: {
    FunctionName: '${Tasker}',
    Payload: { 'taskToken.$': '$$.Task.Token', 'executionArn.$': '$$.Execution.Id', ...payload },
  },
  HeartbeatSeconds: BUDGET,
  ...more,
});

/** Asks after the latest statement of the execution. */
const asks = (action: string, more: object) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: {
    FunctionName: '${Tasker}',
    Payload: { statementId: 'LATEST', 'executionArn.$': '$$.Execution.Id', action },
  },
  ...more,
});

const goesTo = (error: string, next: string) => ({ ErrorEquals: [error], Next: next, ResultPath: '$.caught' });

/** Runs one statement well, then one badly, and describes that. */
const SUCCESS_THEN_FAILURE: Machine = {
  name: 'OldSuccessThenFailure',
  define: (scope, taskers) =>
    written(scope, 'OldSuccessThenFailure', taskers, 'Good', {
      Good: runs({ sqlStatement: 'select 1' }, { ResultPath: '$.good', Next: 'Bad' }),
      Bad: runs(
        { sqlStatement: 'select nothing from nowhere' },
        { Catch: [goesTo('FAILED', 'Why'), goesTo('States.ALL', 'Strange')], Next: 'Strange' },
      ),
      Why: asks('describeStatement', { ResultSelector: { 'Error.$': '$.Payload.Error' }, End: true }),
      Strange: { Type: 'Fail' },
    }),
};

const successThenFailure: Scenario = {
  name: 'a machine written for the older library runs one statement well and one badly, and describes what failed',
  machines: [SUCCESS_THEN_FAILURE],
  statements: 2,
  isUnrepeated: true,
  run: async (world) => executions(await world.run('OldSuccessThenFailure')),
  expect: (told) => assert.match(succeeded<{ Error: string }>(only(told.executions)).Error, /"nowhere" does not exist/),
};

/** The machine that docs/migration.md shows. */
const SHOWN: Machine = {
  name: 'OldShown',
  define: (scope, taskers) => asText(scope, 'OldShown', taskers, shown()),
};

const shown = (): string => {
  const page = readFileSync(new URL('../../../../docs/migration.md', import.meta.url), 'utf8');
  const [, text] = /```json\n(.*?)```/s.exec(page) ?? [];
  assert.ok(text, 'docs/migration.md shows no state machine');
  return text;
};

const asShown: Scenario = {
  name: 'the machine that docs/migration.md shows runs as it stands there',
  machines: [SHOWN],
  statements: 2,
  isUnrepeated: true,
  run: async (world) =>
    executions(
      await world.run('OldShown', { sql: 'select 1' }),
      await world.run('OldShown', { sql: 'select nothing from nowhere' }),
    ),
  expect: ({ executions: [good, bad] }) => {
    assert.ok(good && bad);
    assert.deepEqual(succeeded(good), { rows: 1, state: 'FINISHED' });
    assert.match(succeeded<{ error: string }>(bad).error, /"nowhere" does not exist/);
  },
};

/** Cancels a statement that takes longer than its state waits, and asks until it has ended. */
const SLOW: Machine = {
  name: 'OldSlow',
  define: (scope, taskers) =>
    written(scope, 'OldSlow', taskers, 'Slow', {
      Slow: runs({ 'sqlStatement.$': '$.sql' }, { Catch: [goesTo('States.Timeout', 'CancelSlowQuery')], End: true }),
      CancelSlowQuery: asks('cancelStatement', { ResultPath: '$.cancelled', Next: 'Describe' }),
      Describe: asks('describeStatement', { ResultSelector: { 'Status.$': '$.Payload.Status' }, Next: 'HasEnded' }),
      HasEnded: {
        Type: 'Choice',
        Choices: [{ Variable: '$.Status', StringEquals: 'ABORTED', Next: 'Ended' }],
        Default: 'WaitABit',
      },
      WaitABit: { Type: 'Wait', Seconds: 5, Next: 'Describe' },
      Ended: { Type: 'Succeed' },
    }),
};

const slow: Scenario = {
  name: 'a machine written for the older library catches its time-out, cancels, and describes until ABORTED',
  needs: ['clock'],
  machines: [SLOW],
  statements: 1,
  areCancelled: true,
  isUnrepeated: true,
  run: async (world) => executions(await world.run('OldSlow', { sql: world.lasting(FOR_EVER) })),
  expect: (told) => assert.deepEqual(succeeded(only(told.executions)), { Status: 'ABORTED' }),
};

const BRANCHES = 10;

/** Runs ten singletons at once; who is refused goes on without. */
const SINGLETONS: Machine = {
  name: 'OldSingletons',
  define: (scope, taskers) =>
    written(scope, 'OldSingletons', taskers, 'Ten', {
      Ten: {
        Type: 'Parallel',
        Branches: Array.from({ length: BRANCHES }, (_, n) => ({
          StartAt: `Run${n}`,
          States: {
            [`Run${n}`]: runs(
              { action: 'executeSingletonStatement', 'sqlStatement.$': '$.sql' },
              {
                ResultSelector: { ran: true },
                Catch: [{ ErrorEquals: ['ConcurrentExecution'], Next: `Refused${n}` }],
                End: true,
              },
            ),
            [`Refused${n}`]: { Type: 'Pass', Result: { ran: false }, End: true },
          },
        })),
        End: true,
      },
    }),
};

const singletons: Scenario = {
  name: 'of ten singletons of a machine written for the older library one runs, and nine are caught as ConcurrentExecution',
  needs: ['clock'],
  machines: [SINGLETONS],
  statements: 1,
  isUnrepeated: true,
  run: async (world) => executions(await world.run('OldSingletons', { sql: world.lasting(5) })),
  expect: (told) => {
    const ran = succeeded<{ ran: boolean }[]>(only(told.executions)).map((branch) => branch.ran);
    assert.deepEqual(ran.sort(), [...Array.from({ length: BRANCHES - 1 }, () => false), true]);
  },
};

/** Runs two of the above, one after the other, by executions of their own. */
const CHAINED: Machine = {
  name: 'OldChained',
  define: (scope, taskers) => {
    const step = (name: string) => {
      const stateMachine = written(scope, `OldChained${name}`, taskers, 'Run', {
        Run: runs({ sqlStatement: 'select 1' }, { ResultSelector: { 'rows.$': '$.detail.rows' }, End: true }),
      });
      return new StepFunctionsStartExecution(scope, `Run${name}OfChain`, {
        stateMachine,
        integrationPattern: IntegrationPattern.RUN_JOB,
        resultSelector: { 'rows.$': '$.Output.rows' },
        resultPath: `$.${name}`,
      });
    };
    return step('First').next(step('Second'));
  },
};

const chained: Scenario = {
  name: 'machines written for the older library run one after the other, as nested executions',
  machines: [CHAINED],
  statements: 2,
  isUnrepeated: true,
  run: async (world) => executions(await world.run('OldChained')),
  expect: (told) => assert.deepEqual(succeeded(only(told.executions)), { First: { rows: 1 }, Second: { rows: 1 } }),
};

export const older: readonly Scenario[] = [successThenFailure, asShown, slow, singletons, chained];
