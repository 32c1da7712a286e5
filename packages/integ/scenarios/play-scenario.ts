import assert from 'node:assert/strict';
import { aftermathOf, deadLettersOf } from './aftermath.ts';
import type { ScenarioStage } from './local-stage.ts';
import { checkReports } from './reports.ts';
import type { Scenario } from './scenario.ts';

/** Plays a scenario to the end of all that it has set going, and checks what must hold then, whatever has happened. */
export const playScenario = async (scenario: Scenario, on: ScenarioStage): Promise<void> => {
  const { stage, world } = on;
  const since = stage.clock.now();
  const deadLetters = (await deadLettersOf(on)) + (scenario.deadLetters ?? 0);
  const told = await scenario.run(world);
  const aftermath = await aftermathOf(on, since, deadLetters);
  scenario.expect(told);
  const { statements } = aftermath;
  assert.equal(statements.length, scenario.statements, 'statements that the warehouse has run');
  assert.deepEqual(aftermath, { statements, deadLetters, lost: 0 });
  const executions = new Set(told.executions.map(({ executionArn }) => executionArn));
  await checkReports(world.sfn, [...executions], statements);
};
