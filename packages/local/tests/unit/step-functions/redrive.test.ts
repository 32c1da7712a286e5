import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callback, invoke, only, returned, StepFunctionsStage, threw } from '../../helpers/step-functions.ts';

let stage: StepFunctionsStage;
beforeEach(() => {
  stage = new StepFunctionsStage();
});
afterEach(() => stage.close());

const DAY_MS = 86_400_000;

const redrive = (executionArn: string, clientToken?: string) =>
  stage.call<{ redriveDate: number }>('RedriveExecution', { executionArn, ...(clientToken ? { clientToken } : {}) });

const describeExecution = (executionArn: string) => stage.call('DescribeExecution', { executionArn });

/** Functions that are named here fail. */
let broken: string[];
beforeEach(() => {
  broken = [];
  stage.lambda.answer = ({ input, payload }) =>
    broken.includes(String(input.FunctionName)) ? threw('Broken') : returned(payload);
});

const call = (FunctionName: string, more: Record<string, unknown> = {}) =>
  invoke({ Parameters: { FunctionName, Payload: FunctionName }, ResultSelector: { 'got.$': '$.Payload' }, ...more });

const calledFunctions = () => stage.lambda.invocations.seen.map(({ input }) => input.FunctionName);

/** The end that follows the `n`-th redrive. */
const endedAgain = async (arn: string, n = 1) => {
  const { detail } = await stage.events.find(
    ({ detail: { executionArn, status, redriveCount } }) =>
      executionArn === arn && status !== 'RUNNING' && redriveCount === n,
  );
  return detail;
};

const chain = {
  StartAt: 'First',
  States: { First: { ...call('first'), Next: 'Second' }, Second: { ...call('second'), End: true } },
};

describe('RedriveExecution', () => {
  it('goes on in the state that failed, with the input that it had', async () => {
    broken = ['second'];
    const arn = await stage.start(chain, { n: 1 });
    await stage.ended(arn);
    broken = [];
    await redrive(arn);

    expect(await endedAgain(arn)).toMatchObject({ status: 'SUCCEEDED', output: '{"got":"second"}' });
    expect(calledFunctions()).toEqual(['first', 'second', 'second']);
  });

  it('adds to the history of the execution', async () => {
    broken = ['second'];
    const arn = await stage.start(chain);
    await stage.ended(arn);
    broken = [];
    await redrive(arn);
    await endedAgain(arn);
    const events = await stage.history(arn);

    expect(events.slice(-7).map(({ id, previousEventId, type }) => `${id} ${previousEventId} ${type}`)).toEqual([
      '11 10 ExecutionFailed',
      '12 11 ExecutionRedriven',
      '13 12 TaskScheduled',
      '14 13 TaskStarted',
      '15 14 TaskSucceeded',
      '16 15 TaskStateExited',
      '17 16 ExecutionSucceeded',
    ]);
    expect(events[11]).toMatchObject({ executionRedrivenEventDetails: { redriveCount: 1 } });
  });

  it('is told by DescribeExecution, ListExecutions, the event bus and the context object', async () => {
    const state = callback({
      Parameters: { FunctionName: 'fn', Payload: { 'token.$': '$$.Task.Token', 'context.$': '$$' } },
    });
    const arn = await stage.start(only(state));
    const first = await stage.lambda.token(1);
    await stage.call('SendTaskFailure', { taskToken: first, error: 'E' });
    await stage.ended(arn);
    expect(await describeExecution(arn)).toMatchObject({ redriveCount: 0, redriveStatus: 'REDRIVABLE' });
    const { redriveDate } = await redrive(arn);
    const { payload } = await stage.lambda.nth(2);

    const described = await describeExecution(arn);
    expect(described).toMatchObject({
      status: 'RUNNING',
      redriveCount: 1,
      redriveDate,
      redriveStatus: 'NOT_REDRIVABLE',
    });
    expect(described).not.toHaveProperty('stopDate');
    expect(described).not.toHaveProperty('error');
    const stateMachineArn = String(described.stateMachineArn);
    expect(await stage.call('ListExecutions', { stateMachineArn })).toMatchObject({
      executions: [{ redriveCount: 1, redriveDate }],
    });
    expect(stage.events.seen.at(-1)?.detail).toMatchObject({
      status: 'RUNNING',
      stopDate: null,
      error: null,
      redriveCount: 1,
      redriveDate: redriveDate * 1000,
    });
    const { token, context } = payload as { token: string; context: Record<string, Record<string, unknown>> };
    expect(token).not.toBe(first);
    expect(context.Execution).toMatchObject({
      RedriveCount: 1,
      RedriveTime: new Date(redriveDate * 1000).toISOString(),
    });
    expect(context.State).toMatchObject({ RetryCount: 0 });
    await expect(stage.call('SendTaskSuccess', { taskToken: first, output: '1' })).rejects.toMatchObject({
      code: 'TaskTimedOut',
    });
  });

  it('resets the counts of Retry and the time limits', async () => {
    broken = ['fn'];
    const Retry = [{ ErrorEquals: ['Broken'], IntervalSeconds: 5, MaxAttempts: 1 }];
    const arn = await stage.start({ ...only(call('fn', { Retry })), TimeoutSeconds: 60 });
    await stage.clock.waits(5000);
    stage.clock.advance(5000);
    await stage.ended(arn);
    stage.clock.advance(3_600_000);
    await redrive(arn);
    await stage.clock.waits(60_000);
    await stage.lambda.nth(3);
    await stage.clock.waits(5000);
    stage.clock.advance(5000);

    expect(await endedAgain(arn)).toMatchObject({ status: 'FAILED', error: 'Broken' });
    expect(stage.lambda.invocations.seen).toHaveLength(4);
  });

  it('goes on after a time-out and after StopExecution', async () => {
    const arn = await stage.start({ ...only(callback()), TimeoutSeconds: 60 });
    await stage.lambda.nth(1);
    stage.clock.advance(60_000);
    expect((await stage.ended(arn)).status).toBe('TIMED_OUT');
    await redrive(arn);
    await stage.lambda.nth(2);
    await stage.call('StopExecution', { executionArn: arn });
    expect((await endedAgain(arn, 1)).status).toBe('ABORTED');
    await redrive(arn);
    await stage.call('SendTaskSuccess', { taskToken: await stage.lambda.token(3), output: '3' });

    expect(await endedAgain(arn, 2)).toMatchObject({ status: 'SUCCEEDED', output: '3' });
  });

  it('keeps the variables', async () => {
    broken = ['fn'];
    const machine = {
      QueryLanguage: 'JSONata',
      StartAt: 'First',
      States: {
        First: { Type: 'Pass', Assign: { v: 41 }, Next: 'Only' },
        Only: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Arguments: { FunctionName: 'fn', Payload: 1 },
          Output: '{% $v + $states.result.Payload %}',
          End: true,
        },
      },
    };
    const arn = await stage.start(machine);
    await stage.ended(arn);
    broken = [];
    await redrive(arn);

    expect(await endedAgain(arn)).toMatchObject({ output: '42' });
  });

  it('fails again where nothing has changed', async () => {
    const arn = await stage.start(only({ Type: 'Fail', Error: 'E' }));
    await stage.ended(arn);
    await redrive(arn);

    expect(await endedAgain(arn)).toMatchObject({ status: 'FAILED', error: 'E' });
  });
});

describe('Redriving a Parallel state', () => {
  const branch = (name: string) => ({ StartAt: name, States: { [name]: { ...call(name), End: true } } });

  it('runs only what had not succeeded', async () => {
    const waiting = {
      StartAt: 'W',
      States: {
        W: {
          ...callback({ Parameters: { FunctionName: 'waits', Payload: { 'token.$': '$$.Task.Token' } } }),
          End: true,
        },
      },
    };
    const failing = {
      StartAt: 'C',
      States: {
        C: {
          ...callback({ Parameters: { FunctionName: 'fails', Payload: { 'token.$': '$$.Task.Token' } } }),
          End: true,
        },
      },
    };
    const arn = await stage.start(only({ Type: 'Parallel', Branches: [branch('good'), waiting, failing] }));
    const tokens = (name: string, n: number) =>
      stage.lambda.invocations
        .find(() => stage.lambda.invocations.seen.filter(({ input }) => input.FunctionName === name).length >= n)
        .then(() => stage.lambda.invocations.seen.filter(({ input }) => input.FunctionName === name)[n - 1])
        .then((invocation) => (invocation?.payload as { token: string }).token);
    await stage.lambda.nth(3);
    await tokens('waits', 1);
    await stage.call('SendTaskFailure', { taskToken: await tokens('fails', 1), error: 'E' });
    await stage.ended(arn);
    await redrive(arn);
    await stage.call('SendTaskSuccess', { taskToken: await tokens('waits', 2), output: '"w"' });
    await stage.call('SendTaskSuccess', { taskToken: await tokens('fails', 2), output: '"f"' });

    expect(await endedAgain(arn)).toMatchObject({ status: 'SUCCEEDED', output: '[{"got":"good"},"w","f"]' });
    expect(calledFunctions().filter((name) => name === 'good')).toHaveLength(1);
    expect((await stage.eventTypes(arn)).filter((type) => type === 'ParallelStateStarted')).toHaveLength(1);
  });

  it('runs all of it when all had succeeded, and only their results were too large', async () => {
    stage.lambda.answer = () => returned('x'.repeat(140_000));
    const arn = await stage.start(only({ Type: 'Parallel', Branches: [branch('a'), branch('b')] }));
    expect(await stage.ended(arn)).toMatchObject({ error: 'States.DataLimitExceeded' });
    stage.lambda.answer = () => returned('short');
    await redrive(arn);

    expect(await endedAgain(arn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(calledFunctions().sort()).toEqual(['a', 'a', 'b', 'b']);
  });

  it('retries with fresh branches once the redriven ones have failed too', async () => {
    broken = ['bad'];
    const Retry = [{ ErrorEquals: ['Broken'], IntervalSeconds: 5, MaxAttempts: 1 }];
    const arn = await stage.start(only({ Type: 'Parallel', Branches: [branch('good'), branch('bad')], Retry }));
    await stage.clock.waits(5000);
    stage.clock.advance(5000);
    await stage.ended(arn);
    await redrive(arn);
    await stage.lambda.nth(5);
    await stage.clock.waits(5000);
    broken = [];
    stage.clock.advance(5000);

    expect(await endedAgain(arn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(calledFunctions().filter((name) => name === 'good')).toHaveLength(3);
  });
});

describe('Redriving a Map state', () => {
  const item = invoke({ Parameters: { 'FunctionName.$': '$', 'Payload.$': '$' }, OutputPath: '$.Payload' });
  const map = (more: Record<string, unknown> = {}) => ({
    Type: 'Map',
    ItemProcessor: { StartAt: 'I', States: { I: { ...item, End: true } } },
    ...more,
  });

  it('runs only the iterations that had not succeeded', async () => {
    broken = ['b'];
    const arn = await stage.start(only(map({ MaxConcurrency: 1 })), ['a', 'b', 'c']);
    await stage.ended(arn);
    broken = [];
    await redrive(arn);

    expect(await endedAgain(arn)).toMatchObject({ status: 'SUCCEEDED', output: '["a","b","c"]' });
    expect(calledFunctions()).toEqual(['a', 'b', 'b', 'c']);
    const iterations = (await stage.history(arn)).flatMap(({ mapIterationStartedEventDetails: details }) =>
      details === undefined ? [] : [(details as { index: number }).index],
    );
    expect(iterations).toEqual([0, 1, 2]);
  });

  it('goes on within branches within iterations, as often as it is redriven', async () => {
    broken = ['b'];
    const inner = { StartAt: 'M', States: { M: { ...map({ MaxConcurrency: 1 }), End: true } } };
    const arn = await stage.start(only({ Type: 'Parallel', Branches: [inner] }), ['a', 'b']);
    await stage.ended(arn);
    await redrive(arn);
    expect((await endedAgain(arn, 1)).status).toBe('FAILED');
    broken = [];
    await redrive(arn);

    expect(await endedAgain(arn, 2)).toMatchObject({ status: 'SUCCEEDED', output: '[["a","b"]]' });
    expect(calledFunctions()).toEqual(['a', 'b', 'b', 'b']);
  });
});

describe('RedriveExecution refuses', () => {
  it('an execution that succeeded, and one that runs', async () => {
    const succeeded = await stage.start(only({ Type: 'Pass' }));
    await stage.ended(succeeded);
    const running = await stage.start(only({ Type: 'Wait', Seconds: 60 }));

    await expect(redrive(succeeded)).rejects.toMatchObject({
      code: 'ExecutionNotRedrivable',
      message: "Execution Not Redrivable: 'Execution is SUCCEEDED and cannot be redriven'",
    });
    await expect(redrive(running)).rejects.toMatchObject({ code: 'ExecutionNotRedrivable' });
  });

  it('an execution that ended more than 14 days ago', async () => {
    const arn = await stage.start(only({ Type: 'Fail' }));
    await stage.ended(arn);
    stage.clock.advance(14 * DAY_MS - 60_000);
    expect(await describeExecution(arn)).toMatchObject({ redriveStatus: 'REDRIVABLE' });
    stage.clock.advance(120_000);

    expect(await describeExecution(arn)).toMatchObject({
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution redrivable period exceeded',
    });
    await expect(redrive(arn)).rejects.toMatchObject({ code: 'ExecutionNotRedrivable' });
  });

  it('what is not there, and a token that is none', async () => {
    const executionArn = 'arn:aws:states:eu-central-1:123456789012:execution:m:e';
    await expect(redrive(executionArn)).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
    const arn = await stage.start(only({ Type: 'Fail' }));
    await stage.ended(arn);

    for (const clientToken of ['', 'x'.repeat(65)])
      await expect(stage.call('RedriveExecution', { executionArn: arn, clientToken })).rejects.toMatchObject({
        code: 'ValidationException',
      });
  });
});

describe('clientToken', () => {
  it('makes a repetition within 15 minutes redrive nothing', async () => {
    const arn = await stage.start(only({ Type: 'Fail' }));
    await stage.ended(arn);
    const first = await redrive(arn, 'token');
    await endedAgain(arn, 1);
    stage.clock.advance(14 * 60_000);
    expect(await redrive(arn, 'token')).toEqual(first);
    expect(await describeExecution(arn)).toMatchObject({ redriveCount: 1 });
    stage.clock.advance(2 * 60_000);
    await redrive(arn, 'token');

    expect(await describeExecution(arn)).toMatchObject({ redriveCount: 2 });
  });
});
