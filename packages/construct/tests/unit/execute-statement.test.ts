import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnParameter, Duration, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  DefinitionBody,
  IntegrationPattern,
  JsonPath,
  QueryLanguage,
  StateMachine,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import {
  OnRetry,
  OnTimeout,
  RedshiftExecuteStatement,
  type RedshiftExecuteStatementOptions,
  RedshiftLock,
  RedshiftTarget,
} from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { newDirectory } from '../helpers/directories.ts';
import { definitionOf, problemsOf, requestOf, type State, stateMaker } from '../helpers/states.ts';
import { addTasker, newStack } from '../helpers/synth.ts';

const { JSONATA } = QueryLanguage;

const shortForm = stateMaker<RedshiftExecuteStatementOptions>((tasker, scope, props) =>
  tasker.executeStatement(scope, 'Run', props),
);

const file = (text: string | Uint8Array): string => {
  const path = join(newDirectory('sql'), 'load.sql');
  writeFileSync(path, text);
  return path;
};

describe('a state in JSONPath', () => {
  it('sends token, execution and attempt of its own context, and waits', () => {
    const state = shortForm({ sql: 'select 1' });

    expect(state).toMatchObject({
      Type: 'Task',
      Resource: 'arn:<AWS::Partition>:states:::lambda:invoke.waitForTaskToken',
      TimeoutSeconds: 27 * 3600,
      Parameters: { FunctionName: expect.stringMatching(/^<TaskerInvoker.*\.Arn>$/) },
    });
    expect(requestOf(state)).toEqual({
      action: 'executeStatement',
      contractVersion: 1,
      sqlStatement: 'select 1',
      'executionArn.$': '$$.Execution.Id',
      'taskToken.$': '$$.Task.Token',
      errors: 'cause',
      attempt: {
        'state.$': '$$.State.Name',
        'enteredTime.$': '$$.State.EnteredTime',
        'retryCount.$': '$$.State.RetryCount',
        'redriveCount.$': '$$.Execution.RedriveCount',
      },
    });
  });

  it('takes SQL and parameters from its input', () => {
    const parameters = { day: JsonPath.stringAt('$.day'), n: JsonPath.numberAt('$.n'), kind: 'big' };
    expect(requestOf(shortForm({ sql: JsonPath.stringAt('$.sql'), parameters }))).toMatchObject({
      'sqlStatement.$': '$.sql',
      parameters: { 'day.$': '$.day', 'n.$': '$.n', kind: 'big' },
    });
    expect(requestOf(shortForm({ sql: 'select :a', parameters: JsonPath.objectAt('$.parameters') }))).toMatchObject({
      'parameters.$': '$.parameters',
    });
  });

  it.each(['$.day', '$$.Execution.Id', "States.Format('{}', 1)", '{% of', 'of %}'])(
    'sends the text %s as it stands',
    (text) => {
      expect(requestOf(shortForm({ sql: 'select :a', parameters: { a: text } }))).toMatchObject({
        parameters: { a: text },
      });
    },
  );

  it.each(['$.sql', '$$.Execution.Input.sql', "States.Format('{}', 1)", ' $states.input.sql'])(
    'refuses the SQL %s, which none is, and tells how expressions are written',
    (sql) => {
      const says = /Run: sql: must be SQL: an expression is JsonPath.stringAt\('\$.sql'\) in JSONPath, and '\{% /;
      expect(() => shortForm({ sql })).toThrow(says);
      expect(() => shortForm({ sql }, JSONATA)).toThrow(says);
    },
  );

  it('sends SQL with braces in it as it stands', () => {
    expect(requestOf(shortForm({ sql: '{% of' }))).toMatchObject({ sqlStatement: '{% of' });
  });
});

describe('a state in JSONata', () => {
  it('sends the same, by expressions', () => {
    const state = shortForm({ sql: 'select 1' }, JSONATA);

    expect(state).toMatchObject({ Resource: 'arn:<AWS::Partition>:states:::lambda:invoke.waitForTaskToken' });
    expect(problemsOf({ QueryLanguage: JSONATA, StartAt: 'Run', States: { Run: state } })).toEqual([]);
    expect(requestOf(state)).toEqual({
      action: 'executeStatement',
      contractVersion: 1,
      sqlStatement: 'select 1',
      executionArn: '{% $states.context.Execution.Id %}',
      taskToken: '{% $states.context.Task.Token %}',
      errors: 'cause',
      attempt: {
        state: '{% $states.context.State.Name %}',
        enteredTime: '{% $states.context.State.EnteredTime %}',
        retryCount: '{% $states.context.State.RetryCount %}',
        redriveCount: '{% $states.context.Execution.RedriveCount %}',
      },
    });
  });

  it('takes SQL and parameters from its input', () => {
    const parameters = { day: '{% $states.input.day %}', n: 3, kind: '$.big' };
    expect(requestOf(shortForm({ sql: '{% $states.input.sql %}', parameters }, JSONATA))).toMatchObject({
      sqlStatement: '{% $states.input.sql %}',
      parameters: { day: '{% $states.input.day %}', n: 3, kind: '$.big' },
    });
    const all = '{% $states.input.parameters %}';
    expect(requestOf(shortForm({ sql: 'select :a', parameters: all }, JSONATA))).toMatchObject({ parameters: all });
  });

  it('with an expression inside of its SQL brings a warning, and sends it as it stands', () => {
    const stack = newStack();
    const tasker = addTasker(stack);
    const run = (id: string, sql: string, queryLanguage = JSONATA) =>
      tasker.executeStatement(stack, id, { sql, queryLanguage });
    const inside = run('Inside', 'select {% $states.input.n %}');
    run('Whole', "{% 'select ' & $states.input.n %}");
    run('None', 'select 1');
    run('ByPath', 'select {% n %}', QueryLanguage.JSON_PATH);
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('the SQL holds'));
    expect(warnings.map(({ id, entry }) => [id, entry.data])).toEqual([
      ['/Stack/Inside', expect.stringMatching(/^Stack\/Inside: the SQL holds \{% … %\} and is sent as it stands\. /)],
    ]);
    expect(requestOf(definitionOf(stack, inside).States['Inside'] as State)).toMatchObject({
      sqlStatement: String.raw`{% "select {\u0025 $states.input.n \u0025}" %}`,
    });
  });

  it('sends a text as text that only begins or ends as an expression does', () => {
    const request = requestOf(shortForm({ sql: 'select :a', parameters: { a: '{% "of' } }, JSONATA));
    expect(request).toMatchObject({ parameters: { a: String.raw`{% "{\u0025 \"of" %}` } });
  });

  it('sends the text of a file as text, whatever it looks like', () => {
    const sqlFile = file('{% $states.input.sql %}');
    expect(requestOf(shortForm({ sqlFile }, JSONATA))).toMatchObject({
      sqlStatement: String.raw`{% "{\u0025 $states.input.sql \u0025}" %}`,
    });
    expect(requestOf(shortForm({ sqlFile }))).toMatchObject({ sqlStatement: '{% $states.input.sql %}' });
  });
});

describe('jsonPath() and jsonata()', () => {
  const stack = newStack();
  const tasker = addTasker(stack);

  it('make the same state, each in its language', () => {
    const path = RedshiftExecuteStatement.jsonPath(stack, 'Path', { tasker, sql: 'select 1', resultPath: '$.x' });
    const jsonata = RedshiftExecuteStatement.jsonata(stack, 'Ata', { tasker, sql: 'select 1', outputs: '{% 1 %}' });

    const definition = definitionOf(stack, path.next(jsonata));

    expect(problemsOf(definition)).toEqual([]);
    expect(definition.States['Path']).toMatchObject({
      ResultPath: '$.x',
      Parameters: { Payload: { sqlStatement: 'select 1' } },
    });
    expect(definition.States['Ata']).toMatchObject({
      QueryLanguage: 'JSONata',
      Output: '{% 1 %}',
      Arguments: { Payload: { sqlStatement: 'select 1' } },
    });
  });
});

describe('a file of SQL', () => {
  it('is sent as it stands; the comment of the state tells its name and hash', () => {
    const stack = newStack();
    const sqlFile = file('\uFEFFselect 1;\n');
    const task = addTasker(stack).executeStatement(stack, 'Run', { sqlFile, comment: 'One' });

    const { Run } = definitionOf(stack, task).States;

    expect(Run).toMatchObject({ Parameters: { Payload: { sqlStatement: 'select 1;\n' } } });
    expect(task.sqlSha256).toBe(createHash('sha256').update('select 1;\n').digest('hex'));
    expect(Run?.['Comment']).toBe(`One; load.sql, SHA-256 ${task.sqlSha256}`);
  });

  it.each([
    [
      'is missing',
      '/nowhere/load.sql',
      /sqlFile: must be a file of UTF-8 text; \/nowhere\/load.sql is none \(ENOENT\); received "\/nowhere/,
    ],
    ['is empty', file(' \n'), /sqlFile \(.*load.sql\): must be SQL, .*; received " \\n"/],
    ['is no text', file(Uint8Array.of(0x73, 0xff)), /sqlFile: must be a file of UTF-8 text/],
    ['is too long', file(`select '${'x'.repeat(204_800)}'`), /must be at most 204800 bytes of UTF-8; received 204809/],
  ])('that %s is refused', (_what, sqlFile, says) => {
    expect(() => shortForm({ sqlFile })).toThrow(says);
  });
});

describe('a state that does not wait', () => {
  const state = shortForm({ sql: 'select 1', integrationPattern: IntegrationPattern.REQUEST_RESPONSE });

  it('invokes the function itself, whose answer is its result', () => {
    expect(state).toMatchObject({ Resource: expect.stringMatching(/^<TaskerInvoker.*\.Arn>$/), TimeoutSeconds: 1200 });
    expect(state.Parameters).toMatchObject({ sqlStatement: 'select 1' });
    expect(Object.keys(state.Parameters ?? {})).not.toContain('taskToken.$');
    expect(state.Parameters).not.toHaveProperty('errors');
  });

  it('is one start, however often it is repeated', () => {
    expect(state.Parameters).toMatchObject({
      attempt: { retryCount: 0, 'redriveCount.$': '$$.Execution.RedriveCount' },
    });
  });
});

describe('what a state asks for', () => {
  it('is sent', () => {
    const request = requestOf(
      shortForm({
        sql: 'select 1',
        idempotencyKey: JsonPath.format('day-{}', JsonPath.stringAt('$.day')),
        lock: RedshiftLock.named(JsonPath.stringAt('$.lock')),
        onTimeout: OnTimeout.LEAVE,
        maxRuntime: Duration.hours(2),
        heartbeatTimeout: Timeout.duration(Duration.minutes(10)),
      }),
    );
    expect(request).toMatchObject({
      'idempotencyKey.$': "States.Format('day-{}', $.day)",
      lock: { 'name.$': '$.lock' },
      onTimeout: 'leave',
      maxRuntimeSeconds: 7200,
      heartbeatSeconds: 600,
    });
    expect(requestOf(shortForm({ sql: 'select 1', onRetry: OnRetry.RESTART }))).toMatchObject({ onRetry: 'restart' });
  });

  it('can be a singleton, which is an action', () => {
    const request = requestOf(shortForm({ sql: 'select 1', lock: RedshiftLock.singleton() }));
    expect(request).toMatchObject({ action: 'executeSingletonStatement' });
    expect(request).not.toHaveProperty('lock');
  });

  it('can be heartbeats that the input decides, in both languages', () => {
    const byPath = shortForm({ sql: 'select 1', heartbeatTimeout: Timeout.at('$.beat') });
    expect(byPath).toMatchObject({ HeartbeatSecondsPath: '$.beat' });
    expect(requestOf(byPath)).toMatchObject({ 'heartbeatSeconds.$': '$.beat' });
    const beat = '{% $states.input.beat %}';
    const byJsonata = shortForm({ sql: 'select 1', heartbeatTimeout: Timeout.jsonata(beat) }, JSONATA);
    expect(byJsonata).toMatchObject({ HeartbeatSeconds: beat });
    expect(requestOf(byJsonata)).toMatchObject({ heartbeatSeconds: beat });
  });
});

describe('repeats', () => {
  const delays = ({ MaxAttempts, IntervalSeconds, BackoffRate }: Record<string, number>) =>
    Array.from({ length: MaxAttempts ?? 0 }, (_, n) => (IntervalSeconds ?? 0) * (BackoffRate ?? 0) ** n);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const retryOf = (error: string, invoker = {}) => {
    const stack = newStack();
    const task = addTasker(stack, { invoker }).executeStatement(stack, 'Run', { sql: 'select 1' });
    const { Run } = definitionOf(stack, task).States;
    return Run?.Retry.find(({ ErrorEquals }) => ErrorEquals.includes(error)) as unknown as Record<string, number>;
  };

  it.each(['Lambda.ServiceException', 'Lambda.SdkClientException', 'Lambda.Unknown', 'InternalServerException'])(
    'follow %s as AWS advises',
    (error) => {
      expect(delays(retryOf(error))).toEqual([2, 4, 8, 16, 32, 64]);
    },
  );

  it.each(['Lambda.TooManyRequestsException', 'ThrottlingException'])('follow %s, and not all at once', (error) => {
    expect(retryOf(error)).toMatchObject({ MaxAttempts: 6, JitterStrategy: 'FULL' });
  });

  it.each([10, 30, 60, 120, 900])('outlast another invocation that may take %i seconds to start', (seconds) => {
    const retry = retryOf('StartInProgress', { timeout: Duration.seconds(seconds) });
    expect(retry).not.toHaveProperty('JitterStrategy');
    expect(sum(delays(retry))).toBeGreaterThanOrEqual(seconds + 30);
    expect(sum(delays(retry))).toBeLessThan(Math.max(130, 2.5 * (seconds + 30)));
  });

  it('take in nothing that says how a statement has ended', () => {
    const errors = shortForm({ sql: 'select 1' }).Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
    for (const end of ['FAILED', 'ABORTED', 'States.ALL', 'States.TaskFailed', 'StartUncertain', 'InvalidRequest']) {
      expect(errors).not.toContain(end);
    }
  });

  it('can be left to others', () => {
    expect(shortForm({ sql: 'select 1', retryOnServiceExceptions: false })).not.toHaveProperty('Retry');
  });
});

describe('the role of the state machine', () => {
  it('may invoke the function of the target, and nothing else', () => {
    const stack = newStack();
    const target = RedshiftTarget.cluster({ clusterIdentifier: 'c1', database: 'dev', dbUser: 'reports' });
    const reports = addTasker(stack).addTarget('reports', target);
    const task = reports.executeStatement(stack, 'Run', { sql: 'select 1' });
    new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(task) });

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('^MachineRole'),
      PolicyDocument: {
        Statement: [
          {
            Action: 'lambda:InvokeFunction',
            Effect: 'Allow',
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^TaskerTargetsreportsInvoker'), 'Arn'] },
          },
        ],
      },
    });
  });
});

describe('bad input is refused, by the name of the property', () => {
  const refused = (props: RedshiftExecuteStatementOptions, queryLanguage?: QueryLanguage) =>
    expect(() => shortForm(props, queryLanguage));

  it.each<[string, RedshiftExecuteStatementOptions, RegExp]>([
    ['no SQL', {}, /^Stack\/Case\d+\/Run: sql: is required, or sqlFile; received undefined$/],
    ['two SQLs', { sql: 'a', sqlFile: 'b.sql' }, /sqlFile: does not go with sql; received "b.sql"/],
    ['empty SQL', { sql: ' ' }, /sql: must be SQL, .*; received " "/],
    ['NULL', { sql: 'select :a', parameters: { a: null } }, /parameters.a: must be text .* NULL\); received null/],
    ['no text', { sql: 'select :a', parameters: { a: '' } }, /parameters.a: must be text/],
    [
      'a number that JSON rounds',
      { sql: 'select :a', parameters: { a: 2 ** 53 } },
      /parameters.a: .* received 9007199254740992/,
    ],
    ['an object', { sql: 'select :a', parameters: { a: { b: 1 } } }, /parameters.a: .* received \{"b":1\}/],
    [
      'a raw path',
      { sql: 'select :a', parameters: { 'a.$': '$.a' } },
      /parameters: must have names of letters.*"a.\$"/,
    ],
    [
      'a text with a path inside',
      { sql: `select ${JsonPath.stringAt('$.a')}` },
      /sql: has an expression inside a text/,
    ],
    [
      'another pattern',
      { sql: 'select 1', integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN },
      /integrationPattern: must be RUN_JOB or REQUEST_RESPONSE; received "WAIT_FOR_TASK_TOKEN"/,
    ],
    [
      'too long a run',
      { sql: 'select 1', maxRuntime: Duration.hours(25) },
      /maxRuntime: must be whole seconds from 1 second to 24 hours; received/,
    ],
    [
      'restarts by key',
      { sql: 'select 1', idempotencyKey: 'k', onRetry: OnRetry.RESTART },
      /onRetry: does not go with idempotencyKey; received "restart"/,
    ],
    [
      'heartbeats that nobody waits for',
      {
        sql: 'select 1',
        integrationPattern: IntegrationPattern.REQUEST_RESPONSE,
        heartbeatTimeout: Timeout.duration(Duration.hours(1)),
      },
      /heartbeatTimeout: needs a state that waits: integrationPattern RUN_JOB/,
    ],
    [
      'what becomes of it when a state times out that does not wait',
      { sql: 'select 1', integrationPattern: IntegrationPattern.REQUEST_RESPONSE, onTimeout: OnTimeout.CANCEL },
      /onTimeout: needs a state that waits: integrationPattern RUN_JOB; received "REQUEST_RESPONSE"/,
    ],
  ])('%s', (_what, props, says) => refused(props).toThrow(says));

  it.each<[string, RedshiftExecuteStatementOptions, RegExp]>([
    [
      'SQL',
      { sql: JsonPath.stringAt('$.sql') },
      /Run: sql: is a JSONPath expression, but .* JSONata .* received "\$.sql"/,
    ],
    ['a parameter', { sql: 'select :a', parameters: { a: JsonPath.numberAt('$.a') } }, /parameters.a: is a JSONPath/],
    [
      'all parameters',
      { sql: 'select :a', parameters: JsonPath.objectAt('$.p') },
      /parameters: is a JSONPath expression/,
    ],
    ['a timeout', { sql: 'select 1', taskTimeout: Timeout.at('$.t') }, /taskTimeout: is a JSONPath expression/],
    ['a lock', { sql: 'select 1', lock: RedshiftLock.named(JsonPath.uuid()) }, /lock.name: is a JSONPath expression/],
    [
      'a result path',
      { sql: 'select 1', resultPath: '$.x' },
      /resultPath: does not go with .* JSONata; received "\$.x"/,
    ],
  ])('%s of JSONPath in a state that speaks JSONata', (_what, props, says) => {
    refused(props, JSONATA).toThrow(says);
    refused({ ...props, queryLanguage: JSONATA }).toThrow(says);
  });

  it.each<[string, RedshiftExecuteStatementOptions, RegExp]>([
    ['SQL', { sql: '{% $states.input.sql %}' }, /Run: sql: is a JSONata expression, but .* JSONPath .* received "\{%/],
    ['a parameter', { sql: 'select :a', parameters: { a: '{% 1 %}' } }, /parameters.a: is a JSONata expression/],
    [
      'a timeout',
      { sql: 'select 1', taskTimeout: Timeout.jsonata('{% 60 %}') },
      /taskTimeout: is a JSONata expression/,
    ],
    [
      'all parameters',
      { sql: 'select :a', parameters: '{% $states.input %}' },
      /parameters: is a JSONata expression, but/,
    ],
    ['an output', { sql: 'select 1', outputs: '{% 1 %}' }, /outputs: does not go with .* JSONPath/],
  ])('%s of JSONata in a state that speaks JSONPath', (_what, props, says) => refused(props).toThrow(says));

  it.each<[string, string, Record<string, unknown> | undefined, RegExp | undefined]>([
    ['none of two', 'select :a, :b', undefined, /parameters: must have "a", which the SQL names as :a; received \[\]/],
    ['one of two', 'select :a, :b', { a: 1 }, /parameters: must have "b", .* received \["a"\]/],
    ['one too many', 'select :a', { a: 1, b: 2 }, /parameters: must have no "b", since the SQL names no :b/],
    ['one in quotes', "unload ('select :a')", { a: 1 }, /no "a"/],
    ['one in a comment', 'select 1 -- :a', { a: 1 }, /no "a"/],
    ['one in a quoted name', 'select 1 as ":a"', { a: 1 }, /no "a"/],
    ['the type of a cast', 'select 1::a', { a: 1 }, /no "a"/],
    ['one with a cast', 'select :a::int, 1::bigint', { a: 1 }, undefined],
    ['texts with colons', "select '12:30', \"a:b\", $$ :x $$, $t$ ' :y $t$ /* :z */ -- :w", undefined, undefined],
    ['doubled quotes', 'select \'it\'\'s :x\', "a"":b"', undefined, undefined],
    ['what may be one', 'select x[1:2]', undefined, undefined],
    ['what may be one, given', 'select x[1:2]', { 2: 'a' }, undefined],
    ['backslashes that nobody knows', String.raw`select 'it\'s :x', ' :y'`, { x: 1 }, undefined],
    ['nested comments that nobody knows', 'select 1 /* /* */ :x */', undefined, undefined],
    ['quotes that are open', "select ':x", { x: 1 }, undefined],
  ])('parameters: %s', (_what, sql, parameters, says) => {
    const given: RedshiftExecuteStatementOptions = parameters ? { sql, parameters } : { sql };
    if (says) refused(given).toThrow(says);
    else refused(given).not.toThrow();
  });

  it('but not where synthesis cannot know', () => {
    const sql = `select * from ${Token.asString(new CfnParameter(newStack(), 'T').value)} where a = :a`;
    refused({ sql }).not.toThrow();
    refused({ sql: JsonPath.stringAt('$.sql'), parameters: { a: 1 } }).not.toThrow();
    refused({ sql: 'select :a', parameters: JsonPath.objectAt('$.p') }).not.toThrow();
  });
});
