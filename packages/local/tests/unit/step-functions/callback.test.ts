import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/common/aws-error.ts';
import { callback, caughtBy, only, returned, StepFunctionsStage, threw } from '../../helpers/step-functions.ts';

let stage: StepFunctionsStage;
beforeEach(() => {
  stage = new StepFunctionsStage();
});
afterEach(() => stage.close());

const GONE = { code: 'TaskTimedOut', message: "Task Timed Out: 'Provided task does not exist anymore'" };

const succeed = (taskToken: string, output: unknown = {}) =>
  stage.call('SendTaskSuccess', { taskToken, output: JSON.stringify(output) });

/** The machine runs a function that hands over and returns. */
const submitted = async (state: Record<string, unknown>) => {
  const arn = await stage.start(only(state));
  const token = await stage.lambda.token();
  return { arn, token, ended: () => stage.ended(arn) };
};

describe('A task that waits for its token', () => {
  it('completes with the output that SendTaskSuccess carries', async () => {
    const { arn, token, ended } = await submitted(callback({ HeartbeatSeconds: 10 }));
    await stage.clock.waits(10_000);
    await succeed(token, { rows: 3 });

    expect(await ended()).toMatchObject({ status: 'SUCCEEDED', output: { rows: 3 } });
    expect(await stage.eventTypes(arn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('fails with the error and cause that SendTaskFailure carries', async () => {
    const { token, ended } = await submitted(callback());
    await stage.call('SendTaskFailure', { taskToken: token, error: 'FAILED', cause: 'relation "t" does not exist' });

    expect(await ended()).toMatchObject({
      status: 'FAILED',
      error: 'FAILED',
      cause: 'relation "t" does not exist',
    });
  });

  it('hands null to Catch when SendTaskFailure names neither error nor cause', async () => {
    const arn = await stage.start(caughtBy(callback({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'After' }] })));
    await stage.call('SendTaskFailure', { taskToken: await stage.lambda.token() });

    expect((await stage.ended(arn)).output).toEqual({ Error: null, Cause: null });
  });

  it('takes an answer that comes before the function has returned', async () => {
    stage.lambda.answer = () => new Promise(() => undefined);
    const { arn, token, ended } = await submitted(callback());
    await succeed(token, 'early');

    expect(await ended()).toMatchObject({ status: 'SUCCEEDED', output: 'early' });
    expect(await stage.eventTypes(arn)).not.toContain('TaskSubmitted');
  });

  it('fails with the error of the function when that fails, and the token dies', async () => {
    stage.lambda.answer = () => threw('InvalidRequest', 'no SQL');
    const { arn, token, ended } = await submitted(callback());

    expect(await ended()).toMatchObject({
      status: 'FAILED',
      error: 'InvalidRequest',
      cause: '{"errorType":"InvalidRequest","errorMessage":"no SQL"}',
    });
    await expect(succeed(token)).rejects.toMatchObject(GONE);
    expect(await stage.eventTypes(arn)).toContain('TaskFailed');
  });

  it('has a new token on each attempt, and only the newest is open', async () => {
    const arn = await stage.start(only(callback({ Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2 }] })));
    const first = await stage.lambda.token(1);
    await stage.call('SendTaskFailure', { taskToken: first, error: 'E' });
    await stage.clock.waits(2000);
    stage.clock.advance(2000);
    const second = await stage.lambda.token(2);

    expect(second).not.toBe(first);
    await expect(succeed(first)).rejects.toMatchObject(GONE);
    await succeed(second, 'second');
    expect(await stage.ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: 'second' });
  });

  it('has a token that fits 2,048 characters and no sort key', async () => {
    const { token } = await submitted(callback());

    expect(token.length).toBeLessThanOrEqual(2048);
    expect(token.length).toBeGreaterThan(512);
  });

  it('shows the token in the context object of callback tasks only', async () => {
    const parameters = { FunctionName: 'fn', Payload: { 'task.$': '$$.Task' } };

    const ended = await stage.run(
      only({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: parameters }),
    );

    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('Time limits of a task', () => {
  it('ends an attempt after TimeoutSeconds with States.Timeout, and its token', async () => {
    const { arn, token, ended } = await submitted(callback({ TimeoutSeconds: 60 }));
    stage.clock.advance(59_000);
    await stage.call('SendTaskHeartbeat', { taskToken: token });
    stage.clock.advance(1000);

    expect(await ended()).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect((await stage.history(arn)).find(({ type }) => type === 'TaskTimedOut')).toMatchObject({
      taskTimedOutEventDetails: {
        error: 'States.Timeout',
        resource: 'invoke.waitForTaskToken',
        resourceType: 'lambda',
      },
    });
    await expect(succeed(token)).rejects.toMatchObject(GONE);
  });

  it('ends a call that takes longer than TimeoutSecondsPath says', async () => {
    stage.lambda.answer = () => new Promise(() => undefined);
    const state = {
      ...callback({ TimeoutSecondsPath: '$.limit' }),
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'fn' },
    };
    const arn = await stage.start(only(state), { limit: 5 });
    await stage.clock.waits(5000);
    stage.clock.advance(5000);

    expect(await stage.ended(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it.each([[0], [1.5], ['5'], [null]])(
    'fails with States.Runtime when HeartbeatSecondsPath leads to %j',
    async (limit) => {
      const ended = await stage.run(only(callback({ HeartbeatSecondsPath: '$.limit' })), { limit });

      expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    },
  );

  it('expects heartbeats only once the function has returned', async () => {
    const returning = Promise.withResolvers<unknown>();
    stage.lambda.answer = () => returning.promise;
    const { arn, token, ended } = await submitted(callback({ HeartbeatSeconds: 10 }));
    await stage.call('SendTaskHeartbeat', { taskToken: token });
    stage.clock.advance(60_000);
    expect((await stage.call('DescribeExecution', { executionArn: arn })).status).toBe('RUNNING');

    returning.resolve(returned(null));
    await stage.clock.waits(10_000);
    stage.clock.advance(9000);
    await stage.call('SendTaskHeartbeat', { taskToken: token });
    stage.clock.advance(9000);
    expect((await stage.call('DescribeExecution', { executionArn: arn })).status).toBe('RUNNING');
    stage.clock.advance(1000);

    expect(await ended()).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it.each([['States.Timeout'], ['States.HeartbeatTimeout'], ['States.ALL']])(
    'lets a missed heartbeat be caught as %s',
    async (name) => {
      const arn = await stage.start(
        caughtBy(callback({ HeartbeatSeconds: 10, Catch: [{ ErrorEquals: [name], Next: 'After' }] })),
      );
      await stage.clock.waits(10_000);
      stage.clock.advance(10_000);

      expect(await stage.ended(arn)).toMatchObject({
        status: 'SUCCEEDED',
        output: { Error: 'States.Timeout', Cause: '' },
      });
    },
  );

  it('leaves nothing waiting on the clock when the task ends', async () => {
    const { token, ended } = await submitted(callback({ TimeoutSeconds: 60, HeartbeatSeconds: 10 }));
    await stage.clock.waits(10_000);
    await succeed(token);
    await ended();

    expect(stage.clock.pending).toBe(0);
  });
});

describe('SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat', () => {
  it('refuse a token that has been answered', async () => {
    const { token, ended } = await submitted(callback());
    await succeed(token);
    await expect(succeed(token)).rejects.toMatchObject(GONE);
    await ended();

    await expect(stage.call('SendTaskFailure', { taskToken: token })).rejects.toMatchObject(GONE);
    await expect(stage.call('SendTaskHeartbeat', { taskToken: token })).rejects.toMatchObject(GONE);
  });

  it('refuse the token of an execution that was stopped', async () => {
    const { arn, token } = await submitted(callback());
    await stage.call('StopExecution', { executionArn: arn });

    await expect(succeed(token)).rejects.toMatchObject(GONE);
  });

  it.each([['SendTaskSuccess'], ['SendTaskFailure'], ['SendTaskHeartbeat']])(
    '%s refuses what was never issued',
    async (operation) => {
      const { token } = await submitted(callback());
      const forged = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;

      for (const taskToken of ['x', forged])
        await expect(stage.call(operation, { taskToken, output: '{}' })).rejects.toMatchObject({
          code: 'InvalidToken',
        });
    },
  );

  it.each<[string, string, Record<string, unknown>, string]>([
    ['an output that is no JSON', 'SendTaskSuccess', { output: '{' }, 'InvalidOutput'],
    [
      'an output of 262,145 bytes',
      'SendTaskSuccess',
      { output: JSON.stringify('é'.repeat(131_072)) },
      'ValidationException',
    ],
    ['an error of 257 characters', 'SendTaskFailure', { error: 'e'.repeat(257) }, 'ValidationException'],
    ['a cause of 32,769 characters', 'SendTaskFailure', { cause: 'c'.repeat(32_769) }, 'ValidationException'],
    ['a token of 2,049 characters', 'SendTaskHeartbeat', { taskToken: 't'.repeat(2049) }, 'ValidationException'],
    ['no output', 'SendTaskSuccess', {}, 'ValidationException'],
    ['an empty token', 'SendTaskHeartbeat', { taskToken: '' }, 'ValidationException'],
  ])('refuse %s, and the task goes on', async (_case, operation, input, code) => {
    const { arn, token } = await submitted(callback());

    const refusal = await stage.call(operation, { taskToken: token, ...input }).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(AwsError);
    expect(refusal).toMatchObject({ code, status: 400 });
    expect((refusal as AwsError).message.length).toBeLessThan(200);
    expect((await stage.call('DescribeExecution', { executionArn: arn })).status).toBe('RUNNING');
  });

  it('take what is just within the limits', async () => {
    const { token, ended } = await submitted(callback());
    await stage.call('SendTaskFailure', { taskToken: token, error: 'e'.repeat(256), cause: 'c'.repeat(32_768) });

    expect((await ended()).cause).toHaveLength(32_768);
  });
});
