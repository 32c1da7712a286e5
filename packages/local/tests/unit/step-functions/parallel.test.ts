import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callback, caughtBy, only, StepFunctionsStage } from '../../helpers/step-functions.ts';

let stage: StepFunctionsStage;
beforeEach(() => {
  stage = new StepFunctionsStage();
});
afterEach(() => stage.close());

const branch = (name: string, state: Record<string, unknown>) => ({
  StartAt: name,
  States: { [name]: state.Type === 'Fail' ? state : { End: true, ...state } },
});

const parallel = (...branches: readonly unknown[]) => ({ Type: 'Parallel', Branches: branches });

describe('Parallel', () => {
  it('gives each branch the same input, and has their outputs in order as its result', async () => {
    const state = {
      ...parallel(
        branch('Slow', { Type: 'Wait', Seconds: 30 }),
        branch('Fast', { Type: 'Pass', Parameters: { 'v.$': '$.v' } }),
      ),
      Parameters: { 'v.$': '$.n' },
      ResultSelector: { 'slow.$': '$[0]', 'fast.$': '$[1].v' },
      ResultPath: '$.both',
    };
    const arn = await stage.start(only(state), { n: 1 });
    await stage.clock.waits(30_000);
    stage.clock.advance(30_000);

    expect((await stage.ended(arn)).output).toEqual({ n: 1, both: { slow: { v: 1 }, fast: 1 } });
    const events = await stage.history(arn);
    expect(events.map(({ type }) => type).slice(-3)).toEqual([
      'ParallelStateSucceeded',
      'ParallelStateExited',
      'ExecutionSucceeded',
    ]);
    expect(events.filter(({ type }) => /^(?:Wait|Pass)StateEntered$/.test(type)).map((e) => e.previousEventId)).toEqual(
      [3, 3],
    );
  });

  it('fails with the error of the first branch to fail, and abandons the others with their tokens', async () => {
    const state = parallel(
      branch('Waiting', callback()),
      branch('Sleeping', { Type: 'Wait', Seconds: 1000 }),
      branch('Failing', callback({ Parameters: { FunctionName: 'fails', Payload: { 'token.$': '$$.Task.Token' } } })),
    );
    const arn = await stage.start(caughtBy({ ...state, Catch: [{ ErrorEquals: ['FAILED'], Next: 'After' }] }));
    const failing = await stage.lambda.invocations.find(({ input }) => input.FunctionName === 'fails');
    const waiting = await stage.lambda.invocations.find(({ input }) => input.FunctionName === 'fn');
    await stage.clock.waits(1_000_000);
    const tokenOf = ({ payload }: { payload: unknown }) => (payload as { token: string }).token;
    await stage.call('SendTaskFailure', { taskToken: tokenOf(failing), error: 'FAILED', cause: 'SQL' });

    expect(await stage.ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'FAILED', Cause: 'SQL' } });
    await expect(stage.call('SendTaskSuccess', { taskToken: tokenOf(waiting), output: '1' })).rejects.toMatchObject({
      code: 'TaskTimedOut',
    });
    expect(stage.clock.pending).toBe(0);
    const types = await stage.eventTypes(arn);
    expect(types.slice(types.indexOf('TaskFailed'))).toEqual([
      'TaskFailed',
      'TaskStateAborted',
      'WaitStateAborted',
      'TaskStateAborted',
      'ParallelStateFailed',
      'ParallelStateExited',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('retries all its branches, noting no failure until it gives up', async () => {
    const failing = branch('Failing', { Type: 'Fail', Error: 'E', Cause: 'why' });
    const arn = await stage.start(
      only({ ...parallel(failing), Retry: [{ ErrorEquals: ['E'], IntervalSeconds: 20, MaxAttempts: 1 }] }),
    );
    await stage.clock.waits(20_000);
    stage.clock.advance(20_000);

    expect(await stage.ended(arn)).toMatchObject({ status: 'FAILED', error: 'E', cause: 'why' });
    expect(await stage.eventTypes(arn)).toEqual([
      'ExecutionStarted',
      'ParallelStateEntered',
      'ParallelStateStarted',
      'FailStateEntered',
      'ParallelStateStarted',
      'FailStateEntered',
      'ParallelStateFailed',
      'ExecutionFailed',
    ]);
  });

  it.each([['States.Runtime'], ['States.ALL']])('never catches States.Runtime of a branch by %s', async (name) => {
    const broken = parallel(branch('Broken', { Type: 'Pass', InputPath: '$.none' }));

    const ended = await stage.run(caughtBy({ ...broken, Catch: [{ ErrorEquals: [name], Next: 'After' }] }));

    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(ended.cause).toContain("executing the state 'Broken' (entered at the event id #4)");
  });

  it('abandons branches within branches', async () => {
    const inner = branch('Inner', parallel(branch('Deep', { Type: 'Wait', Seconds: 500 })));
    const failing = {
      StartAt: 'First',
      States: { First: { Type: 'Wait', Seconds: 40, Next: 'Fails' }, Fails: { Type: 'Fail', Error: 'E' } },
    };
    const arn = await stage.start(only(parallel(inner, failing)));
    await stage.clock.waits(500_000);
    await stage.clock.waits(40_000);
    stage.clock.advance(40_000);

    expect(await stage.ended(arn)).toMatchObject({ status: 'FAILED', error: 'E' });
    expect((await stage.eventTypes(arn)).filter((type) => type.endsWith('Aborted'))).toEqual([
      'WaitStateAborted',
      'ParallelStateAborted',
    ]);
    expect(stage.clock.pending).toBe(0);
  });

  it('ends with the execution', async () => {
    const arn = await stage.start(only(parallel(branch('Waiting', callback()), branch('Other', callback()))));
    await stage.lambda.nth(2);
    await stage.call('StopExecution', { executionArn: arn });

    expect((await stage.ended(arn)).status).toBe('ABORTED');
    await expect(
      stage.call('SendTaskSuccess', { taskToken: await stage.lambda.token(2), output: '1' }),
    ).rejects.toMatchObject({ code: 'TaskTimedOut' });
  });
});
