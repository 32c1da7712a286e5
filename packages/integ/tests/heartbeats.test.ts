import { Duration } from 'aws-cdk-lib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callbackTask } from '../scenarios/sql-task.ts';
import { ended, eventually, start } from './helpers/execution.ts';
import { invoke } from './helpers/invoker.ts';
import { closed, itemsOf, noted } from './helpers/items.ts';
import { sweepNow } from './helpers/sweep.ts';
import { type Machines, startTestStage, type TestStage } from './helpers/test-stage.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The sweep runs every 20 minutes, so tasks must allow an hour between heartbeats. */
const INTERVAL = 20 * MINUTE;
/** Runs until it is cancelled. */
const LONG = 'select 1 as long';

const state =
  (name: string, payload: Readonly<Record<string, unknown>>, heartbeat?: Duration): Machines[string] =>
  (scope, tasker) =>
    callbackTask(scope, `Run${name}`, tasker, { sql: LONG, payload, ...(heartbeat && { heartbeat }) });

const AN_HOUR = Duration.hours(1);

describe('the clocks of a statement:', () => {
  let test: TestStage;
  let mark: number;

  beforeAll(async () => {
    test = await startTestStage(
      {
        Beating: state('Beating', { heartbeatSeconds: 3_600 }, AN_HOUR),
        Old: state('Old', {}, AN_HOUR),
        Limited: state('Limited', { maxRuntimeSeconds: 1_500 }),
        Hasty: state('Hasty', { heartbeatSeconds: 3_599 }),
      },
      { sweep: { interval: Duration.millis(INTERVAL) } },
    );
    test.stage.redshift.script({ sql: LONG, durationMs: 23 * HOUR });
  });

  afterAll(() => test?.close());

  beforeEach(async () => {
    await test.stage.functionsAtRest();
    mark = test.stage.calls.latestId;
  });

  const later = async (byMs: number) => {
    await test.stage.functionsAtRest();
    test.stage.clock.advance(byMs);
    await test.stage.functionsAtRest();
  };
  const callsOf = (operation: string) =>
    test.stage.calls.find({ after: mark, operation }).map(({ outcome }) => outcome);
  const stateOf = async (statementId: string | undefined) =>
    (await invoke(test, { action: 'describeStatement', statementId })).answer['Status'];

  it('heartbeats keep a state alive for longer than its HeartbeatSeconds, as long as its statement runs', async () => {
    const executionArn = await start(test.sfn, test.outputs['BeatingArn']);
    const { statementId } = await noted(test, executionArn);

    for (let beats = 0; beats < 5; beats++) {
      await later(30 * MINUTE);
      await sweepNow(test);
    }

    expect(await stateOf(statementId?.S)).toBe('STARTED');
    expect(new Set(callsOf('SendTaskHeartbeat'))).toEqual(new Set(['ok']));
    await invoke(test, { action: 'cancelStatement', statementId: statementId?.S });
    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'FAILED', error: 'ABORTED' });
  });

  it('a state whose request does not ask for them has its HeartbeatSeconds as a budget; then its statement is cancelled', async () => {
    const executionArn = await start(test.sfn, test.outputs['OldArn']);
    await noted(test, executionArn);
    await later(30 * MINUTE);
    await sweepNow(test);

    await later(30 * MINUTE);

    expect((await ended(test.sfn, executionArn)).status).not.toBe('SUCCEEDED');
    expect(callsOf('SendTaskHeartbeat')).toEqual([]);
    expect(await closed(test, executionArn)).toMatchObject({ outcome: { S: 'ABORTED' }, delivered: { BOOL: false } });
  });

  it('a state dies whose heartbeats fail, and its statement is cancelled', async () => {
    const executionArn = await start(test.sfn, test.outputs['BeatingArn']);
    await noted(test, executionArn);
    const dead = test.stage.faults.add({ on: 'call', operation: 'SendTaskHeartbeat', do: 'throttle' });

    // One by one: when the execution has ended, its statement may be cancelled before a run of the sweep comes to it.
    await later(INTERVAL);
    await dead.hasHit();
    await later(HOUR - INTERVAL);
    expect((await ended(test.sfn, executionArn)).status).not.toBe('SUCCEEDED');
    test.stage.faults.clear();

    expect(await closed(test, executionArn)).toMatchObject({ outcome: { S: 'ABORTED' }, delivered: { BOOL: false } });
  });

  it('a statement that runs longer than maxRuntimeSeconds is cancelled, and its task is told why', async () => {
    const executionArn = await start(test.sfn, test.outputs['LimitedArn']);
    const { statementId } = await noted(test, executionArn);
    await later(24 * MINUTE);
    await sweepNow(test);
    expect(await stateOf(statementId?.S)).toBe('STARTED');

    await later(MINUTE);
    await sweepNow(test);

    const { error, cause } = await ended(test.sfn, executionArn);
    expect(error).toBe('ABORTED');
    expect(cause).toContain('because it ran longer than maxRuntimeSeconds (1500)');
    expect(await closed(test, executionArn)).toMatchObject({ outcome: { S: 'ABORTED' }, delivered: { BOOL: true } });
  });

  it('and so is one that nobody waits for', async () => {
    await invoke(test, { sqlStatement: LONG, maxRuntimeSeconds: 1_500 });
    const row = async () => (await itemsOf(test)).find(({ owner }) => owner?.S?.startsWith('adhoc-'));
    await later(25 * MINUTE);
    await sweepNow(test);

    await eventually(async () => (await row())?.status?.S === 'closed' || undefined);
    expect(await row()).toMatchObject({ outcome: { S: 'ABORTED' } });
  });

  it('heartbeats that the sweep is too slow for are refused, with the least that it can keep', async () => {
    const executionArn = await start(test.sfn, test.outputs['HastyArn']);

    expect(await ended(test.sfn, executionArn)).toMatchObject({
      error: 'InvalidRequest',
      cause: expect.stringMatching(/heartbeatSeconds: must be at least 3600, .*; received 3599/) as string,
    });
    expect(callsOf('ExecuteStatement')).toEqual([]);
  });

  it('no call of all this was denied', () => {
    expect(test.stage.iamReport().roles.flatMap(({ denied }) => denied)).toEqual([]);
  });
});
