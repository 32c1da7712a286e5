import assert from 'node:assert/strict';
import { answered, executions, failed, refused, succeeded } from '../assertions.ts';
import { RUN } from '../machines.ts';
import type { Machine, Scenario } from '../scenario.ts';
import { sqlTask } from '../sql-task.ts';
import type { Answer, Ended } from '../told.ts';
import type { World } from '../world.ts';

/** Runs the statement of its input as the other user. */
const AS_OTHER: Machine = {
  name: 'AsOther',
  define: (scope, { other }) => sqlTask(scope, 'RunAsOther', other),
};

const idOf = (ended: Ended): string => succeeded(ended).detail.statementId;

/** The only value of a result. */
const valueIn = (answer: Answer | undefined): string | undefined => {
  assert.ok(answer);
  const [[field] = []] = answered(answer).Records as { stringValue?: string }[][];
  return field?.stringValue;
};

/** Asks both targets for a statement of each. */
const crossed = async (world: World, own: Ended, others: Ended): Promise<readonly Answer[]> => {
  const rows = (ended: Ended) => ({ action: 'getStatementResult', statementId: idOf(ended) });
  const latest = { action: 'describeStatement', statementId: 'LATEST', executionArn: own.executionArn };
  return [
    await world.ask(rows(own)),
    await world.ask(rows(others), 'Other'),
    await world.ask(rows(others)),
    await world.ask(rows(own), 'Other'),
    await world.ask(latest, 'Other'),
  ];
};

const twoUsers: Scenario = {
  name: 'a second target runs statements as another user, and neither is shown those of the other',
  machines: [RUN, AS_OTHER],
  statements: 2,
  run: async (world) => {
    const sql = 'select current_user';
    const [own, others] = [await world.run('Run', { sql }), await world.run('AsOther', { sql })];
    return { ...executions(own, others), answers: await crossed(world, own, others) };
  },
  expect: ({ answers: [own, others, byFirst, byOther, latest] }) => {
    assert.match(valueIn(own) ?? '', /./);
    assert.match(valueIn(others) ?? '', /^IAMR:.*-other$/);
    assert.notEqual(valueIn(own), valueIn(others));
    for (const answer of [byFirst, byOther]) {
      assert.ok(answer);
      refused(answer, answer.error === 'ValidationException' ? answer.error : 'ResourceNotFoundException', /./);
    }
    assert.ok(latest);
    refused(latest, 'PreviousExecutionNotFound', /./);
  },
};

export const denied: Scenario = {
  name: 'the database denies a user what another has made, which its state is told, until that is granted',
  machines: [RUN, AS_OTHER],
  statements: 5,
  run: async (world) => {
    const [table, sql] = ((name) => [name, `select secret from ${name}`])(world.unique());
    const made = await world.run('Run', { sql: `create table ${table} as select 7 as secret` });
    const refusal = await world.run('AsOther', { sql });
    const granted = await world.run('Run', { sql: `grant select on ${table} to public` });
    const allowed = await world.run('AsOther', { sql });
    return executions(refusal, made, granted, allowed, await world.run('Run', { sql: `drop table ${table}` }));
  },
  expect: ({ executions: [refusal, ...others] }) => {
    assert.ok(refusal);
    // Redshift calls a table a relation.
    failed(refusal, 'FAILED', /permission denied for (table|relation) /);
    for (const ended of others) succeeded(ended);
  },
};

export const targets: readonly Scenario[] = [twoUsers, denied];
