import { Duration } from 'aws-cdk-lib';
import { executions, failed, only, succeeded } from '../assertions.ts';
import type { Machine, Scenario } from '../scenario.ts';
import { sqlTask } from '../sql-task.ts';
import { FOR_EVER, type World } from '../world.ts';

/** Longer than three runs of the sweep. */
const HEARTBEAT = Duration.minutes(40);
const STEP_MINUTES = 10;
const STEPS = 15;

/** Gives up after so long without a sign of life. */
const BEATING: Machine = {
  name: 'Beating',
  define: (scope, { first }) =>
    sqlTask(scope, 'RunBeating', first, {
      payload: { heartbeatSeconds: HEARTBEAT.toSeconds() },
      heartbeat: HEARTBEAT,
      notRepeated: ['States.Timeout', 'States.HeartbeatTimeout'],
    }),
};

/** Time passes little by little: nobody could give a sign of life within a jump. */
const slowly = async (world: World): Promise<void> => {
  for (let step = 0; step < STEPS; step += 1) await world.pass(STEP_MINUTES);
};

const beats: Scenario = {
  name: 'a state that wants heartbeats has them as long as its statement runs',
  needs: ['clock'],
  machines: [BEATING],
  statements: 1,
  run: async (world) => {
    const executionArn = await world.start('Beating', { sql: world.lasting(STEPS * STEP_MINUTES - 5) });
    await world.submitted(executionArn);
    await slowly(world);
    return executions(await world.ended(executionArn));
  },
  expect: (told) => succeeded(only(told.executions)),
};

const BOUNDED_RUN: Machine = {
  name: 'BoundedRun',
  define: (scope, { first }) => sqlTask(scope, 'RunUpToAnHour', first, { payload: { maxRuntimeSeconds: 3600 } }),
};

const bounded: Scenario = {
  name: 'a statement that runs longer than it may is cancelled: its state fails as ABORTED',
  needs: ['clock'],
  machines: [BOUNDED_RUN],
  statements: 1,
  areCancelled: true,
  run: async (world) => executions(await world.run('BoundedRun', { sql: world.lasting(FOR_EVER) })),
  expect: (told) => failed(only(told.executions), 'ABORTED'),
};

export const clocks: readonly Scenario[] = [beats, bounded];
