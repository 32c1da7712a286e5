import assert from 'node:assert/strict';
import { answered, answers, executions, failed, only, refused } from '../assertions.ts';
import { RUN } from '../machines.ts';
import type { Scenario } from '../scenario.ts';
import { executionLike } from './reading.ts';

const INVALID: readonly (readonly [field: RegExp, payload: Readonly<Record<string, unknown>>])[] = [
  [/^action: /, {}],
  [/^action: /, { action: 'runStatement' }],
  [/^sqlStatement: /, { action: 'executeStatement' }],
  [/^sqlStatement: /, { sqlStatement: `select '${'x'.repeat(204_800)}'` }],
  [/^sqlstatement: /, { sqlstatement: 'select 1' }],
  [/^executionArn: /, { sqlStatement: 'select 1', taskToken: 'a token' }],
  [/^statementId: /, { action: 'cancelStatement', statementId: 'no id' }],
];

const invalid: Scenario = {
  name: 'requests that make no sense are refused by field, and start nothing',
  statements: 0,
  run: async (world) => {
    const given = [];
    for (const [, payload] of INVALID) given.push(await world.ask(payload));
    return answers(...given);
  },
  expect: (told) => {
    for (const [index, [field]] of INVALID.entries()) {
      const answer = told.answers[index];
      assert.ok(answer);
      refused(answer, 'InvalidRequest', field);
    }
  },
};

const empty: Scenario = {
  name: 'a state that sends no SQL fails as InvalidRequest',
  machines: [RUN],
  statements: 0,
  run: async (world) => executions(await world.run('Run', { sql: '  ' })),
  expect: (told) => failed(only(told.executions), 'InvalidRequest', /sqlStatement: must not be empty/),
};

const repeated: Scenario = {
  name: 'the same attempt, asked for twice, starts one statement',
  machines: [RUN],
  statements: 1,
  run: async (world) => {
    const request = {
      sqlStatement: 'select 1',
      executionArn: executionLike(world.outputs.RunArn, world.unique()),
      attempt: { state: 'Twice', enteredTime: '2026-01-01T00:00:00.000Z', retryCount: 0 },
    };
    return answers(await world.ask(request), await world.ask(request));
  },
  expect: (told) => {
    const [one, other] = told.answers.map(answered);
    assert.equal(one?.statementId, other?.statementId);
  },
};

export const requests: readonly Scenario[] = [invalid, empty, repeated];
