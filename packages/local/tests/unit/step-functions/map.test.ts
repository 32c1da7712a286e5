import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callback, caughtBy, invoke, only, StepFunctionsStage } from '../../helpers/step-functions.ts';

let stage: StepFunctionsStage;
beforeEach(() => {
  stage = new StepFunctionsStage();
});
afterEach(() => stage.close());

const processor = (state: Record<string, unknown>) => ({
  StartAt: 'Item',
  States: { Item: { ...(state.Type === 'Fail' ? {} : { End: true }), ...state } },
});

const map = (state: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  Type: 'Map',
  ItemProcessor: processor(state),
  ...more,
});

const PASS = { Type: 'Pass' };

/** A callback whose item says which one it is. */
const WAITING = callback({
  Parameters: { FunctionName: 'fn', Payload: { 'token.$': '$$.Task.Token', 'item.$': '$' } },
});

const tokenFor = async (item: unknown): Promise<string> => {
  const { payload } = await stage.lambda.invocations.find((invocation) => itemOf(invocation) === item);
  return (payload as { token: string }).token;
};

const itemOf = ({ payload }: { payload: unknown }) => (payload as { item: unknown }).item;

const succeed = async (item: unknown, output: unknown) =>
  stage.call('SendTaskSuccess', { taskToken: await tokenFor(item), output: JSON.stringify(output) });

describe('A Map state', () => {
  it('runs its states for each item, and has their outputs in order as its result', async () => {
    const arn = await stage.start(only(map(WAITING, { ItemsPath: '$.list', ResultPath: '$.done' })), {
      list: ['a', 'b'],
    });
    await succeed('b', 'B');
    await succeed('a', 'A');

    expect((await stage.ended(arn)).output).toEqual({ list: ['a', 'b'], done: ['A', 'B'] });
  });

  it('is noted in the history as AWS notes it', async () => {
    const arn = await stage.start(only(map(PASS, { MaxConcurrency: 1 })), [1, 2]);
    await stage.ended(arn);

    expect(
      (await stage.history(arn)).map(({ id, previousEventId, type }) => `${id} ${previousEventId} ${type}`),
    ).toEqual([
      '1 0 ExecutionStarted',
      '2 0 MapStateEntered',
      '3 2 MapStateStarted',
      '4 3 MapIterationStarted',
      '5 4 PassStateEntered',
      '6 5 PassStateExited',
      '7 6 MapIterationSucceeded',
      '8 6 MapIterationStarted',
      '9 8 PassStateEntered',
      '10 9 PassStateExited',
      '11 10 MapIterationSucceeded',
      '12 11 MapStateSucceeded',
      '13 11 MapStateExited',
      '14 13 ExecutionSucceeded',
    ]);
    expect((await stage.history(arn)).slice(2, 4)).toMatchObject([
      { mapStateStartedEventDetails: { length: 2 } },
      { mapIterationStartedEventDetails: { name: 'Only', index: 0 } },
    ]);
  });

  it('has an empty result for an empty list', async () => {
    expect((await stage.run(only(map(PASS)), [])).output).toEqual([]);
  });

  it.each([['ItemSelector'], ['Parameters']])('hands to the states what %s selects', async (field) => {
    const selector = { 'all.$': '$.k', 'at.$': '$$.Map.Item.Index', 'item.$': '$$.Map.Item.Value' };
    const ended = await stage.run(only(map(PASS, { ItemsPath: '$.list', [field]: selector })), {
      k: 7,
      list: ['x', 'y'],
    });

    expect(ended.output).toEqual([
      { all: 7, at: 0, item: 'x' },
      { all: 7, at: 1, item: 'y' },
    ]);
  });

  it('takes the former name of its states', async () => {
    expect((await stage.run(only({ Type: 'Map', Iterator: processor(PASS) }), [3])).output).toEqual([3]);
  });

  it('takes items and selector in JSONata', async () => {
    const state = {
      ...map({ Type: 'Pass', Output: '{% $states.input.n + $k %}' }),
      Items: '{% [1..3] %}',
      ItemSelector: { n: '{% $states.context.Map.Item.Value * 10 + $states.context.Map.Item.Index %}' },
      Output: '{% $sum($states.result) %}',
    };
    const machine = {
      QueryLanguage: 'JSONata',
      StartAt: 'First',
      States: { First: { Type: 'Pass', Assign: { k: 100 }, Next: 'Only' }, Only: { ...state, End: true } },
    };

    expect((await stage.run(machine)).output).toBe(10 + 21 + 32 + 300);
  });

  it('keeps the variables of an iteration from the others and from what follows', async () => {
    const states = {
      StartAt: 'Set',
      States: {
        Set: { Type: 'Pass', Assign: { own: '{% $states.input %}' }, Next: 'Read' },
        Read: { Type: 'Pass', Output: '{% $own & $outer %}', End: true },
      },
    };
    const machine = {
      QueryLanguage: 'JSONata',
      StartAt: 'First',
      States: {
        First: { Type: 'Pass', Assign: { outer: '!' }, Output: ['a', 'b'], Next: 'Only' },
        Only: { Type: 'Map', ItemProcessor: states, Next: 'Last' },
        Last: { Type: 'Pass', Output: "{% $exists($own) ? 'leaked' : $states.input %}", End: true },
      },
    };

    expect((await stage.run(machine)).output).toEqual(['a!', 'b!']);
  });

  it.each([
    [
      'JSONata, null',
      { QueryLanguage: 'JSONata', Items: '{% null %}' },
      [1],
      'States.QueryEvaluationError',
      "specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'null' for value: null",
    ],
    ['JSONPath', { ItemsPath: '$.x' }, { x: { a: 1 } }, 'States.Runtime', 'Reference path "$.x" must point to array.'],
    [
      'JSONPath, in MaxConcurrencyPath',
      { MaxConcurrencyPath: '$.n', ItemsPath: '$.x' },
      { x: [], n: 'NoNumber' },
      'States.Runtime',
      'The MaxConcurrencyPath field refers to value "NoNumber" which is not a valid integer: $.n',
    ],
    [
      'JSONata',
      { QueryLanguage: 'JSONata', Items: '{% $states.input.x %}' },
      { x: 1 },
      'States.QueryEvaluationError',
      "specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'number' for value: 1",
    ],
  ])('fails for what is no list in %s', async (_case, fields, input, error, cause) => {
    const ended = await stage.run(only(map(PASS, fields)), input);

    expect(ended).toMatchObject({ status: 'FAILED', error });
    expect(ended.cause).toContain(cause);
  });

  it('is too large a result for itself', async () => {
    const ended = await stage.run(only(map({ Type: 'Pass', Result: 'x'.repeat(140_000) })), [1, 2]);

    expect(ended).toMatchObject({ error: 'States.DataLimitExceeded' });
  });
});

describe('MaxConcurrency', () => {
  it.each([
    ['MaxConcurrency', { MaxConcurrency: 2 }],
    ['MaxConcurrencyPath', { MaxConcurrencyPath: '$$.Execution.Input.n' }],
  ])('%s keeps further iterations from beginning', async (_case, fields) => {
    const arn = await stage.start(only(map(WAITING, { ItemsPath: '$.list', ...fields })), {
      list: ['a', 'b', 'c'],
      n: 2,
    });
    await tokenFor('a');
    await tokenFor('b');
    const before = (await stage.eventTypes(arn)).filter((type) => type === 'MapIterationStarted');
    await succeed('b', 1);
    await tokenFor('c');

    expect(before).toHaveLength(2);
    await succeed('a', 1);
    await succeed('c', 1);
    expect((await stage.ended(arn)).output).toEqual([1, 1, 1]);
  });

  it('is 40 at most', async () => {
    const items = Array.from({ length: 41 }, (_, index) => index);
    const arn = await stage.start(only(map(WAITING)), items);
    await stage.lambda.nth(40);

    expect((await stage.eventTypes(arn)).filter((type) => type === 'MapIterationStarted')).toHaveLength(40);
  });
});

describe('An iteration that fails', () => {
  const failing = map(WAITING, { ItemsPath: '$.list' });
  const fail = async (item: unknown) =>
    stage.call('SendTaskFailure', { taskToken: await tokenFor(item), error: 'E', cause: 'why' });

  it('fails the state, abandons the others, and their tokens die', async () => {
    const arn = await stage.start(only(failing), { list: ['a', 'b'] });
    const other = await tokenFor('a');
    await fail('b');

    expect(await stage.ended(arn)).toMatchObject({ status: 'FAILED', error: 'E', cause: 'why' });
    await expect(stage.call('SendTaskSuccess', { taskToken: other, output: '1' })).rejects.toMatchObject({
      code: 'TaskTimedOut',
    });
    const events = await stage.history(arn);
    expect(events.map(({ type }) => type).slice(-6)).toEqual([
      'TaskFailed',
      'MapIterationFailed',
      'TaskStateAborted',
      'MapIterationAborted',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
    expect(events.find(({ type }) => type === 'MapIterationAborted')).toMatchObject({
      mapIterationAbortedEventDetails: { name: 'Only', index: 0 },
    });
  });

  it('lets no further iteration begin', async () => {
    const items = map({ Type: 'Fail', Error: 'E' }, { MaxConcurrency: 1 });
    const arn = await stage.start(only(items), [1, 2, 3]);

    expect(await stage.ended(arn)).toMatchObject({ error: 'E' });
    expect((await stage.eventTypes(arn)).filter((type) => type === 'MapIterationStarted')).toHaveLength(1);
  });

  it('can be caught', async () => {
    const ended = await stage.run(
      caughtBy(map({ Type: 'Fail', Error: 'E', Cause: 'c' }, { Catch: [{ ErrorEquals: ['E'], Next: 'After' }] })),
      [1],
    );

    expect(ended.output).toEqual({ Error: 'E', Cause: 'c' });
  });

  it('is retried with all the others', async () => {
    const Retry = [{ ErrorEquals: ['E'], IntervalSeconds: 20, MaxAttempts: 1 }];
    const arn = await stage.start(only(map({ Type: 'Fail', Error: 'E' }, { Retry })), [1]);
    await stage.clock.waits(20_000);
    stage.clock.advance(20_000);
    await stage.ended(arn);

    expect(await stage.eventTypes(arn)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapIterationStarted',
      'FailStateEntered',
      'MapIterationFailed',
      'MapStateStarted',
      'MapIterationStarted',
      'FailStateEntered',
      'MapIterationFailed',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
  });

  it('abandons what runs within iterations within branches', async () => {
    const inner = { StartAt: 'M', States: { M: { ...map(WAITING, { ItemsPath: '$.list' }), End: true } } };
    const branch = { StartAt: 'F', States: { F: { ...invoke(), Next: 'Z' }, Z: { Type: 'Fail', Error: 'Z' } } };
    const returning = Promise.withResolvers<unknown>();
    stage.lambda.answer = ({ payload }) => ('item' in (payload as object) ? { StatusCode: 200 } : returning.promise);
    const arn = await stage.start(only({ Type: 'Parallel', Branches: [inner, branch] }), { list: ['a'] });
    const token = await tokenFor('a');
    returning.resolve({ StatusCode: 200, Payload: '1' });

    expect(await stage.ended(arn)).toMatchObject({ error: 'Z' });
    await expect(stage.call('SendTaskHeartbeat', { taskToken: token })).rejects.toMatchObject({ code: 'TaskTimedOut' });
    expect((await stage.eventTypes(arn)).filter((type) => type.endsWith('Aborted'))).toEqual([
      'TaskStateAborted',
      'MapIterationAborted',
      'MapStateAborted',
    ]);
  });
});
