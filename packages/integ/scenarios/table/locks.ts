import assert from 'node:assert/strict';
import { JsonPath, Map as MapState } from 'aws-cdk-lib/aws-stepfunctions';
import { executions, type FinishedOutput, failed, only, succeeded } from '../assertions.ts';
import type { Machine, Scenario } from '../scenario.ts';
import { sqlTask } from '../sql-task.ts';

const MINUTES = 3;

/** Runs the statements of its input under one lock; who does not get it tries again. */
const LOCKED: Machine = {
  name: 'Locked',
  define: (scope, { first }) =>
    new MapState(scope, 'ForEachLocked', {
      itemsPath: JsonPath.stringAt('$.items'),
      itemSelector: { 'sql.$': '$$.Map.Item.Value.sql', 'lock.$': '$.lock' },
    }).itemProcessor(sqlTask(scope, 'RunLocked', first, { payload: { lock: { name: JsonPath.stringAt('$.lock') } } })),
};

const locked: Scenario = {
  name: 'statements with the same lock run one after the other',
  needs: ['clock'],
  machines: [LOCKED],
  statements: 3,
  run: async (world) => {
    const items = Array.from({ length: 3 }, () => ({ sql: world.lasting(MINUTES) }));
    return executions(await world.run('Locked', { items, lock: world.unique() }));
  },
  expect: (told) => {
    const ends = succeeded<(FinishedOutput & { time: string })[]>(only(told.executions)).map(({ time }) =>
      Date.parse(time),
    );
    const [first = 0, second = 0, third = 0] = ends.sort((one, other) => one - other);
    // Times of events are whole seconds.
    const least = MINUTES * 60_000 - 1_000;
    assert.ok(second - first >= least && third - second >= least, `they ended at ${ends.join(', ')}`);
  },
};

/** One by its SQL. */
const SINGLETON: Machine = {
  name: 'Singleton',
  define: (scope, { first }) =>
    sqlTask(scope, 'RunSingleton', first, {
      payload: { action: 'executeSingletonStatement' },
      notRepeated: ['ConcurrentExecution'],
    }),
};

const singleton: Scenario = {
  name: 'a singleton is refused while the same runs, and runs after it',
  needs: ['clock'],
  machines: [SINGLETON],
  statements: 2,
  run: async (world) => {
    const sql = world.lasting(60);
    const running = await world.start('Singleton', { sql });
    await world.submitted(running);
    const refused = await world.run('Singleton', { sql: `${sql};` });
    return executions(refused, await world.ended(running), await world.run('Singleton', { sql }));
  },
  expect: ({ executions: [refused, ...others] }) => {
    assert.ok(refused);
    failed(refused, 'ConcurrentExecution');
    for (const other of others) succeeded(other);
  },
};

export const locks: readonly Scenario[] = [locked, singleton];
