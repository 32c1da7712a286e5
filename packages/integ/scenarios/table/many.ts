import assert from 'node:assert/strict';
import { JsonPath, Map as MapState, Parallel } from 'aws-cdk-lib/aws-stepfunctions';
import { allDifferent, executions, type FinishedOutput, only, succeeded } from '../assertions.ts';
import { EACH, RUN } from '../machines.ts';
import type { Machine, Scenario } from '../scenario.ts';
import { sqlTask } from '../sql-task.ts';

const MANY = 8;
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
const idsOf = (outputs: readonly FinishedOutput[]) => outputs.map(({ detail }) => detail.statementId);

const map: Scenario = {
  name: 'iterations of a Map with the same SQL have a statement each',
  machines: [EACH],
  statements: 3,
  run: async (world) => executions(await world.run('Each', { items: numbers(3).map(() => ({ sql: 'select 1' })) })),
  expect: (told) => allDifferent(idsOf(succeeded<FinishedOutput[]>(only(told.executions)))),
};

const TWINS: Machine = {
  name: 'Twins',
  define: (scope, { first }) =>
    new Parallel(scope, 'BothTwins')
      .branch(sqlTask(scope, 'OneTwin', first))
      .branch(sqlTask(scope, 'OtherTwin', first)),
};

const parallel: Scenario = {
  name: 'branches of a Parallel with the same SQL have a statement each',
  machines: [TWINS],
  statements: 2,
  run: async (world) => executions(await world.run('Twins', { sql: 'select 1' })),
  expect: (told) => allDifferent(idsOf(succeeded<FinishedOutput[]>(only(told.executions)))),
};

const atOnce: Scenario = {
  name: `${MANY} executions at once are told of their own statement each`,
  machines: [RUN],
  statements: MANY,
  run: async (world) => {
    const sql = (n: number) =>
      numbers(n + 1)
        .map((i) => `select ${i}`)
        .join(' union all ');
    const arns = await Promise.all(numbers(MANY).map((n) => world.start('Run', { sql: sql(n) })));
    const ended = [];
    for (const arn of arns) ended.push(await world.ended(arn));
    return executions(...ended);
  },
  expect: (told) => {
    const outputs = told.executions.map((ended) => succeeded(ended));
    assert.deepEqual(
      outputs.map(({ detail }) => detail.rows),
      numbers(MANY).map((n) => n + 1),
    );
    for (const [index, { detail }] of outputs.entries())
      assert.ok(detail.statementName.includes(told.executions[index]?.executionArn ?? '?'));
  },
};

/** One after the other, as the invoker has room for one alone; and what is refused meanwhile is repeated. */
const NARROW: Machine = {
  name: 'Throttled',
  define: (scope, { narrow }) =>
    new MapState(scope, 'ForEachNarrow', { itemsPath: JsonPath.stringAt('$.items') }).itemProcessor(
      sqlTask(scope, 'RunNarrow', narrow),
    ),
};

const throttled: Scenario = {
  name: 'an invoker that is throttled starts all in the end',
  machines: [NARROW],
  statements: 6,
  run: async (world) =>
    executions(await world.run('Throttled', { items: numbers(6).map(() => ({ sql: 'select 1' })) })),
  expect: (told) => allDifferent(idsOf(succeeded<FinishedOutput[]>(only(told.executions)))),
};

/** The same SQL by two taskers. */
const BOTH: Machine = {
  name: 'BothTaskers',
  define: (scope, { first, narrow }) =>
    new Parallel(scope, 'Taskers').branch(sqlTask(scope, 'ByFirst', first)).branch(sqlTask(scope, 'ByNarrow', narrow)),
};

const taskers: Scenario = {
  name: 'two taskers in one stack each tell of their own statements',
  machines: [BOTH],
  statements: 2,
  run: async (world) => executions(await world.run('BothTaskers', { sql: 'select 1' })),
  expect: (told) => {
    const prefixes = succeeded<FinishedOutput[]>(only(told.executions)).map(
      ({ detail }) => detail.statementName.split('/')[0],
    );
    allDifferent(prefixes);
  },
};

export const many: readonly Scenario[] = [map, parallel, atOnce, throttled, taskers];
