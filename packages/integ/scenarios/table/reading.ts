import assert from 'node:assert/strict';
import { Chain, JsonPath, Map as MapState } from 'aws-cdk-lib/aws-stepfunctions';
import { answered, answers, executions, only, refused, succeeded } from '../assertions.ts';
import { RUN } from '../machines.ts';
import type { Machine, Scenario } from '../scenario.ts';
import { ATTEMPT } from '../sql-state.ts';
import { askTask, EXECUTION_ARN, sqlTask } from '../sql-task.ts';

const LATEST = { statementId: 'LATEST', executionArn: EXECUTION_ARN, state: 'SelectFirst' };

/** Selects, reads the rows and the description by LATEST, and once more by id. */
const READ: Machine = {
  name: 'Read',
  define: (scope, { first }) => {
    const ask = (id: string, resultPath: string, payload: Readonly<Record<string, unknown>>) =>
      askTask(scope, id, first, { payload, resultPath });
    return Chain.start(sqlTask(scope, 'SelectFirst', first, { resultPath: '$.select' }))
      .next(ask('ReadRows', '$.rows', { action: 'getStatementResult', ...LATEST }))
      .next(ask('Describe', '$.description', { action: 'describeStatement', ...LATEST }));
  },
};

interface Read {
  readonly select: { readonly detail: { readonly statementId: string } };
  readonly rows: { readonly answer: { readonly Records: unknown } };
  readonly description: { readonly answer: { readonly Id: string; readonly Status: string } };
}

const reads: Scenario = {
  name: 'rows and description of the newest statement are read by LATEST',
  machines: [READ],
  statements: 1,
  run: async (world) => executions(await world.run('Read', { sql: "select 7 as n, 'x' as t" })),
  expect: (told) => {
    const { select, rows, description } = succeeded<Read>(only(told.executions));
    assert.deepEqual(rows.answer.Records, [[{ longValue: 7 }, { stringValue: 'x' }]]);
    assert.equal(description.answer.Status, 'FINISHED');
    assert.equal(description.answer.Id, select.detail.statementId);
  },
};

/** Iterations that all go through the same two states, under names of their own. */
const READ_EACH: Machine = {
  name: 'ReadEach',
  define: (scope, { first }) => {
    const itemSelector = {
      sql: JsonPath.stringAt('$$.Map.Item.Value.sql'),
      name: JsonPath.format('Each {}', JsonPath.stringAt('$$.Map.Item.Index')),
    };
    const state = JsonPath.stringAt('$.name');
    const payload = { attempt: { ...ATTEMPT, state } };
    const latest = { statementId: 'LATEST', executionArn: EXECUTION_ARN, state };
    return new MapState(scope, 'ForEachToRead', {
      itemsPath: JsonPath.stringAt('$.items'),
      itemSelector,
    }).itemProcessor(
      sqlTask(scope, 'SelectEach', first, { payload, resultPath: '$.select' }).next(
        askTask(scope, 'ReadEachRows', first, {
          payload: { action: 'getStatementResult', ...latest },
          resultPath: '$.rows',
        }),
      ),
    );
  },
};

const readsEach: Scenario = {
  name: 'each iteration of a Map reads its own statement by LATEST, whatever its siblings have started since',
  machines: [READ_EACH],
  statements: 3,
  run: async (world) => {
    const items = [10, 11, 12].map((n) => ({ sql: `select ${n} as n` }));
    return executions(await world.run('ReadEach', { items }));
  },
  expect: (told) => {
    const each = succeeded<readonly Pick<Read, 'rows'>[]>(only(told.executions));
    assert.deepEqual(
      each.map(({ rows }) => rows.answer.Records),
      [[[{ longValue: 10 }]], [[{ longValue: 11 }]], [[{ longValue: 12 }]]],
    );
  },
};

const attemptOf = (state: string) => ({ state, enteredTime: '2026-01-01T00:00:00.000Z', retryCount: 0 });

const polls: Scenario = {
  name: 'without a callback, its starter polls until it has ended and reads the rows',
  machines: [RUN],
  statements: 1,
  run: async (world) => {
    const executionArn = executionLike(world.outputs.RunArn, world.unique());
    const request = { sqlStatement: 'select 42', executionArn, attempt: attemptOf('Polled') };
    const started = await world.ask(request);
    const { statementId } = started.body;
    const described = await world.until(async () => {
      const answer = await world.ask({ action: 'describeStatement', statementId });
      return answer.body.Status === 'FINISHED' ? answer : undefined;
    });
    return answers(started, described, await world.ask({ action: 'getStatementResult', statementId }));
  },
  expect: (told) => {
    const [started, described, rows] = told.answers.map(answered);
    assert.equal(described?.Id, started?.statementId);
    assert.deepEqual(rows?.Records, [[{ longValue: 42 }]]);
  },
};

const nobody: Scenario = {
  name: 'LATEST of an execution that has started nothing is PreviousExecutionNotFound',
  machines: [RUN],
  statements: 0,
  run: async (world) => {
    const executionArn = executionLike(world.outputs.RunArn, world.unique());
    return answers(await world.ask({ action: 'describeStatement', statementId: 'LATEST', executionArn }));
  },
  expect: (told) => refused(only(told.answers), 'PreviousExecutionNotFound', /arn:aws/),
};

/** An ARN as an execution of the machine may have. */
export const executionLike = (machineArn: string | undefined, name: string): string =>
  `${(machineArn ?? '').replace(':stateMachine:', ':execution:')}:${name}`;

export const reading: readonly Scenario[] = [reads, readsEach, polls, nobody];
