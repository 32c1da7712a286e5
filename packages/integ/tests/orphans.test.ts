import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { Duration } from 'aws-cdk-lib';
import { JsonPath, Pass, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { WatchedExecutions } from 'sfn-redshift-tasker';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ATTEMPT } from '../scenarios/sql-state.ts';
import { callbackTask } from '../scenarios/sql-task.ts';
import { eventually, historyOf, start } from './helpers/execution.ts';
import { invoke } from './helpers/invoker.ts';
import { closed, itemOf, noted } from './helpers/items.ts';
import { sweepNow } from './helpers/sweep.ts';
import { type Machines, startTestStage, type TestStage } from './helpers/test-stage.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Runs until it is cancelled. */
const LONG = 'select 1 as long';
const COMPLETIONS = { source: ['aws.redshift-data'] };

/** A state that times out after half an hour, in an execution that goes on. */
const state =
  (name: string, payload: Readonly<Record<string, unknown>>): Machines[string] =>
  (scope, tasker) => {
    const task = callbackTask(scope, `Run${name}`, tasker, { sql: LONG, payload, timeout: Duration.minutes(30) });
    const goesOn = new Wait(scope, `GoOn${name}`, { time: WaitTime.duration(Duration.hours(20)) });
    return task.addCatch(goesOn.next(new Pass(scope, `End${name}`)));
  };

describe('a statement that nobody waits for any more is found by the sweep:', () => {
  let test: TestStage;
  let mark: number;

  beforeAll(async () => {
    test = await startTestStage(
      {
        Told: state('Told', { attempt: ATTEMPT }),
        Old: state('Old', {}),
        Left: state('Left', { attempt: ATTEMPT, onTimeout: 'leave' }),
        Keyed: state('Keyed', { idempotencyKey: JsonPath.executionName }),
      },
      // Nothing else tells of executions, and few runs come beside those that are made here.
      { sweep: { interval: Duration.hours(1) }, watchedExecutions: WatchedExecutions.none() },
    );
    test.stage.redshift.script({ sql: LONG, durationMs: 23 * HOUR });
  });

  afterAll(() => test?.close());

  beforeEach(async () => {
    await test.stage.functionsAtRest();
    test.stage.faults.clear();
    mark = test.stage.calls.latestId;
  });

  const later = async (byMs: number) => {
    await test.stage.functionsAtRest();
    test.stage.clock.advance(byMs);
  };
  const callsOf = (operation: string) =>
    test.stage.calls.find({ after: mark, operation }).map(({ outcome }) => outcome);
  const stop = (executionArn: string) => test.sfn.send(new StopExecutionCommand({ executionArn }));
  const stateOf = async (statementId: string | undefined) =>
    (await invoke(test, { action: 'describeStatement', statementId })).answer['Status'];

  const waiting = async (machine: string) => {
    const executionArn = await start(test.sfn, test.outputs[`${machine}Arn`]);
    const item = await noted(test, executionArn);
    return { executionArn, item, statementId: item.statementId?.S };
  };
  const timedOut = (executionArn: string) =>
    eventually(async () => (await historyOf(test.sfn, executionArn)).includes('TaskTimedOut') || undefined);

  const ABORTED_UNHEARD = { outcome: { S: 'ABORTED' }, delivered: { BOOL: false } };

  it('a state has timed out in an execution that goes on', async () => {
    const { executionArn, item } = await waiting('Told');
    await later(MINUTE);
    await sweepNow(test);
    expect(callsOf('SendTaskHeartbeat')).toEqual(['ok']);

    await later(29 * MINUTE);
    await timedOut(executionArn);
    await sweepNow(test);
    expect(callsOf('CancelStatement')).toEqual([]);
    await later(MINUTE);
    await sweepNow(test);

    expect(await closed(test, executionArn)).toMatchObject(ABORTED_UNHEARD);
    const cancels = test.stage.calls.find({ after: mark, operation: 'CancelStatement' });
    expect(cancels.map(({ outcome, caller }) => ({ outcome, caller }))).toMatchObject([
      { outcome: 'ok', caller: { roleArn: item.ownerRoleArn?.S, sessionName: 'sfn-redshift-sweep' } },
    ]);
    await stop(executionArn);
  });

  it('an execution was stopped whose state told its attempt', async () => {
    const { executionArn } = await waiting('Told');
    await stop(executionArn);

    await later(MINUTE);
    await sweepNow(test);
    await later(MINUTE);
    await sweepNow(test);

    expect(await closed(test, executionArn)).toMatchObject(ABORTED_UNHEARD);
  });

  it('an execution was stopped whose state told nothing: its task got no heartbeat', async () => {
    const { executionArn } = await waiting('Old');
    await later(MINUTE);
    await sweepNow(test);
    expect(callsOf('CancelStatement')).toEqual([]);
    await stop(executionArn);

    await later(MINUTE);
    await sweepNow(test);

    expect(await closed(test, executionArn)).toMatchObject(ABORTED_UNHEARD);
    expect(callsOf('SendTaskHeartbeat')).toEqual([]);
    expect(callsOf('DescribeExecution')).toContain('ok');
  });

  it('an execution was stopped that shared its statement', async () => {
    const executionArn = await start(test.sfn, test.outputs['KeyedArn']);
    const owner = `key-${executionArn.split(':').at(-1) ?? ''}`;
    await noted(test, owner);
    await stop(executionArn);

    await later(MINUTE);
    await sweepNow(test);

    expect(await closed(test, owner)).toMatchObject(ABORTED_UNHEARD);
  });

  it('but it is left where its request says so', async () => {
    const { executionArn, statementId } = await waiting('Left');
    await stop(executionArn);

    await later(MINUTE);
    await sweepNow(test);
    await later(MINUTE);
    await sweepNow(test);

    expect(await stateOf(statementId)).toBe('STARTED');
    expect((await itemOf(test, executionArn))?.status?.S).toBe('submitted');
    await invoke(test, { action: 'cancelStatement', statementId });
    await closed(test, executionArn);
  });

  it('a cancel that is throttled is tried again by the next run', async () => {
    const { executionArn } = await waiting('Old');
    await stop(executionArn);
    test.stage.faults.add({ on: 'call', operation: 'CancelStatement', do: 'throttle' });
    await later(MINUTE);
    await sweepNow(test);
    expect((await itemOf(test, executionArn))?.status?.S).toBe('cancelling');
    test.stage.faults.clear();

    await sweepNow(test);

    expect(await closed(test, executionArn)).toMatchObject(ABORTED_UNHEARD);
  });

  it('that had ended meanwhile closes as it ended', async () => {
    const lost = test.stage.faults.add({ on: 'event', pattern: COMPLETIONS, do: 'drop' });
    const { executionArn, statementId } = await waiting('Told');
    await stop(executionArn);
    await invoke(test, { action: 'cancelStatement', statementId });
    await lost.hasHit();

    await later(MINUTE);
    await sweepNow(test);

    expect(await closed(test, executionArn)).toMatchObject(ABORTED_UNHEARD);
    expect(callsOf('CancelStatement')).toHaveLength(1);
  });

  it('no call of all this was denied, and none was allowed in vain', () => {
    const { roles } = test.stage.iamReport();
    expect(roles.flatMap(({ denied }) => denied)).toEqual([]);
    const statements = roles.find(({ name }) => name.includes('SweepRole'))?.statements ?? [];
    const asking = statements.filter(({ sid }) => sid === 'AskForTasks' || sid === 'FollowExecutions');
    expect(asking.map(({ used, unusedActions }) => ({ used, unusedActions }))).toEqual([
      { used: true, unusedActions: [] },
      { used: true, unusedActions: [] },
    ]);
  });
});
