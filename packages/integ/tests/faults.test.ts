import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sqlState } from '../scenarios/sql-state.ts';
import { ended, eventually, run, start } from './helpers/execution.ts';
import { closed, itemOf } from './helpers/items.ts';
import { startTestStage, type TestStage, WITHOUT_SWEEP } from './helpers/test-stage.ts';

const MINUTE_MS = 60_000;
const COMPLETIONS = { source: ['aws.redshift-data'] };
const [INVOKER, DRAIN] = [/Invoker/, /Drain/];

describe('Whatever goes wrong, a task is told once how its own statement ended:', () => {
  let test: TestStage;
  let mark: { readonly calls: number; readonly events: number; readonly messages: number };

  beforeAll(async () => {
    test = await startTestStage(
      {
        SelectOne: (scope, tasker) =>
          sqlState(scope, 'RunSelectOne', tasker, { sql: 'select 1', resultPath: JsonPath.entirePayload }),
        Divide: (scope, tasker) =>
          sqlState(scope, 'RunDivide', tasker, { sql: 'select 1 / 0', resultPath: JsonPath.entirePayload }),
      },
      WITHOUT_SWEEP,
    );
  });

  afterAll(() => test?.close());

  beforeEach(() => {
    test.stage.faults.clear();
    const { calls, events, messages } = test.stage;
    mark = { calls: calls.latestId, events: events.latestId, messages: messages.latestId };
  });

  // What is still under way would be counted by the next test.
  afterEach(() =>
    eventually(async () => {
      await test.stage.functionsAtRest();
      const records = test.stage.messages.find({ after: mark.messages });
      const latest = new Map(records.map(({ messageId, outcome }) => [messageId, outcome]));
      return [...latest.values()].every((outcome) => outcome === 'deleted') || undefined;
    }),
  );

  const begin = () => start(test.sfn, test.outputs.SelectOneArn);
  const runOnce = () => run(test.sfn, test.outputs.SelectOneArn);
  const callsOf = (operation: string, outcome?: string) =>
    test.stage.calls.find({ after: mark.calls, operation, ...(outcome === undefined ? {} : { outcome }) });
  /** Later than any start deadline, and than what faults hold back; what runs is given the time to end. */
  const halfAnHourLater = async () => {
    await test.stage.functionsAtRest();
    test.stage.clock.advance(30 * MINUTE_MS);
  };
  /** Waits until the drain has settled so many messages. */
  const settled = (count: number) =>
    test.stage.messages.waitFor({ after: mark.messages, outcome: 'deleted' }, { count });

  it('the event comes twice', async () => {
    test.stage.faults.add({ on: 'event', pattern: COMPLETIONS, do: 'duplicate' });

    expect((await runOnce()).status).toBe('SUCCEEDED');

    await settled(2);
    expect(callsOf('SendTaskSuccess', 'ok')).toHaveLength(1);
  });

  it('the message comes three times', async () => {
    test.stage.faults.add({ on: 'message', do: 'duplicate', copies: 2, nth: 1 });

    expect((await runOnce()).status).toBe('SUCCEEDED');

    await test.stage.messages.waitFor({ after: mark.messages, outcome: 'received' }, { count: 3 });
    await test.stage.functionsAtRest();
    expect(callsOf('SendTaskSuccess', 'ok')).toHaveLength(1);
  });

  it('the event is late', async () => {
    const late = test.stage.faults.add({ on: 'event', pattern: COMPLETIONS, do: 'delay', delayMs: 30 * MINUTE_MS });
    const executionArn = await begin();
    await late.hasHit();

    await halfAnHourLater();

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('events come out of order', async () => {
    const held = test.stage.faults.add({ on: 'event', pattern: COMPLETIONS, do: 'reorder', behind: 2, nth: 1 });
    const first = await begin();
    await held.hasHit();

    const others = await Promise.all([runOnce(), runOnce()]);

    expect(others.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    const { status, output } = await ended(test.sfn, first);
    expect(status).toBe('SUCCEEDED');
    const { detail } = JSON.parse(output ?? '{}') as { detail: { statementId: string } };
    expect((await itemOf(test, first))?.statementId?.S).toBe(detail.statementId);
  });

  it('the drain dies between the callback and its note of that', async () => {
    test.stage.faults.add({
      on: 'call',
      operation: 'SendTaskSuccess',
      caller: DRAIN,
      do: 'kill',
      when: 'answered',
      nth: 1,
    });
    const executionArn = await begin();
    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    await test.stage.functionsAtRest();
    expect((await itemOf(test, executionArn))?.status?.S).not.toBe('closed');

    // Past the start deadline, or the drain would wait for it. Then the message comes again.
    await halfAnHourLater();
    expect(await test.stage.makeVisible(test.outputs.QueueUrl ?? '')).toBe(1);

    await closed(test, executionArn);
    await settled(1);
    expect(callsOf('SendTaskSuccess', 'ok')).toHaveLength(1);
  });

  it('the drain dies before the callback', async () => {
    const kill = { on: 'call', operation: 'SendTaskSuccess', caller: DRAIN, do: 'kill', nth: 1 } as const;
    const killed = test.stage.faults.add(kill);
    const executionArn = await begin();
    await killed.hasHit();

    expect(await test.stage.makeVisible(test.outputs.QueueUrl ?? '')).toBe(1);

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    await settled(1);
    expect(callsOf('SendTaskSuccess').map(({ outcome }) => outcome)).toEqual(['NoAnswer', 'ok']);
  });

  it.each([1, 2, 3].flatMap((nth) => (['before', 'after', 'answered'] as const).map((when) => ({ nth, when }))))(
    'the drain dies at any of its calls: number $nth, $when',
    async ({ nth, when }) => {
      const killed = test.stage.faults.add({ on: 'call', caller: DRAIN, do: 'kill', when, nth });
      const executionArn = await begin();
      await killed.hasHit();

      // Past the start deadline, or the drain might wait for it.
      await halfAnHourLater();
      await test.stage.makeVisible(test.outputs.QueueUrl ?? '');

      expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
      await closed(test, executionArn);
      await settled(1);
      expect(callsOf('SendTaskSuccess', 'ok').length + callsOf('SendTaskSuccess', 'NoAnswer').length).toBeGreaterThan(
        0,
      );
      expect(callsOf('SendTaskSuccess', 'ok').length).toBeLessThanOrEqual(1);
    },
  );

  it.each(['before', 'after', 'answered'] as const)(
    'the drain dies as it asks, as the owner, why a statement failed (%s)',
    async (when) => {
      const operation = 'DescribeStatement';
      const killed = test.stage.faults.add({ on: 'call', operation, caller: DRAIN, do: 'kill', when, nth: 1 });
      const executionArn = await start(test.sfn, test.outputs.DivideArn);
      await killed.hasHit();

      expect(await test.stage.makeVisible(test.outputs.QueueUrl ?? '')).toBe(1);

      const { error, cause } = await ended(test.sfn, executionArn);
      expect(error).toBe('FAILED');
      expect(cause).toMatch(/divi/i);
      await settled(1);
      expect(callsOf('SendTaskFailure')).toHaveLength(1);
    },
  );

  it('the invoker dies after it has started the statement: its task has failed, the statement is noted as ended', async () => {
    const late = test.stage.faults.add({ on: 'event', pattern: COMPLETIONS, do: 'delay', delayMs: 30 * MINUTE_MS });
    test.stage.faults.add({ on: 'call', operation: 'ExecuteStatement', do: 'kill', when: 'after', nth: 1 });
    const executionArn = await begin();
    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'FAILED', error: 'Runtime.ExitError' });
    await late.hasHit();

    await halfAnHourLater();

    const { outcome, delivered } = await closed(test, executionArn);
    expect({ outcome, delivered }).toEqual({ outcome: { S: 'FINISHED' }, delivered: { BOOL: false } });
  });

  it('the callback meets a fault of Step Functions', async () => {
    test.stage.faults.add({ on: 'call', operation: 'SendTaskSuccess', do: 'serverError', uses: 1 });

    expect((await runOnce()).status).toBe('SUCCEEDED');

    await test.stage.functionsAtRest();
    expect(callsOf('SendTaskSuccess').map(({ outcome }) => outcome)).toEqual(['InternalFailure', 'ok']);
  });

  it('the callback takes effect, and the drain does not learn it', async () => {
    // Past the start deadline, or the drain would put the message back and wait for that.
    const late = test.stage.faults.add({ on: 'event', pattern: COMPLETIONS, do: 'delay', delayMs: 30 * MINUTE_MS });
    test.stage.faults.add({ on: 'call', operation: 'SendTaskSuccess', do: 'disconnect', when: 'after', uses: 1 });
    const executionArn = await begin();
    await late.hasHit();
    await halfAnHourLater();

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });

    await closed(test, executionArn);
    await settled(1);
    expect(callsOf('SendTaskSuccess').map(({ outcome }) => outcome)).toEqual(['NoAnswer', 'TaskTimedOut']);
  });

  it('the statement starts, and the invoker does not learn it: one statement', async () => {
    test.stage.faults.add({ on: 'call', operation: 'ExecuteStatement', do: 'disconnect', when: 'after', uses: 1 });

    const execution = await runOnce();

    expect(execution.status).toBe('SUCCEEDED');
    await test.stage.functionsAtRest();
    expect(callsOf('ExecuteStatement').map(({ outcome }) => outcome)).toEqual(['NoAnswer', 'ok']);
    await settled(1);
    const ended = test.stage.events.find({ after: mark.events, source: 'aws.redshift-data', outcome: 'put' });
    expect(ended).toHaveLength(1);
  });

  it('the statement is refused by a throttle, under the name of that', async () => {
    test.stage.faults.add({ on: 'call', operation: 'ExecuteStatement', caller: INVOKER, do: 'throttle' });

    expect(await runOnce()).toMatchObject({ status: 'FAILED', error: 'ThrottlingException' });
  });
});
