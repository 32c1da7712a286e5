import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/common/aws-error.ts';
import { callback, caughtBy, invoke, only, returned, StepFunctionsStage, threw } from '../../helpers/step-functions.ts';

let stage: StepFunctionsStage;
beforeEach(() => {
  stage = new StepFunctionsStage();
});
afterEach(() => stage.close());

/** The function is the item's name, and fails when that is among these. */
let broken: string[];
beforeEach(() => {
  broken = [];
  stage.lambda.answer = ({ input, payload }) =>
    broken.includes(String(input.FunctionName)) ? threw('Broken') : returned(payload);
});

const CALL = invoke({ Parameters: { 'FunctionName.$': '$', 'Payload.$': '$' }, OutputPath: '$.Payload' });

const distributed = (state: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  Type: 'Map',
  Label: 'Each',
  ItemProcessor: {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'Item',
    States: { Item: { ...state, End: true } },
  },
  ...more,
});

interface MapRunDescription {
  readonly mapRunArn: string;
  readonly itemCounts: Record<string, number>;
  readonly executionCounts: Record<string, number>;
}

const mapRunOf = async (executionArn: string): Promise<MapRunDescription & Record<string, unknown>> => {
  const { mapRuns } = await stage.call<{ mapRuns: { mapRunArn: string }[] }>('ListMapRuns', { executionArn });
  return stage.call('DescribeMapRun', { mapRunArn: mapRuns[0]?.mapRunArn });
};

interface Child {
  readonly executionArn: string;
  readonly status: string;
  readonly redriveCount: number;
}

const childrenOf = async (executionArn: string, more: Record<string, unknown> = {}): Promise<readonly Child[]> => {
  const { mapRunArn } = await mapRunOf(executionArn);
  return (await stage.call<{ executions: Child[] }>('ListExecutions', { mapRunArn, ...more })).executions;
};

describe('A Distributed Map', () => {
  it('runs each item in a child execution, and has the outputs in order as its result', async () => {
    const arn = await stage.start(only(distributed(CALL)), ['a', 'b']);

    expect((await stage.ended(arn)).output).toEqual(['a', 'b']);
    expect(await stage.eventTypes(arn)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapRunStarted',
      'MapRunSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
    const [child] = await childrenOf(arn);
    expect(child?.executionArn).toMatch(
      /^arn:aws:states:eu-central-1:123456789012:execution:machine-1\/Each:[0-9a-f-]{36}$/,
    );
    expect((await mapRunOf(arn)).mapRunArn).toMatch(
      /^arn:aws:states:eu-central-1:123456789012:mapRun:machine-1\/Each:[0-9a-f-]{36}$/,
    );
  });

  it('is described with its counts', async () => {
    const arn = await stage.start(only(distributed(CALL, { MaxConcurrency: 3 })), ['a', 'b']);
    await stage.ended(arn);

    const counts = {
      succeeded: 2,
      resultsWritten: 2,
      total: 2,
      failed: 0,
      pending: 0,
      running: 0,
      aborted: 0,
      timedOut: 0,
    };
    expect(await mapRunOf(arn)).toMatchObject({
      executionArn: arn,
      status: 'SUCCEEDED',
      maxConcurrency: 3,
      toleratedFailureCount: 0,
      toleratedFailurePercentage: 0,
      itemCounts: counts,
      executionCounts: counts,
    });
  });

  it('has children that know what they are part of', async () => {
    const arn = await stage.start(
      only(distributed({ Type: 'Pass' }, { ItemSelector: { 'i.$': '$$.Map.Item.Index' } })),
      [7],
    );
    await stage.ended(arn);
    const [child] = await childrenOf(arn);
    const { mapRunArn } = await mapRunOf(arn);
    const executionArn = child?.executionArn;

    expect(await stage.call('DescribeExecution', { executionArn })).toMatchObject({
      mapRunArn,
      status: 'SUCCEEDED',
      input: '{"i":0}',
      stateMachineArn: expect.stringMatching(/:stateMachine:machine-1\/Each$/) as string,
    });
    expect(await stage.call('DescribeStateMachineForExecution', { executionArn })).toMatchObject({
      mapRunArn,
      label: 'Each',
    });
    const stateMachineArn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:machine-1';
    expect(await stage.call('ListExecutions', { stateMachineArn })).toMatchObject({
      executions: [{ executionArn: arn }],
    });
  });

  it('has a label of its own when the state gives none, always the same', async () => {
    const machine = stage.deploy(only(distributed(CALL, { Label: undefined })));
    const labels = [];
    for (let run = 0; run < 2; run++) {
      const arn = await stage.startMachine(machine, ['a']);
      await stage.ended(arn);
      labels.push((await mapRunOf(arn)).mapRunArn.split(/[/:]/).at(-2));
    }

    expect(labels[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(labels[1]).toBe(labels[0]);
  });

  it('hands out batches of items', async () => {
    const ItemBatcher = { MaxItemsPerBatch: 2, BatchInput: { 'k.$': '$.k' } };
    const state = distributed({ Type: 'Pass' }, { ItemsPath: '$.list', ItemBatcher });
    const arn = await stage.start(only(state), { k: 1, list: ['a', 'b', 'c'] });

    expect((await stage.ended(arn)).output).toEqual([
      { BatchInput: { k: 1 }, Items: ['a', 'b'] },
      { BatchInput: { k: 1 }, Items: ['c'] },
    ]);
    expect(await mapRunOf(arn)).toMatchObject({ itemCounts: { total: 3 }, executionCounts: { total: 2 } });
  });

  it.each([
    ['JSONPath', { ItemsPath: '$.all', ItemSelector: { 'k.$': '$$.Map.Item.Key', 'v.$': '$$.Map.Item.Value' } }],
    [
      'JSONata',
      {
        QueryLanguage: 'JSONata',
        Items: '{% $states.input.all %}',
        ItemSelector: { k: '{% $states.context.Map.Item.Key %}', v: '{% $states.context.Map.Item.Value %}' },
      },
    ],
  ])('takes the members of an object for items, in %s', async (_case, fields) => {
    const ended = await stage.run(only(distributed({ Type: 'Pass' }, fields)), { all: { a: 1, b: [2] } });

    expect(ended.output).toEqual([
      { k: 'a', v: 1 },
      { k: 'b', v: [2] },
    ]);
  });

  it('hands out key and value of a member where nothing else is selected', async () => {
    expect((await stage.run(only(distributed({ Type: 'Pass' })), { a: 1 })).output).toEqual([{ Key: 'a', Value: 1 }]);
  });

  it('keeps batches within their bytes', async () => {
    const ItemBatcher = { MaxInputBytesPerBatchPath: '$.most' };
    const state = distributed({ Type: 'Pass', OutputPath: '$.Items' }, { ItemsPath: '$.list', ItemBatcher });
    const ended = await stage.run(only(state), { most: 30, list: ['aaaa', 'bbbb', 'cccc'] });

    expect(ended.output).toEqual([['aaaa', 'bbbb'], ['cccc']]);
  });

  it('starts no more children at a time than MaxConcurrency says', async () => {
    const waiting = callback({ Parameters: { FunctionName: 'fn', Payload: { 'token.$': '$$.Task.Token' } } });
    const arn = await stage.start(only(distributed(waiting, { MaxConcurrency: 1 })), ['a', 'b']);
    const first = await stage.lambda.token(1);
    expect((await mapRunOf(arn)).itemCounts).toMatchObject({ running: 1, pending: 1 });
    await stage.call('SendTaskSuccess', { taskToken: first, output: '1' });
    await stage.call('SendTaskSuccess', { taskToken: await stage.lambda.token(2), output: '2' });

    expect((await stage.ended(arn)).output).toEqual([1, 2]);
  });

  it('needs a role that may start executions of the state machine', async () => {
    const denying = new StepFunctionsStage({
      calls: { call: () => Promise.reject(new AwsError('AccessDeniedException', 'not authorized', { status: 403 })) },
    });

    expect(await denying.run(only(distributed({ Type: 'Pass' })), [1])).toMatchObject({
      error: 'States.Permissions',
      cause: 'not authorized',
    });
    expect(
      await denying.service.permissionsFor({
        service: 'states',
        operation: 'StartMapRun',
        input: { stateMachineArn: 'm' },
        caller: { type: 'administrator', arn: 'a' },
        requestId: 'r',
      }),
    ).toEqual([{ action: 'states:StartExecution', resource: 'm' }]);
    await denying.close();
  });
});

describe('Failures of children', () => {
  it('fail the state, and abort the others', async () => {
    broken = ['b'];
    const returning = new Promise<unknown>(() => undefined);
    const answer = stage.lambda.answer;
    stage.lambda.answer = (invocation) => (invocation.input.FunctionName === 'a' ? returning : answer(invocation));
    const arn = await stage.start(only(distributed(CALL)), ['a', 'b']);

    expect(await stage.ended(arn)).toMatchObject({
      status: 'FAILED',
      error: 'States.ExceedToleratedFailureThreshold',
      cause: 'The specified tolerated failure threshold was exceeded',
    });
    expect((await stage.eventTypes(arn)).slice(-3)).toEqual(['MapRunFailed', 'MapStateFailed', 'ExecutionFailed']);
    expect((await childrenOf(arn)).map(({ status }) => status).sort()).toEqual(['ABORTED', 'FAILED']);
    expect(await mapRunOf(arn)).toMatchObject({ status: 'FAILED' });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['as many as ToleratedFailureCount', { ToleratedFailureCount: 2 }, 'SUCCEEDED'],
    ['more than ToleratedFailureCount', { ToleratedFailureCount: 1 }, 'FAILED'],
    ['as many as ToleratedFailurePercentage', { ToleratedFailurePercentage: 50 }, 'SUCCEEDED'],
    ['more than ToleratedFailurePercentage', { ToleratedFailurePercentage: 49 }, 'FAILED'],
    ['more than one of both', { ToleratedFailureCount: 1, ToleratedFailurePercentage: 90 }, 'FAILED'],
    ['as the input says', { ToleratedFailureCountPath: '$.n' }, 'SUCCEEDED'],
  ])('are tolerated: %s', async (_case, fields, status) => {
    broken = ['b', 'c'];
    const state = distributed(CALL, { ...fields, ItemsPath: '$.list' });
    const ended = await stage.run(only(state), { list: ['a', 'b', 'c', 'd'], n: 2 });

    expect(ended.status).toBe(status);
    if (status === 'SUCCEEDED') expect(ended.output).toEqual(['a', 'd']);
  });

  it.each([
    [-1, 'ToleratedFailureCount cannot be negative.'],
    ['x', 'The ToleratedFailureCountPath field refers to value "x" which is not a valid integer: $.n'],
  ])('cannot be tolerated %j times', async (n, cause) => {
    const state = distributed(CALL, { ToleratedFailureCountPath: '$.n', ItemsPath: '$.list' });
    const ended = await stage.run(only(state), { n, list: [] });

    expect(ended).toMatchObject({ error: 'States.Runtime' });
    expect(ended.cause).toContain(cause);
  });

  it('can be caught', async () => {
    broken = ['a'];
    const Catch = [{ ErrorEquals: ['States.ExceedToleratedFailureThreshold'], Next: 'After' }];

    expect((await stage.run(caughtBy(distributed(CALL, { Catch })), ['a'])).status).toBe('SUCCEEDED');
  });
});

describe('Stopping the execution', () => {
  it('aborts the children and their tokens', async () => {
    const waiting = callback({ Parameters: { FunctionName: 'fn', Payload: { 'token.$': '$$.Task.Token' } } });
    const arn = await stage.start(only(distributed(waiting)), ['a']);
    const taskToken = await stage.lambda.token();
    await stage.call('StopExecution', { executionArn: arn });

    await expect(stage.call('SendTaskHeartbeat', { taskToken })).rejects.toMatchObject({ code: 'TaskTimedOut' });
    expect(await childrenOf(arn)).toMatchObject([{ status: 'ABORTED' }]);
    expect(await mapRunOf(arn)).toMatchObject({ status: 'ABORTED' });
  });
});

describe('close', () => {
  it('ends the children too, without an event', async () => {
    const waiting = callback({ Parameters: { FunctionName: 'fn', Payload: { 'token.$': '$$.Task.Token' } } });
    await stage.start(only(distributed(waiting)), ['a']);
    await stage.lambda.nth(1);
    await stage.service.close();

    expect(stage.events.seen.map(({ detail }) => detail.status)).toEqual(['RUNNING', 'RUNNING']);
    expect(stage.clock.pending).toBe(0);
  });
});

describe('Redriving the execution', () => {
  it('runs once more the children that did not succeed', async () => {
    broken = ['b'];
    const arn = await stage.start(only(distributed(CALL, { MaxConcurrency: 1 })), ['a', 'b', 'c']);
    await stage.ended(arn);
    broken = [];
    await stage.call('RedriveExecution', { executionArn: arn });
    const { detail } = await stage.events.find(
      (event) => event.resources[0] === arn && event.detail.redriveCount === 1 && event.detail.status !== 'RUNNING',
    );

    expect(detail).toMatchObject({ status: 'SUCCEEDED', output: '["a","b","c"]' });
    expect(stage.lambda.invocations.seen.map(({ input }) => input.FunctionName)).toEqual(['a', 'b', 'b', 'c']);
    const events = await stage.history(arn);
    expect(events.slice(events.findIndex(({ type }) => type === 'ExecutionRedriven'))).toMatchObject([
      { type: 'ExecutionRedriven' },
      { type: 'MapRunRedriven', mapRunRedrivenEventDetails: { redriveCount: 1 } },
      { type: 'MapRunSucceeded' },
      { type: 'MapStateSucceeded' },
      { type: 'MapStateExited' },
      { type: 'ExecutionSucceeded' },
    ]);
    expect(await mapRunOf(arn)).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1 });
    expect(await childrenOf(arn, { redriveFilter: 'REDRIVEN' })).toHaveLength(1);
    expect(await childrenOf(arn, { redriveFilter: 'NOT_REDRIVEN' })).toHaveLength(2);
  });

  it('begins a new Map Run when only the results of the last were too large', async () => {
    stage.lambda.answer = () => returned('x'.repeat(140_000));
    const arn = await stage.start(only(distributed(CALL)), ['a', 'b']);
    expect(await stage.ended(arn)).toMatchObject({ error: 'States.DataLimitExceeded' });
    stage.lambda.answer = () => returned('short');
    await stage.call('RedriveExecution', { executionArn: arn });
    const { detail } = await stage.events.find(
      (event) => event.resources[0] === arn && event.detail.status === 'SUCCEEDED',
    );

    expect(detail.output).toBe('["short","short"]');
    expect(await stage.call('ListMapRuns', { executionArn: arn })).toMatchObject({ mapRuns: [{}, {}] });
  });

  it('is the only way to redrive a child', async () => {
    broken = ['a'];
    const arn = await stage.start(only(distributed(CALL)), ['a']);
    await stage.ended(arn);
    const [child] = await childrenOf(arn);
    const executionArn = child?.executionArn;

    expect(await stage.call('DescribeExecution', { executionArn })).toMatchObject({
      redriveStatus: 'REDRIVABLE_BY_MAP_RUN',
    });
    await expect(stage.call('RedriveExecution', { executionArn })).rejects.toMatchObject({
      code: 'ExecutionNotRedrivable',
    });
  });

  it('goes on although it was stopped only a moment before', async () => {
    const waiting = callback({ Parameters: { FunctionName: 'fn', Payload: { 'token.$': '$$.Task.Token' } } });
    const arn = await stage.start(only(distributed(waiting)), ['a']);
    await stage.lambda.nth(1);
    const stopping = stage.call('StopExecution', { executionArn: arn });
    const redriving = stage.call('RedriveExecution', { executionArn: arn });
    await Promise.all([stopping, redriving]);
    await stage.call('SendTaskSuccess', { taskToken: await stage.lambda.token(2), output: '"late"' });
    const { detail } = await stage.events.find(
      (event) => event.resources[0] === arn && event.detail.status === 'SUCCEEDED',
    );

    expect(detail.output).toBe('["late"]');
    expect(await mapRunOf(arn)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('shows as PENDING_REDRIVE what waits for its turn', async () => {
    const waiting = callback({ Parameters: { FunctionName: 'fn', Payload: { 'token.$': '$$.Task.Token' } } });
    const arn = await stage.start(only(distributed(waiting, { MaxConcurrency: 2 })), ['a', 'b']);
    await stage.lambda.nth(2);
    await stage.call('StopExecution', { executionArn: arn });
    for (const { executionArn } of await childrenOf(arn)) await stage.ended(executionArn);
    await stage.call('RedriveExecution', { executionArn: arn });
    await stage.lambda.nth(4);

    const statuses = stage.events.seen.map(({ detail }) => detail.status);
    expect(statuses.filter((status) => status === 'PENDING_REDRIVE')).toHaveLength(2);
    expect((await childrenOf(arn)).map(({ status, redriveCount }) => [status, redriveCount])).toEqual([
      ['RUNNING', 1],
      ['RUNNING', 1],
    ]);
  });
});

describe('ListExecutions', () => {
  it.each([
    [{}],
    [{ mapRunArn: 'arn:aws:states:eu-central-1:123456789012:mapRun:m/l:u', stateMachineArn: 'm' }],
    [{ stateMachineArn: 'MACHINE', redriveFilter: 'REDRIVEN' }],
  ])('refuses %j', async (input: Record<string, string>) => {
    const machine = stage.deploy(only({ Type: 'Pass' }));
    const given = input.stateMachineArn === 'MACHINE' ? { ...input, stateMachineArn: machine } : input;

    await expect(stage.call('ListExecutions', given)).rejects.toMatchObject({ code: 'ValidationException' });
  });

  it('refuses a Map Run that is not there', async () => {
    const mapRunArn = 'arn:aws:states:eu-central-1:123456789012:mapRun:m/l:u';

    await expect(stage.call('ListExecutions', { mapRunArn })).rejects.toMatchObject({ code: 'ResourceNotFound' });
    await expect(stage.call('DescribeMapRun', { mapRunArn })).rejects.toMatchObject({ code: 'ResourceNotFound' });
  });
});
