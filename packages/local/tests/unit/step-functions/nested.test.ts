import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/common/aws-error.ts';
import { callback, only, StepFunctionsStage } from '../../helpers/step-functions.ts';

let stage: StepFunctionsStage;
beforeEach(() => {
  stage = new StepFunctionsStage();
});
afterEach(() => stage.close());

const MACHINES = 'arn:aws:states:eu-central-1:123456789012:stateMachine';
const EXECUTIONS = 'arn:aws:states:eu-central-1:123456789012:execution';

const nested = (suffix = '', more: Record<string, unknown> = {}) => ({
  Type: 'Task',
  Resource: `arn:aws:states:::states:startExecution${suffix}`,
  Parameters: { StateMachineArn: `${MACHINES}:child`, Name: 'c', 'Input.$': '$' },
  ...more,
});

const CHILD = `${EXECUTIONS}:child:c`;

const statusOf = async (executionArn: string) =>
  (await stage.call<{ status: string }>('DescribeExecution', { executionArn })).status;

describe('states:startExecution', () => {
  it('is done when the execution has been started', async () => {
    stage.deploy(only({ Type: 'Wait', Seconds: 500 }), 'child');
    const ended = await stage.run(only(nested()), { n: 1 });

    expect(ended.output).toEqual({ ExecutionArn: CHILD, StartDate: expect.any(Number) as number });
    expect(await stage.call('DescribeExecution', { executionArn: CHILD })).toMatchObject({
      status: 'RUNNING',
      input: '{"n":1}',
    });
  });

  it('fails as the call does', async () => {
    expect(await stage.run(only(nested()))).toMatchObject({
      error: 'StepFunctions.StateMachineDoesNotExistException',
      cause: expect.stringMatching(
        /^State Machine Does Not Exist: '.*:child' \(Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; /,
      ) as string,
    });
  });

  it('gives the execution an empty input where it says null', async () => {
    stage.deploy(only({ Type: 'Pass' }), 'child');
    await stage.run(only(nested('', { Parameters: { StateMachineArn: `${MACHINES}:child`, Name: 'c', Input: null } })));

    expect((await stage.ended(CHILD)).output).toEqual({});
  });

  it('waits for the token that it handed to the execution', async () => {
    stage.deploy(only({ Type: 'Pass' }), 'child');
    const input = { 'token.$': '$$.Task.Token' };
    const arn = await stage.start(
      only(
        nested('.waitForTaskToken', { Parameters: { StateMachineArn: `${MACHINES}:child`, Name: 'c', Input: input } }),
      ),
    );
    const { output } = await stage.ended(CHILD);
    await stage.call('SendTaskSuccess', { taskToken: (output as { token: string }).token, output: '7' });

    expect((await stage.ended(arn)).output).toBe(7);
  });
});

describe('states:startExecution.sync', () => {
  const description = {
    ExecutionArn: CHILD,
    InputDetails: { Included: true },
    Name: 'c',
    OutputDetails: { Included: true },
    RedriveCount: 0,
    RedriveStatus: 'NOT_REDRIVABLE',
    RedriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    StartDate: expect.any(Number) as number,
    StateMachineArn: `${MACHINES}:child`,
    Status: 'SUCCEEDED',
    StopDate: expect.any(Number) as number,
  };

  it.each([
    ['.sync', { Input: '{"n":1}', Output: '[2]' }],
    ['.sync:2', { Input: { n: 1 }, Output: [2] }],
  ])('%s waits for the end of the execution, and has its description as the result', async (suffix, data) => {
    stage.deploy(only({ Type: 'Pass', Result: [2] }), 'child');
    const arn = await stage.start(only(nested(suffix)), { n: 1 });

    expect((await stage.ended(arn)).output).toEqual({ ...description, ...data });
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

  it('fails with States.TaskFailed and the description as the cause', async () => {
    stage.deploy(only({ Type: 'Fail', Error: 'E', Cause: 'why' }), 'child');
    const { error, cause } = await stage.run(only(nested('.sync:2')));

    expect(error).toBe('States.TaskFailed');
    expect(JSON.parse(cause ?? '')).toMatchObject({
      Cause: 'why',
      Error: 'E',
      ExecutionArn: CHILD,
      Input: '{}',
      Status: 'FAILED',
    });
  });

  it('may end earlier with its token', async () => {
    stage.deploy(only(callback()), 'child');
    const Input = { 'token.$': '$$.Task.Token' };
    const Parameters = { StateMachineArn: `${MACHINES}:child`, Name: 'c', Input };
    const arn = await stage.start(only(nested('.sync', { Parameters })));
    await stage.lambda.nth(1);
    const { input } = await stage.call<{ input: string }>('DescribeExecution', { executionArn: CHILD });
    const { token } = JSON.parse(input) as { token: string };
    await stage.call('SendTaskSuccess', { taskToken: token, output: '"early"' });

    expect((await stage.ended(arn)).output).toBe('early');
    expect(await statusOf(CHILD)).toBe('RUNNING');
  });

  it.each<[string, (arn: string) => unknown, string]>([
    ['StopExecution of its own', (executionArn) => stage.call('StopExecution', { executionArn }), 'ABORTED'],
    ['its time limit', () => stage.clock.advance(60_000), 'FAILED'],
  ])('stops the execution on %s', async (_case, end, status) => {
    stage.deploy(only(callback()), 'child');
    const arn = await stage.start(only(nested('.sync:2', { TimeoutSeconds: 60 })));
    await stage.lambda.nth(1);
    await end(arn);

    expect((await stage.ended(arn)).status).toBe(status);
    expect((await stage.ended(CHILD)).status).toBe('ABORTED');
  });

  it('stops the execution when another branch fails', async () => {
    stage.deploy(only(callback()), 'child');
    const failing = callback({ Parameters: { FunctionName: 'fails', Payload: { 'token.$': '$$.Task.Token' } } });
    const branches = [nested('.sync'), failing].map((state, index) => ({
      StartAt: `B${index}`,
      States: { [`B${index}`]: { ...state, End: true } },
    }));
    const arn = await stage.start(only({ Type: 'Parallel', Branches: branches }));
    const { payload } = await stage.lambda.invocations.find(({ input }) => input.FunctionName === 'fails');
    await stage.lambda.invocations.find(({ input }) => input.FunctionName === 'fn');
    await stage.call('SendTaskFailure', { taskToken: (payload as { token: string }).token, error: 'E' });

    expect(await stage.ended(arn)).toMatchObject({ status: 'FAILED', error: 'E' });
    expect((await stage.ended(CHILD)).status).toBe('ABORTED');
  });
});

describe('close', () => {
  it('ends both executions, without an event', async () => {
    stage.deploy(only(callback()), 'child');
    await stage.start(only(nested('.sync')));
    await stage.lambda.nth(1);
    await stage.service.close();

    expect(stage.events.seen.map(({ detail }) => detail.status)).toEqual(['RUNNING', 'RUNNING']);
  });
});

describe('authorize', () => {
  const config = (suffix: string) => ({
    name: 'm',
    arn: `${MACHINES}:m`,
    roleArn: 'arn:aws:iam::123456789012:role/machine',
    definition: JSON.stringify(only(nested(suffix))),
    type: 'STANDARD' as const,
  });
  const call = { operation: 'CreateManagedRule', service: 'states', input: {}, requestId: 'r' } as const;
  const caller = { type: 'administrator', arn: 'a' } as const;

  it('needs what the managed rule needs, where an execution is waited for', async () => {
    const rule = 'arn:aws:events:eu-central-1:123456789012:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule';

    expect(await stage.service.permissionsFor({ ...call, caller })).toEqual([
      { action: 'events:PutRule', resource: rule },
      { action: 'events:PutTargets', resource: rule },
      { action: 'events:DescribeRule', resource: rule },
    ]);
  });

  it.each([['.sync'], ['.sync:2']])('refuses a role that may not make the rule for %s', async (suffix) => {
    const denying = new StepFunctionsStage({
      calls: {
        call: () => Promise.reject(new AwsError('AccessDeniedException', 'no', { status: 403 })),
      },
    });

    await expect(denying.service.authorize(config(suffix))).rejects.toMatchObject({
      code: 'AccessDeniedException',
      message: "'arn:aws:iam::123456789012:role/machine' is not authorized to create managed-rule.",
    });
    await expect(denying.service.authorize(config(''))).resolves.toBeUndefined();
  });

  it('says of what is no definition what creation says', async () => {
    await expect(stage.service.authorize({ ...config(''), definition: '{' })).rejects.toMatchObject({
      code: 'InvalidDefinition',
    });
  });

  it('is no operation that a client can call', async () => {
    const http = { method: 'POST', url: '/', headers: {}, body: Buffer.alloc(0) };

    await expect(stage.service.perform({ ...call, caller, http })).rejects.toMatchObject({
      code: 'UnknownOperationException',
    });
  });
});
