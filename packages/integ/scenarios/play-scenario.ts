import assert from 'node:assert/strict';
import { type Aftermath, aftermathOf, deadLettersOf, knownStatements } from './aftermath.ts';
import type { Ground } from './ground.ts';
import { checkReports } from './reports.ts';
import type { Scenario } from './scenario.ts';
import { DEFINITE } from './sql-task.ts';
import type { Told } from './told.ts';

interface Circumstances {
  /** @default false */
  readonly underFaults?: boolean;
}

/** Plays a scenario to the end of all that it has set going, and checks what must hold then, whatever has happened. */
export const playScenario = async (
  scenario: Scenario,
  on: Ground,
  { underFaults = false }: Circumstances = {},
): Promise<void> => {
  const { world } = on;
  const known = await knownStatements(on);
  const deadLetters = (await deadLettersOf(on)) + (scenario.deadLetters ?? 0);
  const told = await scenario.run(world);
  const { statements, ...left } = await aftermathOf(on, known, deadLetters).catch((error: unknown) => {
    // What has been told may say more than that nothing comes to rest.
    if (!underFaults) scenario.expect(told);
    throw error;
  });
  const isToldOfFault = underFaults && scenario.isUnrepeated === true && told.executions.some(isFault);
  if (!isToldOfFault) scenario.expect(told);
  checkCount(statements, scenario, isToldOfFault);
  if (scenario.areCancelled)
    assert.deepEqual(
      statements.filter(({ status }) => status !== 'ABORTED'),
      [],
    );
  // Several faults can use up Lambda's three tries of what CloudFormation asks; that is told it all the same.
  const mayBeMore = underFaults && scenario.stacks !== undefined && left.deadLetters > deadLetters;
  assert.deepEqual(left, { deadLetters: mayBeMore ? left.deadLetters : deadLetters, lost: 0 });
  const executions = new Set(told.executions.map(({ executionArn }) => executionArn));
  await checkReports(world.sfn, [...executions], statements);
};

/** Whether it failed by an error that is not a statement's own. */
const isFault = ({ status, error = '' }: Told['executions'][number]): boolean =>
  status === 'FAILED' && !DEFINITE.includes(error);

const checkCount = (statements: Aftermath['statements'], scenario: Scenario, mayBeFewer: boolean): void => {
  const count = statements.length;
  const isRight = count === scenario.statements || (mayBeFewer && count < scenario.statements);
  assert.ok(isRight, `the warehouse has run ${count} statements, not ${scenario.statements}`);
};
