import assert from 'node:assert/strict';
import { answers, executions, failed, only, refused, succeeded } from '../assertions.ts';
import { PARAMETERS, RUN } from '../machines.ts';
import type { Scenario } from '../scenario.ts';

/** Texts that only whoever sends them may see again. */
export const SECRETS = {
  parameter: 'c4n4ryPar4meter0fNobodysBusiness',
  literal: 'c4n4ryLiter4lInTheMiddleOfTheSql',
  credential: 'c4n4ryCredenti4lOfTheCopyCommand',
  token: 'c4n4ryT4skTokenThatIsSentAmiss0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  responseUrl: 'c4n4ryResponseUrlSign4ture',
} as const;

const parameters = { secret: SECRETS.parameter };

const finishes: Scenario = {
  name: 'a statement with secret values finishes',
  machines: [PARAMETERS],
  statements: 1,
  run: async (world) => {
    const sql = `select :secret::varchar(100) as one, '${SECRETS.literal}' as other`;
    return executions(await world.run('Parameters', { sql, parameters }));
  },
  expect: (told) => succeeded(only(told.executions)),
};

const fails: Scenario = {
  name: 'a statement with secret values fails',
  machines: [PARAMETERS],
  statements: 1,
  run: async (world) => {
    const sql = 'select :secret::varchar(100) from nowhere';
    return executions(await world.run('Parameters', { sql, parameters }));
  },
  expect: (told) => failed(only(told.executions), 'FAILED', /nowhere/),
};

const refusedCall: Scenario = {
  name: 'a statement with secret values is refused',
  machines: [PARAMETERS],
  statements: 0,
  run: async (world) => executions(await world.run('Parameters', { sql: 'select 1', parameters })),
  expect: (told) => failed(only(told.executions), 'ValidationException', /unused parameters/),
};

const copies: Scenario = {
  name: 'a statement that holds credentials fails',
  machines: [RUN],
  statements: 1,
  run: async (world) => {
    const credentials = `aws_access_key_id=AKIANOBODY;aws_secret_access_key=${SECRETS.credential}`;
    return executions(
      await world.run('Run', { sql: `copy nowhere from 's3://none/at-all' credentials '${credentials}'` }),
    );
  },
  expect: (told) => failed(only(told.executions), 'FAILED'),
};

const INVALID: readonly Readonly<Record<string, unknown>>[] = [
  { sqlStatement: 'select 1', parameters: { nested: { [SECRETS.parameter]: SECRETS.parameter } } },
  { sqlStatement: 'select 1', taskToken: SECRETS.token },
  { action: 'cancelStatement', statementId: SECRETS.token },
  // The refusal quotes how the SQL begins, no more.
  { sqlStatement: [`select ${'1 + '.repeat(100)} '${SECRETS.literal}'`] },
  { RequestType: 'Create', ResponseURL: `https://nowhere.example/?signature=${SECRETS.responseUrl}` },
];

const invalid: Scenario = {
  name: 'requests that make no sense are refused without a word of what they hold',
  statements: 0,
  run: async (world) => {
    const given = [];
    for (const payload of INVALID) given.push(await world.ask(payload));
    return answers(...given);
  },
  expect: (told) => {
    assert.equal(told.answers.length, INVALID.length);
    for (const answer of told.answers) refused(answer, 'InvalidRequest', /: /);
  },
};

export const secrets: readonly Scenario[] = [finishes, fails, refusedCall, copies, invalid];
