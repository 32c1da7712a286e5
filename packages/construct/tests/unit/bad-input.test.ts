import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JsonPath, QueryLanguage } from 'aws-cdk-lib/aws-stepfunctions';
import {
  type ITaskerTarget,
  RedshiftExpectation,
  RedshiftLock,
  RedshiftSession,
  type RedshiftStartOptions,
  RedshiftStatement,
} from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { newDirectory } from '../helpers/directories.ts';
import { requestOf, stateMaker } from '../helpers/states.ts';

const { JSON_PATH, JSONATA } = QueryLanguage;
const expectation = RedshiftExpectation.noRows();

type Props = RedshiftStartOptions & { readonly file?: string; readonly text?: string };

const STARTS = {
  execute: stateMaker<Props>((tasker: ITaskerTarget, scope, { file, text = 'select 1', ...props }) =>
    tasker.executeStatement(scope, 'Run', { ...(file === undefined ? { sql: text } : { sqlFile: file }), ...props }),
  ),
  batch: stateMaker<Props>((tasker: ITaskerTarget, scope, { file, text = 'select 1', ...props }) =>
    tasker.batchExecuteStatement(scope, 'Run', {
      ...(file === undefined ? { sqls: [text] } : { sqlFiles: [file] }),
      ...props,
    }),
  ),
  check: stateMaker<Props>((tasker: ITaskerTarget, scope, { file, text = 'select 1', ...props }) =>
    tasker.dataCheck(scope, 'Run', {
      ...(file === undefined ? { sql: text } : { sqlFile: file }),
      expectation,
      ...props,
    }),
  ),
};

const directory = newDirectory('sql');
const at = (name: string) => join(directory, name);
mkdirSync(at('folder'));
writeFileSync(at('empty.sql'), '');
symlinkSync(at('loop.sql'), at('loop.sql'));

const BAD: readonly [string, Props, RegExp][] = [
  [
    'a directory',
    { file: at('folder') },
    /sqlFiles?(\[0\])?: must be a file of UTF-8 text; .*EISDIR.*; received ".*folder"/,
  ],
  ['an empty file', { file: at('empty.sql') }, /sqlFiles?.*empty.sql\): must be SQL, not empty .*; received ""/],
  ['what cannot be read', { file: at('loop.sql') }, /sqlFiles?.*: must be a file of UTF-8 text; .*ELOOP.*; received "/],
  ['no file', { file: at('none.sql') }, /sqlFiles?.*: must be a file of UTF-8 text; .*ENOENT.*; received "/],
  ['white space', { text: ' \n' }, /sqls?(\[0\])?: must be SQL, not empty or white space alone; received " \\n"/],
  ['no SQL', { text: '' }, /sqls?(\[0\])?: must be SQL, .*; received ""/],
  ['an unknown parameter', { parameters: { a: 1 } }, /parameters: must have no "a", .*; received \["a"\]/],
  ['a missing parameter', { text: 'select :a' }, /parameters: must have "a", .*; received \[\]/],
  ['an empty key', { idempotencyKey: '' }, /idempotencyKey: must have 1 to 256 characters; received ""/],
  ['a long name', { attemptName: 'x'.repeat(257) }, /attemptName: must have 1 to 256 characters; received "x/],
  [
    'a session without id',
    { session: RedshiftSession.withId('') },
    /session: must be an id of the Data API \(sessionId of an output\); received ""/,
  ],
];

describe.each(Object.entries(STARTS))('the state of %s', (_what, make) => {
  describe.each([JSON_PATH, JSONATA])('in %s', (language) => {
    it.each(BAD)('is refused with %s, by the name of the prop and what it held', (_bad, props, says) => {
      expect(() => make(props, language)).toThrow(says);
    });
  });

  it.each([
    [JSON_PATH, '{% $states.input.name %}', 'JSONata'],
    [JSONATA, JsonPath.stringAt('$.name'), 'JSONPath'],
  ] as const)('in %s is refused with expressions of the other language', (language, attemptName, other) => {
    expect(() => make({ attemptName }, language)).toThrow(`Run: attemptName: is a ${other} expression`);
    expect(() => make({ idempotencyKey: attemptName }, language)).toThrow(`idempotencyKey: is a ${other} expression`);
  });

  it('has the name of its attempt from a prop, in both languages', () => {
    expect(requestOf(make({ attemptName: JsonPath.stringAt('$.name') }))).toMatchObject({
      attempt: { 'state.$': '$.name', 'enteredTime.$': '$$.State.EnteredTime' },
    });
    const attemptName = '{% $states.input.name %}';
    expect(requestOf(make({ attemptName }, JSONATA))).toMatchObject({ attempt: { state: attemptName } });
    expect(requestOf(make({ attemptName: 'Load 1' }))).toMatchObject({ attempt: { state: 'Load 1' } });
  });
});

describe('the states of read and cancel', () => {
  const read = stateMaker<RedshiftStatement>((tasker, scope, statement) =>
    tasker.getStatementResult(scope, 'Ask', { statement }),
  );
  const cancel = stateMaker<RedshiftStatement>((tasker, scope, statement) =>
    tasker.cancelStatement(scope, 'Ask', { statement }),
  );

  it.each([JSON_PATH, JSONATA])('in %s are refused with an empty id or name', (language) => {
    for (const make of [read, cancel]) {
      expect(() => make(RedshiftStatement.withId(''), language)).toThrow(
        'Ask: statement: must be an id of the Data API (RedshiftStatement.latest() is the newest); received ""',
      );
      expect(() => make(RedshiftStatement.latestOfState(''), language)).toThrow(
        'Ask: statement.stateName: must have 1 to 256 characters; received ""',
      );
    }
  });
});

describe('a lock', () => {
  it.each(['', 'x'.repeat(257), undefined])('is refused with the name %s', (name) => {
    expect(() => RedshiftLock.named(name as string)).toThrow(/^lock.name: must have 1 to 256 characters; received /);
  });
});
