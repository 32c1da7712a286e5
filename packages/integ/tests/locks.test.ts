import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { Duration, type Stack } from 'aws-cdk-lib';
import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { type SfnRedshiftTasker, WatchedExecutions } from 'sfn-redshift-tasker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ATTEMPT } from '../scenarios/sql-state.ts';
import { callbackTask } from '../scenarios/sql-task.ts';
import { ended, eventually, historyOf, start } from './helpers/execution.ts';
import { invoke } from './helpers/invoker.ts';
import { allClosed, closed, itemsOf, noted } from './helpers/items.ts';
import { startTestStage, type TestStage, WITHOUT_SWEEP } from './helpers/test-stage.ts';

const MINUTE = 60_000;

/** Neither the sweep nor the end of an execution shall end what holds a lock. */
const ALONE = { ...WITHOUT_SWEEP, watchedExecutions: WatchedExecutions.none() };

/** A state that runs the SQL of its input, and times out after a minute. */
const runState = (scope: Stack, id: string, tasker: SfnRedshiftTasker, payload: Record<string, unknown>) =>
  callbackTask(scope, id, tasker, {
    payload: { attempt: ATTEMPT, ...payload },
    timeout: Duration.millis(MINUTE),
    resultPath: JsonPath.DISCARD,
  });

const NAMED = { lock: { name: JsonPath.stringAt('$.lock') } };
/** Of itself: a jump of the clock may come before the interpreter has begun to wait. */
const SOON = { interval: Duration.seconds(1), maxAttempts: 99, backoffRate: 1 };

describe('A lock', () => {
  let test: TestStage;
  let mark: number;
  let [names, executions, statements] = [0, 0, 0];

  beforeAll(async () => {
    test = await startTestStage(
      {
        Singleton: (scope, tasker) =>
          runState(scope, 'RunSingleton', tasker, { action: 'executeSingletonStatement', parameters: { a: '1' } }),
        Twice: (scope, tasker) =>
          runState(scope, 'RunOne', tasker, NAMED).next(runState(scope, 'RunTwo', tasker, NAMED)),
        Patient: (scope, tasker) =>
          runState(scope, 'RunPatient', tasker, NAMED).addRetry({ ...SOON, errors: ['ConcurrentExecution'] }),
        Adopt: (scope, tasker) =>
          runState(scope, 'RunAdopt', tasker, NAMED).addRetry({ ...SOON, errors: ['States.Timeout'] }),
        Restart: (scope, tasker) =>
          runState(scope, 'RunRestart', tasker, { ...NAMED, onRetry: 'restart' }).addRetry({
            ...SOON,
            errors: ['States.Timeout'],
          }),
      },
      ALONE,
    );
  });

  afterAll(() => test?.close());

  beforeEach(() => {
    mark = test.stage.calls.latestId;
  });

  afterEach(() => {
    test.stage.faults.clear();
    test.stage.redshift.clearScripts();
  });

  const newName = () => `lock ${(names += 1)}`;
  const newExecution = () =>
    `arn:aws:states:${test.stage.region}:${test.stage.accountId}:execution:M:e${(executions += 1)}`;
  /** SQL of its own, that plays what the script says. */
  const scripted = (
    script: Partial<Parameters<TestStage['stage']['redshift']['script']>[0]> = {},
    argument = '',
  ): string => {
    const sql = `call locked_${(statements += 1)}(${argument})`;
    test.stage.redshift.script({ sql, ...script });
    return sql;
  };
  /** A request that nobody waits for; of another execution each time. */
  const request = (name: string, sqlStatement: string) => ({
    sqlStatement,
    lock: { name, mode: 'fail' },
    executionArn: newExecution(),
    attempt: { state: 'S', enteredTime: '2026-01-01T00:00:00.000Z', retryCount: 0 },
  });
  const executed = () => test.stage.calls.find({ after: mark, operation: 'ExecuteStatement' });
  /** Time passes, once all that runs has had the time to end. */
  const pass = async (milliseconds: number) => {
    await test.stage.functionsAtRest();
    test.stage.clock.advance(milliseconds);
  };
  const happened = (executionArn: string, type: string, count = 1) =>
    eventually(async () => {
      const found = (await historyOf(test.sfn, executionArn)).filter((name) => name === type);
      return found.length >= count || undefined;
    });
  const running = async (stateMachineArn: string | undefined) => {
    const command = new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' });
    return (await test.sfn.send(command)).executions?.length;
  };
  const heldLocks = async () => {
    const { Items = [] } = await test.dynamodb.send(
      new ScanCommand({ TableName: test.outputs.TableName, ConsistentRead: true }),
    );
    return Items.filter(({ holderKey }) => holderKey !== undefined);
  };

  it('lets one of ten singletons run that start at once', async () => {
    const sql = scripted({ durationMs: MINUTE / 2 }, ':a');
    const arns = await Promise.all(
      Array.from({ length: 10 }, () => start(test.sfn, test.outputs.SingletonArn, { sql })),
    );
    await eventually(async () => (await running(test.outputs.SingletonArn)) === 1 || undefined);

    await pass(MINUTE / 2);

    const ends = await Promise.all(arns.map((arn) => ended(test.sfn, arn)));
    expect(ends.map(({ status, error }) => error ?? status).sort()).toEqual([
      ...Array.from({ length: 9 }, () => 'ConcurrentExecution'),
      'SUCCEEDED',
    ]);
    expect(executed()).toHaveLength(1);
    expect(await heldLocks()).toEqual([]);
  }, 60_000);

  it('of a singleton is that of its SQL, however written, and of its parameters', async () => {
    const sql = scripted({ durationMs: MINUTE / 2 }, ':a');
    const singleton = (sqlStatement: string, a: string) =>
      invoke(test, {
        action: 'executeSingletonStatement',
        sqlStatement,
        parameters: { a },
        executionArn: newExecution(),
      });
    const first = await singleton(sql, '1');

    const same = await singleton(`CALL  ${sql.slice(5)} ; -- again`, '1');
    const other = await singleton(sql, '2');

    expect(same.answer.errorType).toBe('ConcurrentExecution');
    expect(same.answer.errorMessage).toContain(first.answer.statementId);
    expect(other.FunctionError).toBeUndefined();
    await pass(MINUTE / 2);
    await allClosed(test);
  });

  it.each([
    ['finished', {}],
    ['failed', { error: 'connection lost' }],
  ])('is free when its statement has %s', async (_end, script) => {
    const name = newName();
    const first = request(name, scripted({ durationMs: MINUTE / 2, ...script }));
    await invoke(test, first);
    const refused = await invoke(test, request(name, 'select 1'));
    await pass(MINUTE / 2);
    await closed(test, first.executionArn);

    const second = await invoke(test, request(name, 'select 1'));

    expect(refused.answer.errorType).toBe('ConcurrentExecution');
    expect(second.FunctionError).toBeUndefined();
  });

  it('is free when its statement was cancelled, as the latest of its execution', async () => {
    const name = newName();
    const first = request(name, scripted({ durationMs: 10 * MINUTE }));
    await invoke(test, first);
    await invoke(test, { action: 'cancelStatement', statementId: 'LATEST', executionArn: first.executionArn });
    await closed(test, first.executionArn);

    const second = await invoke(test, request(name, 'select 1'));

    expect(second.FunctionError).toBeUndefined();
  });

  it('is free when its statement was refused', async () => {
    const name = newName();
    const refused = await invoke(test, { ...request(name, 'select 1'), parameters: { unused: 'x' } });

    const second = await invoke(test, request(name, 'select 1'));

    expect(refused.answer.errorType).toBe('ValidationException');
    expect(second.FunctionError).toBeUndefined();
  });

  it('is free as soon as its task is told: the next state has it at once', async () => {
    const executionArn = await start(test.sfn, test.outputs.TwiceArn, { sql: 'select 1', lock: newName() });

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('does not refuse the request that holds it', async () => {
    const held = request(newName(), scripted({ durationMs: MINUTE / 2 }));

    const answers = [await invoke(test, held), await invoke(test, held)];
    await pass(MINUTE / 2);
    await closed(test, held.executionArn);
    answers.push(await invoke(test, held));

    expect(new Set(answers.map(({ answer }) => answer.statementId)).size).toBe(1);
    expect(executed()).toHaveLength(1);
  });

  it('of an invoker that has died before its claim is taken past its deadline, not before', async () => {
    const name = newName();
    test.stage.faults.add({ on: 'call', operation: 'PutItem', do: 'kill', when: 'before', nth: 1 });
    const dead = request(name, 'select 1');
    await invoke(test, dead);
    const before = await invoke(test, request(name, 'select 1'));

    await pass(MINUTE);
    const after = await invoke(test, request(name, 'select 1'));

    expect((await itemsOf(test)).filter(({ owner }) => owner?.S === dead.executionArn)).toEqual([]);
    expect(before.answer.errorType).toBe('ConcurrentExecution');
    expect(after.FunctionError).toBeUndefined();
    expect(executed()).toHaveLength(1);
  });

  it('of an invoker that has died before its claim is still that of a repeat', async () => {
    test.stage.faults.add({ on: 'call', operation: 'PutItem', do: 'kill', when: 'before', nth: 1 });
    const held = request(newName(), 'select 1');
    await invoke(test, held);

    const repeated = await invoke(test, held);

    expect(repeated.FunctionError).toBeUndefined();
    expect(executed()).toHaveLength(1);
  });

  it('stays with a statement that runs on long past the deadline of its claim', async () => {
    const name = newName();
    const first = request(name, scripted({ durationMs: 20 * MINUTE }));
    const { answer } = await invoke(test, first);
    await pass(10 * MINUTE);

    const refused = await invoke(test, request(name, 'select 1'));

    expect(refused.answer.errorType).toBe('ConcurrentExecution');
    expect(refused.answer.errorMessage).toContain(answer.statementId);
    expect(refused.answer.errorMessage).not.toContain('call locked');
    await pass(10 * MINUTE);
    await closed(test, first.executionArn);
  });

  it('that could not be let go is taken from its holder, which is closed', async () => {
    const name = newName();
    const first = request(name, scripted({ durationMs: MINUTE / 2 }));
    await invoke(test, first);
    test.stage.faults.add({ on: 'call', operation: 'UpdateItem', do: 'fail', nth: 1, error: 'ValidationException' });
    await pass(MINUTE / 2);
    await closed(test, first.executionArn);
    expect(await heldLocks()).toHaveLength(1);

    const second = await invoke(test, request(name, 'select 1'));

    expect(second.FunctionError).toBeUndefined();
  });

  it('is had by a state that retries, once it is free', async () => {
    const name = newName();
    await invoke(test, request(name, scripted({ durationMs: MINUTE / 2 })));
    const executionArn = await start(test.sfn, test.outputs.PatientArn, { sql: 'select 1', lock: name });
    await happened(executionArn, 'TaskFailed');

    await pass(MINUTE);

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(executed()).toHaveLength(2);
  });

  it('goes with the statement that a retry adopts, to its end', async () => {
    const name = newName();
    const executionArn = await start(test.sfn, test.outputs.AdoptArn, {
      sql: scripted({ durationMs: 1.5 * MINUTE }),
      lock: name,
    });
    await noted(test, executionArn);
    await pass(MINUTE);
    await happened(executionArn, 'TaskSubmitted', 2);
    const refused = await invoke(test, request(name, 'select 1'));

    await pass(MINUTE / 2);
    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    await allClosed(test);
    const second = await invoke(test, request(name, 'select 1'));

    expect(refused.answer.errorType).toBe('ConcurrentExecution');
    expect(second.FunctionError).toBeUndefined();
    expect(executed()).toHaveLength(2);
  });

  it('goes to the statement that a retry starts when it has cancelled the first', async () => {
    const name = newName();
    const executionArn = await start(test.sfn, test.outputs.RestartArn, {
      sql: scripted({ durationMs: 10 * MINUTE, uses: 1 }),
      lock: name,
    });
    await noted(test, executionArn);
    await pass(MINUTE);
    await happened(executionArn, 'TaskSubmitted', 2);

    expect(executed()).toHaveLength(2);
  });
});
