import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callback, only, StepFunctionsStage } from '../../helpers/step-functions.ts';

let stage: StepFunctionsStage;
beforeEach(() => {
  stage = new StepFunctionsStage();
});
afterEach(() => stage.close());

describe('Wait', () => {
  const NOW = Date.parse('2026-06-01T00:00:00Z');

  /** More than a busy machine takes from one line to the next. */
  const SLACK = 120_000;

  it.each<[string, Record<string, unknown>, number]>([
    ['Seconds', { Seconds: 900 }, 900_000],
    ['SecondsPath', { SecondsPath: '$.s' }, 450_000],
    ['a Timestamp to come', { Timestamp: '2026-06-01T01:00:00+00:30' }, 1_800_000],
    ['TimestampPath', { TimestampPath: '$.t' }, 7_200_000],
  ])('waits for %s', async (_case, fields, delayMs) => {
    const machine = stage.deploy(only({ Type: 'Wait', ...fields }));
    const input = { s: 450, t: '2026-06-01T02:00:00Z' };
    stage.clock.advance(NOW - stage.clock.now());
    const arn = await stage.startMachine(machine, input);
    await stage.clock.waits(delayMs, SLACK / 2);
    stage.clock.advance(delayMs - SLACK);
    expect((await stage.call('DescribeExecution', { executionArn: arn })).status).toBe('RUNNING');
    stage.clock.advance(SLACK);

    expect(await stage.ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: input });
  });

  it('does not wait for a time that has passed', async () => {
    expect((await stage.run(only({ Type: 'Wait', Timestamp: '2020-01-01T00:00:00Z' }))).status).toBe('SUCCEEDED');
  });

  it.each([
    ['SecondsPath', 1.5, 'cannot be parsed as a long value: $.v == 1.5'],
    ['SecondsPath', '1', 'cannot be parsed as a long value: $.v == "1"'],
    ['SecondsPath', -1, 'references a negative value: $.v == -1'],
    ['TimestampPath', '2026-06-01 00:00:00Z', 'offset date-time format string: $.v == 2026-06-01 00:00:00Z'],
    ['TimestampPath', '2026-13-01T00:00:00Z', 'offset date-time format string: $.v == 2026-13-01T00:00:00Z'],
  ])('fails when %s leads to %j', async (field, v, cause) => {
    const ended = await stage.run(only({ Type: 'Wait', [field]: '$.v' }), { v });

    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(ended.cause).toContain(cause);
  });
});

describe('Succeed and Fail', () => {
  it('ends with what its paths choose', async () => {
    expect(
      (await stage.run(only({ Type: 'Succeed', InputPath: '$.a', OutputPath: '$.b' }), { a: { b: 1 } })).output,
    ).toBe(1);
  });

  it.each<[Record<string, unknown>, string | null, string | null]>([
    [{ Error: 'E', Cause: 'why' }, 'E', 'why'],
    [{ ErrorPath: '$.e', CausePath: "States.Format('because {}', $.c)" }, 'FromInput', 'because x'],
    [{}, null, null],
  ])('fails with what %j says', async (fields, error, cause) => {
    const ended = await stage.run(only({ Type: 'Fail', ...fields }), { e: 'FromInput', c: 'x' });

    expect(ended).toMatchObject({ status: 'FAILED', error, cause });
  });

  it('fails with States.Runtime when CausePath leads nowhere', async () => {
    expect((await stage.run(only({ Type: 'Fail', CausePath: '$.none' }))).error).toBe('States.Runtime');
  });
});

describe('An execution', () => {
  it('times out by the limit of its state machine, and its tokens die', async () => {
    const arn = await stage.start({ ...only(callback()), TimeoutSeconds: 120 });
    const taskToken = await stage.lambda.token();
    stage.clock.advance(120_000);

    expect(await stage.ended(arn)).toMatchObject({ status: 'TIMED_OUT', error: null, output: null });
    expect((await stage.eventTypes(arn)).at(-1)).toBe('ExecutionTimedOut');
    await expect(stage.call('SendTaskSuccess', { taskToken, output: '1' })).rejects.toMatchObject({
      code: 'TaskTimedOut',
    });
  });

  it('tells the event bus of its start and its end', async () => {
    const arn = await stage.start(only({ Type: 'Pass' }), { a: 1 });
    await stage.ended(arn);

    const [started, ended] = stage.events.seen;
    expect(started).toMatchObject({
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      resources: [arn],
    });
    expect(started?.detail).toEqual({
      executionArn: arn,
      stateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:machine-1',
      name: arn.split(':').at(-1),
      status: 'RUNNING',
      startDate: expect.any(Number) as number,
      stopDate: null,
      input: '{"a":1}',
      inputDetails: { included: true },
      output: null,
      outputDetails: null,
      error: null,
      cause: null,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: 0,
      redriveDate: null,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is RUNNING and cannot be redriven',
    });
    expect(ended?.detail).toMatchObject({
      status: 'SUCCEEDED',
      stopDate: expect.any(Number) as number,
      output: '{"a":1}',
      outputDetails: { included: true },
    });
  });

  it('leaves large data out of the event', async () => {
    const arn = await stage.start(only({ Type: 'Pass' }), 'x'.repeat(255 * 1024));
    await stage.events.find(({ detail }) => detail.executionArn === arn && detail.status === 'SUCCEEDED');

    expect(stage.events.seen[1]?.detail).toMatchObject({
      input: null,
      inputDetails: { included: false },
      output: null,
    });
  });

  const endless = {
    StartAt: 'Loop',
    States: {
      Loop: { Type: 'Choice', Choices: [{ Variable: '$', IsNull: true, Next: 'Out' }], Default: 'Turn' },
      Turn: { Type: 'Pass', Next: 'Loop' },
      Out: { Type: 'Succeed' },
    },
  };

  it('that loops does not hold up the rest of the process', async () => {
    const looping = await stage.start(endless);
    await nextTurn();

    expect((await stage.call('DescribeExecution', { executionArn: looping })).status).toBe('RUNNING');
    expect((await stage.run(only({ Type: 'Pass' }))).status).toBe('SUCCEEDED');
  });

  it('goes no further once it is stopped', async () => {
    const looping = await stage.start(endless);
    await stage.call('StopExecution', { executionArn: looping, error: 'Enough', cause: 'of it' });
    for (let turn = 0; turn < 5; turn++) await nextTurn();

    expect(await stage.ended(looping)).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'of it' });
    expect((await stage.history(looping)).at(-1)).toMatchObject({
      type: 'ExecutionAborted',
      executionAbortedEventDetails: { error: 'Enough', cause: 'of it' },
    });
  });

  it('fails when its history is full', async () => {
    const arn = await stage.start(endless);

    expect(await stage.ended(arn)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    const { events } = await stage.call<{ events: { id: number; type: string }[] }>('GetExecutionHistory', {
      executionArn: arn,
      reverseOrder: true,
      maxResults: 1,
    });
    expect(events).toMatchObject([{ id: 25_000, type: 'ExecutionFailed' }]);
  });

  it('keeps the definition that it was started with', async () => {
    const arn = await stage.start({
      StartAt: 'Wait',
      States: { Wait: { Type: 'Wait', Seconds: 60, Next: 'Old' }, Old: { Type: 'Pass', Result: 'old', End: true } },
    });
    await stage.clock.waits(60_000);
    stage.deploy(only({ Type: 'Pass', Result: 'new' }), 'machine-1');
    stage.clock.advance(60_000);

    expect((await stage.ended(arn)).output).toBe('old');
  });
});

describe('deleteStateMachine', () => {
  it('aborts the executions and forgets them and the machine', async () => {
    const arn = await stage.start(only(callback()));
    await stage.lambda.nth(1);
    const stateMachineArn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:machine-1';
    await stage.service.deleteStateMachine(stateMachineArn);

    expect((await stage.ended(arn)).status).toBe('ABORTED');
    await expect(stage.call('DescribeExecution', { executionArn: arn })).rejects.toMatchObject({
      code: 'ExecutionDoesNotExist',
    });
    await expect(stage.call('StartExecution', { stateMachineArn })).rejects.toMatchObject({
      code: 'StateMachineDoesNotExist',
    });
  });
});

describe('close', () => {
  it('ends all executions without an event, and leaves nothing on the clock', async () => {
    await stage.start({ ...only(callback({ TimeoutSeconds: 50, HeartbeatSeconds: 10 })), TimeoutSeconds: 100 });
    await stage.clock.waits(10_000);
    await stage.start(only({ Type: 'Wait', Seconds: 1000 }));
    await stage.clock.waits(1_000_000);
    await stage.service.close();

    expect(stage.clock.pending).toBe(0);
    expect(stage.events.seen.map(({ detail }) => detail.status)).toEqual(['RUNNING', 'RUNNING']);
  });
});
