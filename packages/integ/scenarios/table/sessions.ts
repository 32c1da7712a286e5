import assert from 'node:assert/strict';
import { JsonPath, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { executions, type FinishedOutput, failed, only, succeeded } from '../assertions.ts';
import type { Machine, Scenario } from '../scenario.ts';
import { sqlTask } from '../sql-task.ts';

/** Longer than a scenario takes under faults; the last statement ends the session all the same. */
const KEEP_ALIVE_SECONDS = 21_600;

const REFUSALS = ['SessionBusy', 'SessionGone'];

/** Opens a session with the statement of its input, uses it, ends it, and finds it gone. */
const CHAINED: Machine = {
  name: 'Chained',
  define: (scope, { first }) => {
    const id = JsonPath.stringAt('$.opened.sessionId');
    const opens = sqlTask(scope, 'OpenSession', first, {
      payload: { session: { keepAliveSeconds: KEEP_ALIVE_SECONDS } },
      resultPath: '$.opened',
    });
    const uses = sqlTask(scope, 'UseSession', first, {
      sql: JsonPath.stringAt('$.next'),
      payload: { session: { id } },
      resultPath: '$.used',
    });
    const ends = sqlTask(scope, 'EndSession', first, {
      sql: JsonPath.stringAt('$.next'),
      payload: { session: { id, keepAliveSeconds: 0 } },
      resultPath: '$.ended',
    });
    const misses = sqlTask(scope, 'MissSession', first, {
      sql: JsonPath.stringAt('$.next'),
      payload: { session: { id } },
      notRepeated: ['SessionGone'],
    });
    misses.addCatch(new Pass(scope, 'SessionIsGone'), { errors: ['SessionGone'], resultPath: '$.missed' });
    return opens.next(uses).next(ends).next(misses);
  },
};

interface ChainedOutput {
  readonly opened: FinishedOutput & { readonly sessionId: string };
  readonly used: FinishedOutput;
  readonly missed: { readonly Error: string };
}

const chained: Scenario = {
  name: 'a session carries a temporary table from state to state, until a last statement ends it',
  machines: [CHAINED],
  statements: 3,
  run: async (world) =>
    executions(
      await world.run('Chained', {
        sql: 'create temp table scratch as select 1 as i union all select 2',
        next: 'select i from scratch',
      }),
    ),
  expect: (told) => {
    const { opened, used, missed } = succeeded<ChainedOutput>(only(told.executions));
    assert.match(opened.sessionId, /^[0-9a-f-]{36}$/);
    assert.equal(used.detail.rows, 2);
    assert.equal(missed.Error, 'SessionGone');
  },
};

/** Runs the statement of its input in a session. */
const IN_SESSION: Machine = {
  name: 'InSession',
  define: (scope, { first }) =>
    sqlTask(scope, 'RunInSession', first, {
      payload: { session: JsonPath.objectAt('$.session') },
      notRepeated: REFUSALS,
    }),
};

const busy: Scenario = {
  name: 'a statement is refused while its session runs another, and runs after that',
  needs: ['clock'],
  machines: [IN_SESSION],
  statements: 3,
  run: async (world) => {
    const opened = await world.run('InSession', { sql: 'select 1', session: { keepAliveSeconds: KEEP_ALIVE_SECONDS } });
    const { sessionId: id } = succeeded<{ sessionId: string }>(opened);
    const running = await world.start('InSession', { sql: world.lasting(60), session: { id } });
    await world.submitted(running);
    const refused = await world.run('InSession', { sql: 'select 1', session: { id } });
    const ended = await world.ended(running);
    const last = await world.run('InSession', { sql: 'select 1', session: { id, keepAliveSeconds: 0 } });
    return executions(refused, ended, last);
  },
  expect: ({ executions: [refused, ...others] }) => {
    assert.ok(refused);
    failed(refused, 'SessionBusy');
    for (const other of others) succeeded(other);
  },
};

export const sessions: readonly Scenario[] = [chained, busy];
