import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/common/aws-error.ts';
import { retryDelayMs } from '../../../src/step-functions/interpreter/error-handling.ts';
import { caughtBy, invoke, only, returned, StepFunctionsStage, threw } from '../../helpers/step-functions.ts';

let stage: StepFunctionsStage;
beforeEach(() => {
  stage = new StepFunctionsStage();
});
afterEach(() => stage.close());

describe('lambda:invoke', () => {
  it('calls Invoke under the role of the state machine', async () => {
    await stage.run(
      only(
        invoke({
          Parameters: { FunctionName: 'fn', Qualifier: 'live', InvocationType: 'RequestResponse', 'Payload.$': '$' },
        }),
      ),
      { a: 1 },
    );

    const { input, caller } = await stage.lambda.nth(1);
    expect(input).toEqual({
      FunctionName: 'fn',
      Qualifier: 'live',
      InvocationType: 'RequestResponse',
      Payload: '{"a":1}',
    });
    expect(caller).toMatchObject({ type: 'role', roleArn: 'arn:aws:iam::123456789012:role/machine' });
  });

  it('has the answer of the function, parsed, as its result', async () => {
    stage.lambda.answer = () => returned({ ok: [1] });

    const ended = await stage.run(only(invoke()));

    expect(ended.output).toEqual({ ExecutedVersion: '$LATEST', Payload: { ok: [1] }, StatusCode: 200 });
  });

  it('reads a payload that comes as bytes', async () => {
    stage.lambda.answer = () => ({ StatusCode: 200, Payload: new TextEncoder().encode('[1]') });

    expect((await stage.run(only(invoke()))).output).toEqual({ Payload: [1], StatusCode: 200 });
  });

  it('sends no payload when the state gives none, and has none when the call was only accepted', async () => {
    stage.lambda.answer = () => ({ StatusCode: 202 });

    const ended = await stage.run(only(invoke({ Parameters: { FunctionName: 'fn', InvocationType: 'Event' } })));

    expect(ended.output).toEqual({ StatusCode: 202 });
    expect((await stage.lambda.nth(1)).input).toEqual({ FunctionName: 'fn', InvocationType: 'Event' });
  });

  it('is noted in the history as AWS notes it', async () => {
    stage.lambda.answer = () => returned(1);
    const arn = await stage.start(only(invoke({ TimeoutSeconds: 60, HeartbeatSeconds: 5 })));
    await stage.ended(arn);

    const named = { resource: 'invoke', resourceType: 'lambda' };
    const output = '{"ExecutedVersion":"$LATEST","Payload":1,"StatusCode":200}';
    const whole = { outputDetails: { truncated: false } };
    expect(
      (await stage.history(arn)).map(({ timestamp, ...event }) => ({ ...event, timed: timestamp > 1.7e9 })),
    ).toEqual([
      {
        id: 1,
        previousEventId: 0,
        timed: true,
        type: 'ExecutionStarted',
        executionStartedEventDetails: {
          input: '{}',
          inputDetails: { truncated: false },
          roleArn: 'arn:aws:iam::123456789012:role/machine',
        },
      },
      {
        id: 2,
        previousEventId: 0,
        timed: true,
        type: 'TaskStateEntered',
        stateEnteredEventDetails: { name: 'Only', input: '{}', inputDetails: { truncated: false } },
      },
      {
        id: 3,
        previousEventId: 2,
        timed: true,
        type: 'TaskScheduled',
        taskScheduledEventDetails: {
          ...named,
          region: 'eu-central-1',
          parameters: '{"FunctionName":"fn","Payload":{}}',
          timeoutInSeconds: 60,
          heartbeatInSeconds: 5,
        },
      },
      { id: 4, previousEventId: 3, timed: true, type: 'TaskStarted', taskStartedEventDetails: named },
      {
        id: 5,
        previousEventId: 4,
        timed: true,
        type: 'TaskSucceeded',
        taskSucceededEventDetails: { ...named, output, ...whole },
      },
      {
        id: 6,
        previousEventId: 5,
        timed: true,
        type: 'TaskStateExited',
        stateExitedEventDetails: { name: 'Only', output, ...whole },
      },
      {
        id: 7,
        previousEventId: 6,
        timed: true,
        type: 'ExecutionSucceeded',
        executionSucceededEventDetails: { output, ...whole },
      },
    ]);
  });

  it('sees the context object as documented', async () => {
    const arn = await stage.start(only(invoke({ Parameters: { FunctionName: 'fn', 'Payload.$': '$$' } })), { in: 1 });
    const { payload } = await stage.lambda.nth(1);

    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
    expect(payload).toEqual({
      Execution: {
        Id: arn,
        Name: arn.split(':').at(-1),
        Input: { in: 1 },
        RoleArn: 'arn:aws:iam::123456789012:role/machine',
        StartTime: time,
        RedriveCount: 0,
      },
      State: { Name: 'Only', EnteredTime: time, RetryCount: 0 },
      StateMachine: { Id: 'arn:aws:states:eu-central-1:123456789012:stateMachine:machine-1', Name: 'machine-1' },
    });
  });
});

describe('A call that fails', () => {
  it.each([
    ['TooManyRequestsException', 429, 'Lambda.TooManyRequestsException'],
    ['ResourceNotFoundException', 404, 'Lambda.ResourceNotFoundException'],
    ['ServiceException', 500, 'Lambda.ServiceException'],
    ['AccessDeniedException', 403, 'Lambda.AWSLambdaException'],
    ['NotImplemented', 501, 'Lambda.AWSLambdaException'],
  ])('%s (%i) is %s', async (code, status, error) => {
    stage.lambda.answer = () => {
      throw new AwsError(code, 'why', { status });
    };

    const ended = await stage.run(only(invoke()));

    expect(ended).toMatchObject({ status: 'FAILED', error });
    expect(ended.cause).toContain(`why (Service: AWSLambda; Status Code: ${status}; Error Code: ${code}; Request ID: `);
  });

  it('has the error type of the function as its error, and the whole payload as its cause', async () => {
    stage.lambda.answer = () => threw('ConcurrentExecution', 'is running');

    expect(await stage.run(only(invoke()))).toMatchObject({
      error: 'ConcurrentExecution',
      cause: '{"errorType":"ConcurrentExecution","errorMessage":"is running"}',
    });
  });

  it('is Lambda.Unknown when the function tells no error type', async () => {
    stage.lambda.answer = () => ({ StatusCode: 200, FunctionError: 'Unhandled', Payload: '{"errorMessage":"x"}' });

    expect(await stage.run(only(invoke()))).toMatchObject({ error: 'Lambda.Unknown' });
  });

  it('is States.DataLimitExceeded when the result is too large', async () => {
    stage.lambda.answer = () => returned('x'.repeat(262_144));

    expect(await stage.run(only(invoke({ OutputPath: '$.StatusCode' })))).toMatchObject({
      error: 'States.DataLimitExceeded',
      cause:
        "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });

  it('is States.Permissions when the role can no longer be assumed', async () => {
    let trusts = true;
    const roles = {
      assume: () => {
        if (trusts) return { type: 'role', arn: '', roleArn: '', sessionName: '', sessionPolicies: [] } as const;
        throw new AwsError('AccessDenied', 'not trusted');
      },
      credentialsFor: () => ({ accessKeyId: '', secretAccessKey: '', sessionToken: '' }),
    };
    const other = new StepFunctionsStage({ roles });
    const stateMachineArn = other.deploy(only(invoke()));
    trusts = false;
    const { executionArn } = await other.call<{ executionArn: string }>('StartExecution', { stateMachineArn });

    expect(await other.ended(executionArn)).toMatchObject({ error: 'States.Permissions', cause: 'not trusted' });
    await other.close();
  });
});

describe('Retry', () => {
  it('waits longer each time, and counts in the context object', async () => {
    stage.lambda.answer = () => threw('E');
    const parameters = { FunctionName: 'fn', Payload: { 'n.$': '$$.State.RetryCount' } };
    const arn = await stage.start(
      only(
        invoke({
          Parameters: parameters,
          Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 10, MaxAttempts: 2, BackoffRate: 3 }],
        }),
      ),
    );
    for (const delay of [10_000, 30_000]) {
      await stage.clock.waits(delay);
      stage.clock.advance(delay);
    }

    expect(await stage.ended(arn)).toMatchObject({ status: 'FAILED', error: 'E' });
    expect(stage.lambda.invocations.seen.map(({ payload }) => payload)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
    expect((await stage.eventTypes(arn)).filter((type) => type === 'TaskFailed')).toHaveLength(3);
  });

  it('counts each retrier by itself, and the first that matches decides', async () => {
    const errors = ['A', 'B', 'A', 'B'];
    stage.lambda.answer = () => {
      const error = errors.shift();
      return error ? threw(error) : returned('done');
    };
    const arn = await stage.start(
      only(
        invoke({
          Retry: [
            { ErrorEquals: ['A'], IntervalSeconds: 100, MaxAttempts: 1 },
            { ErrorEquals: ['States.ALL'], IntervalSeconds: 300, MaxAttempts: 5 },
          ],
        }),
      ),
    );
    for (const delay of [100_000, 300_000]) {
      await stage.clock.waits(delay);
      stage.clock.advance(delay);
    }

    expect(await stage.ended(arn)).toMatchObject({ status: 'FAILED', error: 'A' });
    expect(stage.lambda.invocations.seen).toHaveLength(3);
  });

  it.each([
    ['the defaults', {}, [1, 2, 4]],
    ['MaxDelaySeconds', { IntervalSeconds: 10, MaxDelaySeconds: 25 }, [10, 20, 25]],
    ['BackoffRate 1', { IntervalSeconds: 3, BackoffRate: 1 }, [3, 3, 3]],
  ])('spaces attempts by %s', (_case, retrier, seconds) => {
    const delays = [0, 1, 2].map((attempt) => retryDelayMs({ ErrorEquals: ['E'], ...retrier }, attempt));

    expect(delays).toEqual(seconds.map((second) => second * 1000));
  });

  it('takes a random part of the delay with JitterStrategy FULL', () => {
    const retrier = { ErrorEquals: ['E'], IntervalSeconds: 8, JitterStrategy: 'FULL' } as const;

    expect(retryDelayMs(retrier, 1, () => 0.25)).toBe(4000);
  });

  it('does not retry at all with MaxAttempts 0', async () => {
    stage.lambda.answer = () => threw('E');

    await stage.run(only(invoke({ Retry: [{ ErrorEquals: ['E'], MaxAttempts: 0 }] })));

    expect(stage.lambda.invocations.seen).toHaveLength(1);
  });
});

describe('Catch', () => {
  it.each([
    ['by default as the whole output', {}, { Error: 'E', Cause: '{"errorType":"E","errorMessage":"no"}' }],
    [
      'at ResultPath beside the input',
      { ResultPath: '$.why' },
      { k: 1, why: { Error: 'E', Cause: '{"errorType":"E","errorMessage":"no"}' } },
    ],
    ['not at all with ResultPath null', { ResultPath: null }, { k: 1 }],
  ])('hands the error on %s', async (_case, fields, output) => {
    stage.lambda.answer = () => threw('E');
    const state = invoke({
      InputPath: '$.k',
      OutputPath: '$.none',
      Catch: [{ ErrorEquals: ['E'], Next: 'After', ...fields }],
    });

    expect((await stage.run(caughtBy(state), { k: 1 })).output).toEqual(output);
  });

  it('asks only after Retry has given up', async () => {
    stage.lambda.answer = () => threw('E');
    const arn = await stage.start(
      caughtBy(
        invoke({
          Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1, IntervalSeconds: 50 }],
          Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'After' }],
        }),
      ),
    );
    await stage.clock.waits(50_000);
    stage.clock.advance(50_000);

    expect((await stage.ended(arn)).status).toBe('SUCCEEDED');
    expect(stage.lambda.invocations.seen).toHaveLength(2);
  });

  const LARGE = 'x'.repeat(262_144);
  it.each<[string, string[], () => unknown, 'SUCCEEDED' | 'FAILED']>([
    ['another name', ['F'], () => threw('E'), 'FAILED'],
    ['States.TaskFailed', ['States.TaskFailed'], () => threw('E'), 'SUCCEEDED'],
    ['States.ALL for what is too large', ['States.ALL'], () => returned(LARGE), 'FAILED'],
    ['States.DataLimitExceeded by name', ['States.DataLimitExceeded'], () => returned(LARGE), 'SUCCEEDED'],
  ])('with %s', async (_case, ErrorEquals, answer, status) => {
    stage.lambda.answer = answer;

    const ended = await stage.run(caughtBy(invoke({ Catch: [{ ErrorEquals, Next: 'After' }] })));

    expect(ended.status).toBe(status);
  });

  it('does not take a timeout for States.TaskFailed', async () => {
    stage.lambda.answer = () => new Promise(() => undefined);
    const arn = await stage.start(
      caughtBy(invoke({ TimeoutSeconds: 7, Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'After' }] })),
    );
    await stage.clock.waits(7000);
    stage.clock.advance(7000);

    expect(await stage.ended(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it.each([['States.ALL'], ['States.Runtime']])('never catches or retries States.Runtime by %s', async (name) => {
    const state = invoke({
      Parameters: { FunctionName: 'fn', 'Payload.$': '$.none' },
      Retry: [{ ErrorEquals: [name], IntervalSeconds: 1 }],
      Catch: [{ ErrorEquals: [name], Next: 'After' }],
    });

    expect(await stage.run(caughtBy(state))).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(stage.lambda.invocations.seen).toHaveLength(0);
  });
});
