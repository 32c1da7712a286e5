import { Duration } from 'aws-cdk-lib';
import { IntegrationPattern, JsonPath, QueryLanguage, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import {
  RedshiftExecuteStatement,
  RedshiftExpectation,
  RedshiftGetStatementResult,
  RedshiftResult,
  RedshiftSession,
  RedshiftStatement,
  SfnRedshiftTasker,
} from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { stateMaker } from '../helpers/states.ts';
import { addTasker, newStack, target } from '../helpers/synth.ts';

/** What JavaScript lets through. */
const wrong = (props: object) => props as never;

const execute = stateMaker<object>((tasker, scope, props) =>
  tasker.executeStatement(scope, 'Run', wrong({ sql: 'select 1', ...props })),
);
const batch = stateMaker<object>((tasker, scope, props) =>
  tasker.batchExecuteStatement(scope, 'Run', wrong({ sqls: ['select 1'], ...props })),
);
const check = stateMaker<object>((tasker, scope, props) =>
  tasker.dataCheck(scope, 'Run', wrong({ sql: 'select 1', ...props })),
);
const read = stateMaker<object>((tasker, scope, props) => tasker.getStatementResult(scope, 'Run', wrong(props)));
const cancel = stateMaker<object>((tasker, scope, props) => tasker.cancelStatement(scope, 'Run', wrong(props)));

const ID = 'd9b6c0c9-0747-4bf4-b142-e8883122f766';
const statement = RedshiftStatement.latest();
const integrationPattern = IntegrationPattern.REQUEST_RESPONSE;

describe('a state is refused, by the name of the prop and what it held, with', () => {
  it.each<[string, (props: object) => unknown, object, string]>([
    ['a word for onRetry', execute, { onRetry: 'again' }, 'onRetry: must be adopt or restart; received "again"'],
    ['a word for onTimeout', batch, { onTimeout: 'no' }, 'onTimeout: must be cancel or leave; received "no"'],
    [
      'a word for executionMode',
      batch,
      { executionMode: 'X' },
      'executionMode: must be TRANSACTION or AUTO_COMMIT; received "X"',
    ],
    ['text for sqls', batch, { sqls: 'select 1' }, 'sqls: must be a list, such as [\'select 1\']; received "select 1"'],
    ['text for a result', execute, { result: 'rows' }, 'result: must be a RedshiftResult; received "rows"'],
    [
      'a function for a result',
      batch,
      { result: () => RedshiftResult.rows() },
      'result: must be a RedshiftResult; received (a function)',
    ],
    ['text for a lock', execute, { lock: 'l' }, 'lock: must be a RedshiftLock; received "l"'],
    ['text for a session', execute, { session: ID }, `session: must be a RedshiftSession; received "${ID}"`],
    ['a number for maxRuntime', execute, { maxRuntime: 30 }, 'maxRuntime: must be a Duration; received 30'],
    ['a number for a timeout', execute, { heartbeatTimeout: 30 }, 'heartbeatTimeout: must be a Timeout; received 30'],
    [
      'text for parameters',
      execute,
      { parameters: 'a' },
      'parameters: must be values by name, or an expression that gives them; received "a"',
    ],
    [
      'null for parameters',
      execute,
      { parameters: null },
      'parameters: must be values by name, or an expression that gives them; received null',
    ],
    ['no expectation', check, {}, 'expectation: must be a RedshiftExpectation; received undefined'],
    ['no statement to read', read, {}, 'statement: must be a RedshiftStatement; received undefined'],
    ['no statement to cancel', cancel, {}, 'statement: must be a RedshiftStatement; received undefined'],
    ['no token', read, { statement, nextToken: '' }, 'nextToken: must be text, not empty; received ""'],
    [
      'heartbeats that nobody waits for',
      cancel,
      { statement, heartbeatTimeout: Timeout.duration(Duration.hours(1)) },
      'heartbeatTimeout: needs a state that waits: integrationPattern RUN_JOB; received "REQUEST_RESPONSE"',
    ],
    [
      'what is asked for who waits',
      batch,
      { integrationPattern, onTimeout: 'cancel' },
      'onTimeout: needs a state that waits: integrationPattern RUN_JOB; received "REQUEST_RESPONSE"',
    ],
    ...['', 'abc', 'LATEST', ID.toUpperCase()].flatMap((id): [string, (props: object) => unknown, object, string][] => [
      [
        `the statement "${id}"`,
        read,
        { statement: RedshiftStatement.withId(id) },
        `statement: must be an id of the Data API (RedshiftStatement.latest() is the newest); received "${id}"`,
      ],
      [
        `the session "${id}"`,
        execute,
        { session: RedshiftSession.withId(id) },
        `session: must be an id of the Data API (sessionId of an output); received "${id}"`,
      ],
    ]),
  ])('%s', (_what, make, props, says) => {
    expect(() => make(props)).toThrow(`/Run: ${says}`);
  });

  it.each([undefined, 'tasker', {}])('the tasker %j', (tasker) => {
    const stack = newStack();
    const says = /Run: tasker: must be a SfnRedshiftTasker, or a target of one; received /;
    expect(() => new RedshiftExecuteStatement(stack, 'Run', wrong({ sql: 'select 1', tasker }))).toThrow(says);
    expect(() => new RedshiftGetStatementResult(stack, 'Run', wrong({ statement, tasker }))).toThrow(says);
  });
});

describe('what is as it should be', () => {
  it('passes', () => {
    expect(() => read({ statement: RedshiftStatement.withId(ID) })).not.toThrow();
    expect(() => read({ statement: RedshiftStatement.withId(`${ID}:2`), nextToken: 'more' })).not.toThrow();
    expect(() => cancel({ statement: RedshiftStatement.withId(JsonPath.stringAt('$.id')) })).not.toThrow();
    expect(() => execute({ session: RedshiftSession.withId(ID) })).not.toThrow();
    const nextToken = '{% $states.input.next %}';
    expect(() => read({ queryLanguage: QueryLanguage.JSONATA, statement, nextToken })).not.toThrow();
    expect(() => check({ expectation: RedshiftExpectation.noRows() })).not.toThrow();
  });
});

describe('a tasker is refused with', () => {
  const made = (props: object) => () => new SfnRedshiftTasker(newStack(), 'Tasker', wrong(props));

  it('no target', () => {
    expect(made({})).toThrow('target: must be a RedshiftTarget; received undefined');
    const tasker = addTasker(newStack());
    expect(() => tasker.addTarget('other', 'c1' as never)).toThrow(
      'addTarget(other).target: must be a RedshiftTarget; received "c1"',
    );
  });

  it('an unknown encryption', () => {
    expect(made({ target, encryption: 'NONE' })).toThrow(
      'encryption: must be CUSTOMER_MANAGED or AWS_OWNED; received "NONE"',
    );
  });

  it.each([
    ['sweep.interval', { sweep: { interval: 5 } }],
    ['invoker.timeout', { invoker: { timeout: 5 } }],
    ['recordRetention', { recordRetention: 5 }],
  ])('a number for %s', (property, props) => {
    expect(made({ target, ...props })).toThrow(`${property}: must be a Duration; received 5`);
  });
});

describe('others that are refused', () => {
  it('are a bucket that is none, and a time', () => {
    expect(() => RedshiftResult.toS3(undefined as never)).toThrow(
      'result.bucket: must be a bucket; received undefined',
    );
    expect(() => RedshiftResult.toS3(addTasker(newStack()) as never)).toThrow(
      'result.bucket: must be a bucket; received (a SfnRedshiftTasker)',
    );
    expect(() => RedshiftSession.open({ keepAlive: 60 as never })).toThrow(
      'session.keepAlive: must be a Duration; received 60',
    );
  });
});
