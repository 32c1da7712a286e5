import assert from 'node:assert/strict';
import { RedriveExecutionCommand } from '@aws-sdk/client-sfn';
import { executions, type FinishedOutput, failed, only, succeeded } from '../assertions.ts';
import { PATIENT, RESTART, RUN, TIMEOUT_MINUTES } from '../machines.ts';
import type { Scenario } from '../scenario.ts';
import type { Ended } from '../told.ts';
import type { World } from '../world.ts';

const adopts: Scenario = {
  name: 'a retry adopts the statement that the state before it has left running',
  needs: ['clock'],
  machines: [PATIENT],
  statements: 1,
  run: async (world) => executions(await world.run('Patient', { sql: world.lasting(2 * TIMEOUT_MINUTES) })),
  expect: (told) => succeeded(only(told.executions)),
};

const between: Scenario = {
  name: 'a retry is given the outcome of a statement that has finished between the attempts',
  needs: ['clock'],
  machines: [PATIENT],
  statements: 1,
  run: async (world) => executions(await world.run('Patient', { sql: world.lasting(TIMEOUT_MINUTES + 0.5) })),
  expect: (told) => succeeded(only(told.executions)),
};

const restarts: Scenario = {
  name: 'a retry that restarts cancels the statement that the state before it has left running',
  needs: ['clock'],
  machines: [RESTART],
  isImpatient: true,
  statements: 2,
  run: async (world) => executions(await world.run('Restart', { sql: world.lasting(2 * TIMEOUT_MINUTES, 1) })),
  expect: (told) => succeeded(only(told.executions)),
};

const redrive = async (world: World, { executionArn }: Ended): Promise<Ended> => {
  await world.sfn.send(new RedriveExecutionCommand({ executionArn }));
  return world.ended(executionArn);
};

const redrives: Scenario = {
  name: 'a redrive runs the statement anew that has failed',
  machines: [RUN],
  statements: 4,
  run: async (world) => {
    const table = world.unique();
    const first = await world.run('Run', { sql: `select 1 from ${table}` });
    const made = await world.run('Run', { sql: `create table ${table} (i int)` });
    const redriven = await redrive(world, first);
    // Where nobody knows whether the failure was told, the redrive is told of it once more, and runs nothing.
    const last = redriven.status === 'FAILED' ? await redrive(world, redriven) : redriven;
    return executions(first, made, last, await world.run('Run', { sql: `drop table ${table}` }));
  },
  expect: ({ executions: [first, , redriven] }) => {
    assert.ok(first && redriven);
    failed(first, 'FAILED');
    succeeded<FinishedOutput>(redriven);
  },
};

export const retries: readonly Scenario[] = [adopts, between, restarts, redrives];
