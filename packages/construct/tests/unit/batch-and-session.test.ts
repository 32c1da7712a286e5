import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { JsonPath, QueryLanguage } from 'aws-cdk-lib/aws-stepfunctions';
import {
  ExecutionMode,
  type ITaskerTarget,
  RedshiftBatchExecuteStatement,
  type RedshiftBatchExecuteStatementOptions,
  type RedshiftExecuteStatementOptions,
  RedshiftExpectation,
  RedshiftLock,
  RedshiftSession,
  RedshiftTarget,
} from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { newDirectory } from '../helpers/directories.ts';
import { definitionOf, problemsOf, requestOf, type State, stateMaker } from '../helpers/states.ts';
import { addTasker, newStack } from '../helpers/synth.ts';

const { JSONATA } = QueryLanguage;

const batchState = stateMaker<RedshiftBatchExecuteStatementOptions>((tasker, scope, props) =>
  tasker.batchExecuteStatement(scope, 'Load', props),
);
const executeState = stateMaker<RedshiftExecuteStatementOptions>((tasker, scope, props) =>
  tasker.executeStatement(scope, 'Run', props),
);

const file = (name: string, text: string): string => {
  const path = join(newDirectory('sql'), name);
  writeFileSync(path, text);
  return path;
};

describe('a batch', () => {
  it('sends its statements in their order, and waits', () => {
    const state = batchState({ sqls: ['select 1', '{% of'], executionMode: ExecutionMode.AUTO_COMMIT });
    expect(state.Resource).toMatch(/lambda:invoke.waitForTaskToken$/);
    expect(requestOf(state)).toMatchObject({
      action: 'batchExecuteStatement',
      sqlStatements: ['select 1', '{% of'],
      executionMode: 'AUTO_COMMIT',
      errors: 'cause',
      'taskToken.$': '$$.Task.Token',
    });
  });

  it('reads files; the comment of the state tells them', () => {
    const state = batchState({ sqlFiles: [file('a.sql', 'select 1'), file('b.sql', '{% 2 %}')] }, JSONATA);
    expect(requestOf(state)).toMatchObject({
      sqlStatements: ['select 1', String.raw`{% "{\u0025 2 \u0025}" %}`],
    });
    expect(state['Comment']).toMatch(/^a.sql, SHA-256 [0-9a-f]{64}; b.sql, SHA-256 [0-9a-f]{64}$/);
  });

  it('takes a list of the input, in both languages', () => {
    expect(requestOf(batchState({ sqls: JsonPath.listAt('$.sqls') }))).toMatchObject({ 'sqlStatements.$': '$.sqls' });
    expect(requestOf(batchState({ sqls: ['{% $states.input.sqls %}'] }, JSONATA))).toMatchObject({
      sqlStatements: '{% [ $states.input.sqls ] %}',
    });
  });

  it('shares parameters', () => {
    const sqls = ['select :a', 'select :b'];
    expect(requestOf(batchState({ sqls, parameters: { a: 1, b: 2 } }))).toMatchObject({ parameters: { a: 1, b: 2 } });
    expect(() => batchState({ sqls, parameters: { a: 1 } })).toThrow(/Load: parameters: must have "b"/);
    expect(() => batchState({ sqls, parameters: { a: 1, b: 2, c: 3 } })).toThrow(/parameters: must have no "c"/);
  });

  it('is made in both languages, and the validator has nothing against it', () => {
    const stack = newStack();
    const tasker = addTasker(stack);
    const sqls = ['select 1'];
    const definition = definitionOf(
      stack,
      RedshiftBatchExecuteStatement.jsonPath(stack, 'A', { tasker, sqls, resultPath: '$.load' }).next(
        RedshiftBatchExecuteStatement.jsonata(stack, 'B', { tasker, sqls, outputs: '{% 1 %}' }),
      ),
    );
    expect(problemsOf(definition)).toEqual([]);
  });

  it.each<[string, RedshiftBatchExecuteStatementOptions, RegExp]>([
    ['no SQL', {}, /Load: sqls: is required, or sqlFiles; received undefined/],
    ['two lists', { sqls: ['a'], sqlFiles: ['b.sql'] }, /sqlFiles: does not go with sqls; received \["b.sql"\]/],
    ['an empty list', { sqls: [] }, /sqls: must be 1 to 40 statements; received 0/],
    [
      'too many',
      { sqls: Array.from({ length: 41 }, () => 'select 1') },
      /sqls: must be 1 to 40 statements; received 41/,
    ],
    ['an empty one', { sqls: ['select 1', ''] }, /sqls\[1\]: must be SQL, .*; received ""/],
    [
      'a file that is missing',
      { sqlFiles: ['/nowhere/a.sql'] },
      /sqlFiles\[0\]: must be a file of UTF-8 text; .*ENOENT/,
    ],
    [
      'more than 200 KB in all',
      { sqls: Array.from({ length: 3 }, () => `select '${'x'.repeat(80_000)}'`) },
      /sqls: must be at most 204800 bytes of UTF-8; received 240027/,
    ],
    [
      'a path in a list',
      { sqls: ['select 1', JsonPath.stringAt('$.sql')] },
      /sqls\[1\]: must be text in JSONPath; .* JsonPath.listAt/,
    ],
    ['a singleton', { sqls: ['select 1'], lock: RedshiftLock.singleton() }, /lock: must have a name/],
  ])('is refused with %s', (_what, props, says) => expect(() => batchState(props)).toThrow(says));
});

describe('a session', () => {
  it('is opened by one state and used by the next', () => {
    const session = RedshiftSession.open({ keepAlive: Duration.minutes(10) });
    expect(requestOf(executeState({ sql: 'select 1', session }))).toMatchObject({ session: { keepAliveSeconds: 600 } });
    const used = RedshiftSession.withId(JsonPath.stringAt('$.sessionId'));
    expect(requestOf(batchState({ sqls: ['select 1'], session: used }))).toMatchObject({
      session: { 'id.$': '$.sessionId' },
    });
    const last = RedshiftSession.withId('{% $states.input.sessionId %}', { keepAlive: Duration.seconds(0) });
    expect(requestOf(executeState({ sql: 'select 1', session: last }, JSONATA))).toMatchObject({
      session: { id: '{% $states.input.sessionId %}', keepAliveSeconds: 0 },
    });
  });

  it('with nothing said is opened all the same', () => {
    expect(requestOf(executeState({ sql: 'select 1', session: RedshiftSession.open() }))).toMatchObject({
      session: {},
    });
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'no time where it is opened',
      () => RedshiftSession.open({ keepAlive: Duration.seconds(0) }),
      /session.keepAlive: must be whole seconds from 1 to 24 hours/,
    ],
    [
      'more than a day',
      () => RedshiftSession.withId('x', { keepAlive: Duration.hours(25) }),
      /session.keepAlive: must be whole seconds from 0/,
    ],
    [
      'an id of the other language',
      () => executeState({ sql: 'select 1', session: RedshiftSession.withId('{% 1 %}') }),
      /Run: session: is a JSONata expression/,
    ],
  ])('is refused with %s', (_what, make, says) => expect(make).toThrow(says));

  describe('that one target has opened', () => {
    const stack = newStack();
    const tasker = addTasker(stack);
    const ownerRole = new Role(stack, 'Owner', { assumedBy: new AccountRootPrincipal() });
    const on = (id: string, clusterIdentifier: string) =>
      tasker.addTarget(id, RedshiftTarget.cluster({ clusterIdentifier, database: 'dev', dbUser: 'etl', ownerRole }));
    const [here, there] = [on('here', 'c1'), on('there', 'c2')];
    const session = (openedBy: ITaskerTarget) => RedshiftSession.withId(JsonPath.stringAt('$.sessionId'), { openedBy });

    it('is used by its states', () => {
      const state = here.executeStatement(stack, 'Same', { sql: 'select 1', session: session(here) });
      expect(requestOf(definitionOf(stack, state).States['Same'] as State)).toMatchObject({
        session: { 'id.$': '$.sessionId' },
      });
      expect(() => tasker.executeStatement(stack, 'Own', { sql: 'a', session: session(tasker) })).not.toThrow();
    });

    it.each<[string, (target: ITaskerTarget, id: string) => unknown]>([
      ['a statement', (target, id) => target.executeStatement(stack, id, { sql: 'a', session: session(here) })],
      ['a batch', (target, id) => target.batchExecuteStatement(stack, id, { sqls: ['a'], session: session(here) })],
      [
        'a check',
        (target, id) =>
          target.dataCheck(stack, id, { sql: 'a', expectation: RedshiftExpectation.noRows(), session: session(here) }),
      ],
    ])('is refused in %s of another, by name, with the state and both targets', (what, make) => {
      expect(() => make(there, `With ${what}`)).toThrow(
        new RegExp(
          `^Stack/With ${what}: session\\.openedBy: must be the target whose state uses the session, Stack/Tasker/Targets/there: it runs where it was opened; received "Stack/Tasker/Targets/here"$`,
        ),
      );
      expect(() => make(tasker, `With ${what} of the tasker`)).toThrow(/uses the session, Stack\/Tasker: /);
    });
  });
});
