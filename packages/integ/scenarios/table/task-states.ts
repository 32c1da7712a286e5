import assert from 'node:assert/strict';
import { Duration, type Stack } from 'aws-cdk-lib';
import { Chain, IntegrationPattern, JsonPath, Pass, QueryLanguage } from 'aws-cdk-lib/aws-stepfunctions';
import {
  RedshiftExecuteStatement,
  RedshiftExpectation,
  RedshiftGetStatementResult,
  RedshiftResult,
  RedshiftSession,
  RedshiftStatement,
} from 'sfn-redshift-tasker';
import { executions, failed, succeeded } from '../assertions.ts';
import type { Machine, Scenario } from '../scenario.ts';
import type { Taskers } from '../taskers.ts';
import { FOR_EVER } from '../world.ts';

/** What looks like an expression of either language, and is text. */
const ODD_TEXTS = ['$.text', '$$', '{% of', 'of %}', "it's :n", '"\\'];
const ODD_SQL = `select ${ODD_TEXTS.map((_, n) => `:t${n}::varchar as t${n}`).join(', ')}, :day::varchar as day, '$.a {% b %}' as literal`;
const ODD_PARAMETERS = Object.fromEntries(ODD_TEXTS.map((text, n) => [`t${n}`, text]));

/** Runs a statement with parameters of all kinds, has its row and reads it. */
const inJsonPath: Machine = {
  name: 'StatesInJsonPath',
  define: (scope, { first: tasker }) => {
    const parameters = { ...ODD_PARAMETERS, day: JsonPath.stringAt('$.day') };
    const select = RedshiftExecuteStatement.jsonPath(scope, 'SelectByPath', {
      tasker,
      sql: ODD_SQL,
      parameters,
      result: RedshiftResult.row(),
      resultSelector: { 'id.$': '$.detail.statementId', 'rows.$': '$.detail.rows', 'row.$': '$.result.row' },
      resultPath: '$.select',
    });
    const read = RedshiftGetStatementResult.jsonPath(scope, 'ReadByPath', {
      tasker,
      statement: RedshiftStatement.withId(JsonPath.stringAt('$.select.id')),
      resultSelector: { 'records.$': '$.Records', 'columns.$': '$.ColumnMetadata[*].label' },
      resultPath: '$.read',
    });
    const output = {
      'rows.$': '$.select.rows',
      'row.$': '$.select.row',
      'records.$': '$.read.records',
      'columns.$': '$.read.columns',
    };
    return select.next(read).next(new Pass(scope, 'SaidByPath', { parameters: output }));
  },
};

/** The same. */
const inJsonata: Machine = {
  name: 'StatesInJsonata',
  define: (scope, { first: tasker }) => {
    const parameters = { ...ODD_PARAMETERS, day: '{% $states.input.day %}' };
    const select = RedshiftExecuteStatement.jsonata(scope, 'SelectByJsonata', {
      tasker,
      sql: ODD_SQL,
      parameters,
      result: RedshiftResult.row(),
      outputs: {
        id: '{% $states.result.detail.statementId %}',
        rows: '{% $states.result.detail.rows %}',
        row: '{% $states.result.result.row %}',
      },
    });
    const read = RedshiftGetStatementResult.jsonata(scope, 'ReadByJsonata', {
      tasker,
      statement: RedshiftStatement.withId('{% $states.input.id %}'),
      outputs: {
        rows: '{% $states.input.rows %}',
        row: '{% $states.input.row %}',
        records: '{% $states.result.Records %}',
        columns: '{% $states.result.ColumnMetadata.label %}',
      },
    });
    return select.next(read);
  },
};

interface Said {
  readonly rows: number;
  readonly row: Readonly<Record<string, unknown>>;
  readonly records: readonly (readonly { readonly stringValue?: string }[])[];
  readonly columns: readonly string[];
}

const says: Scenario = {
  name: 'a task state gives the same output in JSONPath and in JSONata, and takes text for text',
  machines: [inJsonPath, inJsonata],
  statements: 2,
  run: async (world) => {
    const input = { day: '2026-11-26' };
    return executions(await world.run('StatesInJsonPath', input), await world.run('StatesInJsonata', input));
  },
  expect: ({ executions: [byPath, byJsonata] }) => {
    assert.ok(byPath && byJsonata);
    const said = succeeded<Said>(byPath);
    assert.deepEqual(said, succeeded<Said>(byJsonata));
    const texts = said.records.map((record) => record.map(({ stringValue }) => stringValue));
    assert.deepEqual(texts, [[...ODD_TEXTS, '2026-11-26', '$.a {% b %}']]);
    assert.equal(said.rows, 1);
    assert.deepEqual(Object.keys(said.row).sort(), [...said.columns].sort());
    assert.equal(said.row['literal'], '$.a {% b %}');
  },
};

/** The SQL of the input, in a machine that speaks one of both languages. */
const ofInput = (name: string, define: (scope: Stack, taskers: Taskers) => Chain): Machine => ({ name, define });

const failsByPath = ofInput('FailsInJsonPath', (scope, { first: tasker }) =>
  Chain.start(RedshiftExecuteStatement.jsonPath(scope, 'FailByPath', { tasker, sql: JsonPath.stringAt('$.sql') })),
);
const failsByJsonata = ofInput('FailsInJsonata', (scope, { first: tasker }) =>
  Chain.start(RedshiftExecuteStatement.jsonata(scope, 'FailByJsonata', { tasker, sql: '{% $states.input.sql %}' })),
);

const fails: Scenario = {
  name: 'a task state whose statement fails fails by the cause',
  machines: [failsByPath, failsByJsonata],
  statements: 2,
  run: async (world) => {
    const input = { sql: `select 1 from ${world.unique()}` };
    return executions(await world.run('FailsInJsonPath', input), await world.run('FailsInJsonata', input));
  },
  expect: ({ executions: [byPath, byJsonata] }) => {
    assert.ok(byPath && byJsonata);
    failed(byPath, 'UndefinedObject', /does not exist/);
    failed(byJsonata, 'UndefinedObject', /does not exist/);
  },
};

/** Starts a statement that it does not wait for, and cancels it. */
const cancels: Machine = {
  name: 'StartsAndCancels',
  define: (scope, { first }) =>
    first
      .executeStatement(scope, 'OnlyStart', {
        sql: JsonPath.stringAt('$.sql'),
        integrationPattern: IntegrationPattern.REQUEST_RESPONSE,
        resultPath: '$.started',
      })
      .next(
        first.cancelStatement(scope, 'CancelStarted', {
          statement: RedshiftStatement.withId(JsonPath.stringAt('$.started.statementId')),
          resultPath: '$.cancelled',
        }),
      ),
};

const starts: Scenario = {
  name: 'a task state that does not wait starts a statement once, and another one cancels it',
  machines: [cancels],
  statements: 1,
  areCancelled: true,
  run: async (world) => executions(await world.run('StartsAndCancels', { sql: world.lasting(FOR_EVER) })),
  expect: ({ executions: [ended] }) => {
    assert.ok(ended);
    succeeded(ended);
  },
};

const { JSON_PATH, JSONATA } = QueryLanguage;

/** Holds rows against what is expected of them, twice; the second time it is not met. */
const checks = (name: string, queryLanguage: QueryLanguage): Machine => ({
  name,
  define: (scope, { first }) => {
    const isJsonata = queryLanguage === JSONATA;
    const min = isJsonata ? '{% $states.input.least %}' : JsonPath.numberAt('$.least');
    const keepsInput = isJsonata ? { outputs: '{% $states.input %}' } : { resultPath: JsonPath.DISCARD };
    const met = first.dataCheck(scope, `${name}Met`, {
      queryLanguage,
      sql: 'select 1 union all select 2',
      expectation: RedshiftExpectation.count({ exactly: 2 }),
      ...keepsInput,
    });
    const unmet = first.dataCheck(scope, `${name}Unmet`, {
      queryLanguage,
      sql: 'select 2 as greatest',
      expectation: RedshiftExpectation.value({ min }),
    });
    return met.next(unmet);
  },
});

const checked: Scenario = {
  name: 'a data check fails as DataCheckFailed, with a sample, in both query languages',
  machines: [checks('ChecksInJsonPath', JSON_PATH), checks('ChecksInJsonata', JSONATA)],
  statements: 4,
  run: async (world) => {
    const input = { least: 3 };
    return executions(await world.run('ChecksInJsonPath', input), await world.run('ChecksInJsonata', input));
  },
  expect: ({ executions: [byPath, byJsonata] }) => {
    assert.ok(byPath && byJsonata);
    for (const ended of [byPath, byJsonata]) failed(ended, 'DataCheckFailed', /the value is 2, not at least 3/);
  },
};

/** Makes a temporary table in a session, fills and reads it by a batch there, and reads it again as the session ends. */
const inSession = (name: string, queryLanguage: QueryLanguage): Machine => ({
  name,
  define: (scope, { first }) => {
    const isJsonata = queryLanguage === JSONATA;
    const id = isJsonata ? '{% $states.input.sessionId %}' : JsonPath.stringAt('$.sessionId');
    const keptAs = (member: string) =>
      isJsonata
        ? { outputs: `{% $merge([$states.input, { '${member}': $states.result }]) %}` }
        : { resultPath: `$.${member}` };
    const session = RedshiftSession.withId(id);
    const open = first.executeStatement(scope, `${name}Open`, {
      queryLanguage,
      sql: 'create temp table kept (n int)',
      // For as long as it may take to tell of an end where things go wrong.
      session: RedshiftSession.open({ keepAlive: Duration.hours(24) }),
    });
    const fill = first.batchExecuteStatement(scope, `${name}Fill`, {
      queryLanguage,
      sqls: ['insert into kept values (:one)', 'insert into kept values (:two)', 'select n from kept'],
      parameters: { one: 1, two: 2 },
      result: RedshiftResult.column(),
      session,
      ...keptAs('filled'),
    });
    const read = first.executeStatement(scope, `${name}Read`, {
      queryLanguage,
      sql: 'select sum(n) from kept',
      result: RedshiftResult.value(),
      session: RedshiftSession.withId(id, { keepAlive: Duration.seconds(0) }),
      ...keptAs('read'),
    });
    return open.next(fill).next(read);
  },
});

interface InSession {
  readonly filled: { readonly statements: readonly { readonly result?: { readonly column: readonly unknown[] } }[] };
  readonly read: { readonly result: { readonly value: unknown } };
}

const sessions: Scenario = {
  name: 'task states share a session, in both query languages; that of a batch has the rows of its statements',
  machines: [inSession('SessionInJsonPath', JSON_PATH), inSession('SessionInJsonata', JSONATA)],
  statements: 6,
  run: async (world) => executions(await world.run('SessionInJsonPath'), await world.run('SessionInJsonata')),
  expect: ({ executions: [byPath, byJsonata] }) => {
    assert.ok(byPath && byJsonata);
    for (const ended of [byPath, byJsonata]) {
      const { filled, read } = succeeded<InSession>(ended);
      const columns = filled.statements.map(({ result }) => result && [...result.column].sort());
      assert.deepEqual(columns, [undefined, undefined, [1, 2]]);
      assert.equal(read.result.value, 3);
    }
  },
};

export const taskStates: readonly Scenario[] = [says, fails, starts, checked, sessions];
