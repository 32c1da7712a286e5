import { RedriveExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { Duration, type Stack } from 'aws-cdk-lib';
import { JsonPath, Map as MapState } from 'aws-cdk-lib/aws-stepfunctions';
import { type SfnRedshiftTasker, WatchedExecutions } from 'sfn-redshift-tasker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ATTEMPT } from '../scenarios/sql-state.ts';
import { callbackTask } from '../scenarios/sql-task.ts';
import { ended, eventually, historyOf, start } from './helpers/execution.ts';
import { closed, itemsOf } from './helpers/items.ts';
import { startTestStage, type TestStage, WITHOUT_SWEEP } from './helpers/test-stage.ts';

/** The states below time out after it, and wait as long before a retry: attempts last from 0 to 1, from 2 to 3, from 4 to 5. */
const MINUTE = 60_000;

/** Neither the sweep nor the end of an execution shall touch what a retry is to find. */
const ALONE = { ...WITHOUT_SWEEP, watchedExecutions: WatchedExecutions.none() };

interface Options {
  readonly retries?: number;
  readonly payload?: Readonly<Record<string, unknown>>;
}

/** A state that runs the SQL of its input, times out after a minute and is retried a minute later. */
const runState = (scope: Stack, id: string, tasker: SfnRedshiftTasker, { retries = 2, payload }: Options = {}) => {
  const timeout = Duration.millis(MINUTE);
  const state = callbackTask(scope, id, tasker, { payload: { attempt: ATTEMPT, ...payload }, timeout });
  if (retries > 0) state.addRetry({ interval: Duration.millis(MINUTE), maxAttempts: retries, backoffRate: 1 });
  return state;
};

describe('A retry of a state', () => {
  let test: TestStage;
  let mark: { readonly calls: number; readonly events: number };
  let statements = 0;

  beforeAll(async () => {
    test = await startTestStage(
      {
        Adopt: (scope, tasker) => runState(scope, 'RunAdopt', tasker),
        Restart: (scope, tasker) => runState(scope, 'RunRestart', tasker, { payload: { onRetry: 'restart' } }),
        Once: (scope, tasker) => runState(scope, 'RunOnce', tasker, { retries: 0 }),
        Keyed: (scope, tasker) =>
          runState(scope, 'RunKeyed', tasker, {
            retries: 0,
            payload: { idempotencyKey: JsonPath.stringAt('$.key') },
          }),
        Each: (scope, tasker) =>
          new MapState(scope, 'ForEach', { itemsPath: JsonPath.stringAt('$.items') }).itemProcessor(
            runState(scope, 'RunEach', tasker),
          ),
      },
      ALONE,
    );
  });

  afterAll(() => test?.close());

  beforeEach(() => {
    const { calls, events } = test.stage;
    mark = { calls: calls.latestId, events: events.latestId };
  });

  afterEach(() => {
    test.stage.faults.clear();
    test.stage.redshift.clearScripts();
  });

  /** SQL of its own, that plays what the script says. */
  const scripted = (script: Partial<Parameters<TestStage['stage']['redshift']['script']>[0]>): string => {
    const sql = `call retried_${(statements += 1)}()`;
    test.stage.redshift.script({ sql, ...script });
    return sql;
  };
  const callsOf = (operation: string) => test.stage.calls.find({ after: mark.calls, operation });
  /** Time passes, once all that runs has had the time to end. */
  const pass = async (milliseconds: number) => {
    await test.stage.functionsAtRest();
    test.stage.clock.advance(milliseconds);
  };
  /** Waits for so many events of that type in the execution's history. */
  const happened = (executionArn: string, type: string, count = 1) =>
    eventually(async () => {
      const found = (await historyOf(test.sfn, executionArn)).filter((name) => name === type);
      return found.length >= count || undefined;
    });
  /** Lets the state time out. */
  const timeOut = async (executionArn: string, count = 1) => {
    await happened(executionArn, 'TaskSubmitted', count);
    await pass(MINUTE);
    await happened(executionArn, 'TaskTimedOut', count);
  };
  const rowsOf = async (executionArn: string) => (await itemsOf(test)).filter(({ owner }) => owner?.S === executionArn);
  /** Lets the pause before a retry pass, and waits until the retry has been answered. */
  const retry = async (executionArn: string, submitted: number) => {
    await pass(MINUTE);
    await happened(executionArn, 'TaskSubmitted', submitted);
  };

  it('that has timed out adopts the statement that runs: one start, and the new attempt is told', async () => {
    const executionArn = await start(test.sfn, test.outputs.AdoptArn, { sql: scripted({ durationMs: 2.5 * MINUTE }) });
    await timeOut(executionArn);
    await retry(executionArn, 2);

    await pass(MINUTE / 2);

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(callsOf('ExecuteStatement')).toHaveLength(1);
    expect(callsOf('SendTaskHeartbeat').map(({ outcome }) => outcome)).toEqual(['TaskTimedOut']);
    const adopted = (await rowsOf(executionArn)).find(({ adopts }) => adopts === undefined);
    expect(adopted).toMatchObject({ generation: { N: '2' }, attempt: { M: { retryCount: { N: '1' } } } });
  });

  it('adopts it again when it has timed out again', async () => {
    const executionArn = await start(test.sfn, test.outputs.AdoptArn, { sql: scripted({ durationMs: 4.5 * MINUTE }) });
    await timeOut(executionArn);
    await retry(executionArn, 2);
    await timeOut(executionArn, 2);
    await retry(executionArn, 3);

    await pass(MINUTE / 2);

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(callsOf('ExecuteStatement')).toHaveLength(1);
  });

  it('is given the outcome of a statement that has finished between the attempts, and starts nothing', async () => {
    const executionArn = await start(test.sfn, test.outputs.AdoptArn, {
      sql: scripted({ durationMs: 1.5 * MINUTE, affectedRows: 7 }),
    });
    await timeOut(executionArn);
    await pass(MINUTE / 2);
    expect(await closed(test, executionArn)).toMatchObject({ delivered: { BOOL: false } });

    await pass(MINUTE / 2);

    const { status, output } = await ended(test.sfn, executionArn);
    expect(status).toBe('SUCCEEDED');
    expect(JSON.parse(output ?? '{}')).toMatchObject({
      source: 'aws.redshift-data',
      detail: { state: 'FINISHED', rows: 7 },
    });
    expect(callsOf('ExecuteStatement')).toHaveLength(1);
  });

  it('runs a statement anew that has failed, and whose attempt was told so', async () => {
    const sql = scripted({ error: 'connection lost', uses: 1 });
    test.stage.redshift.script({ sql });
    const executionArn = await start(test.sfn, test.outputs.AdoptArn, { sql });
    await closed(test, executionArn);
    await happened(executionArn, 'TaskFailed');

    await pass(MINUTE);

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(callsOf('ExecuteStatement')).toHaveLength(2);
  });

  it('that restarts cancels the statement of the first before it starts another', async () => {
    const executionArn = await start(test.sfn, test.outputs.RestartArn, { sql: scripted({ durationMs: 10 * MINUTE }) });
    await timeOut(executionArn);
    await retry(executionArn, 2);

    const order = test.stage.calls
      .find({ after: mark.calls })
      .map(({ operation }) => operation)
      .filter((operation) => /^(Execute|Cancel|Describe)Statement$/.test(operation));
    expect(order.slice(0, 3)).toEqual(['ExecuteStatement', 'CancelStatement', 'DescribeStatement']);
    expect(order.filter((operation) => operation === 'ExecuteStatement')).toHaveLength(2);
    await test.sfn.send(new StopExecutionCommand({ executionArn }));
  });

  it('finds the statement of an invoker that has died before it noted it', async () => {
    test.stage.faults.add({ on: 'call', operation: 'ExecuteStatement', do: 'kill', when: 'after', nth: 1 });
    const executionArn = await start(test.sfn, test.outputs.AdoptArn, { sql: scripted({ durationMs: 1.5 * MINUTE }) });
    await happened(executionArn, 'TaskFailed');
    await retry(executionArn, 1);

    await pass(MINUTE / 2);

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(callsOf('ExecuteStatement')).toHaveLength(2);
    const ends = test.stage.events.find({ after: mark.events, source: 'aws.redshift-data', outcome: 'put' });
    expect(ends).toHaveLength(1);
  });

  it('in a Map with equal SQL leaves each iteration a statement of its own', async () => {
    const sql = scripted({ durationMs: 2.5 * MINUTE });
    const executionArn = await start(test.sfn, test.outputs.EachArn, { items: [{ sql }, { sql }, { sql }] });
    await happened(executionArn, 'TaskSubmitted', 3);
    await pass(MINUTE);
    await happened(executionArn, 'TaskTimedOut', 3);
    await retry(executionArn, 6);

    await pass(MINUTE / 2);

    const { status, output } = await ended(test.sfn, executionArn);
    expect(status).toBe('SUCCEEDED');
    const results = JSON.parse(output ?? '[]') as { detail: { statementId: string } }[];
    expect(new Set(results.map(({ detail }) => detail.statementId)).size).toBe(3);
    expect(callsOf('ExecuteStatement')).toHaveLength(3);
  });

  it('by a redrive adopts the statement that still runs', async () => {
    const executionArn = await start(test.sfn, test.outputs.OnceArn, { sql: scripted({ durationMs: 1.5 * MINUTE }) });
    await timeOut(executionArn);
    await ended(test.sfn, executionArn);
    await test.sfn.send(new RedriveExecutionCommand({ executionArn }));
    await happened(executionArn, 'TaskSubmitted', 2);

    await pass(MINUTE / 2);

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(callsOf('ExecuteStatement')).toHaveLength(1);
  });

  it('by a redrive runs a statement anew that has failed', async () => {
    const sql = scripted({ error: 'connection lost', uses: 1 });
    test.stage.redshift.script({ sql });
    const executionArn = await start(test.sfn, test.outputs.OnceArn, { sql });
    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'FAILED', error: 'FAILED' });
    await closed(test, executionArn);

    await test.sfn.send(new RedriveExecutionCommand({ executionArn }));

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(callsOf('ExecuteStatement')).toHaveLength(2);
  });

  describe('with an idempotency key', () => {
    const keyed = (key: string, sql: string) => start(test.sfn, test.outputs.KeyedArn, { key, sql });

    it('is given the outcome that another execution was given: one start', async () => {
      const sql = scripted({ affectedRows: 3 });
      const first = await ended(test.sfn, await keyed('once', sql));
      await closed(test, 'key-once');

      const second = await ended(test.sfn, await keyed('once', sql));

      expect([first.status, second.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
      const [one, other] = [first, second].map(({ output }) => JSON.parse(output ?? '{}') as { detail: object });
      expect(other?.detail).toMatchObject({ state: 'FINISHED', rows: 3 });
      expect(other?.detail).toMatchObject({ statementId: (one?.detail as { statementId: string }).statementId });
      expect(callsOf('ExecuteStatement')).toHaveLength(1);
    });

    it('is refused while the task of another waits, and takes over when that is gone', async () => {
      const sql = scripted({ durationMs: MINUTE / 2 });
      const first = await keyed('busy', sql);
      await happened(first, 'TaskSubmitted');
      const refused = await ended(test.sfn, await keyed('busy', sql));
      expect(refused).toMatchObject({ status: 'FAILED', error: 'ConcurrentExecution' });
      await test.sfn.send(new StopExecutionCommand({ executionArn: first }));
      const third = await keyed('busy', sql);
      await happened(third, 'TaskSubmitted');

      await pass(MINUTE / 2);

      expect(await ended(test.sfn, third)).toMatchObject({ status: 'SUCCEEDED' });
      expect(callsOf('ExecuteStatement')).toHaveLength(1);
    });

    it('is refused for other SQL under that key', async () => {
      await ended(test.sfn, await keyed('other', scripted({})));

      const refused = await ended(test.sfn, await keyed('other', scripted({})));

      expect(refused.error).toBe('InvalidRequest');
      expect(refused.cause).toContain('idempotencyKey: has started other work');
    });
  });
});
