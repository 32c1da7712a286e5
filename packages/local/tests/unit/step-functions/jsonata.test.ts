import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { only, returned, StepFunctionsStage, threw } from '../../helpers/step-functions.ts';

let stage: StepFunctionsStage;
beforeAll(() => {
  stage = new StepFunctionsStage();
});
afterAll(() => stage.close());

const machine = (state: Record<string, unknown>) => ({ ...only(state), QueryLanguage: 'JSONata' });
const task = (more: Record<string, unknown> = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'fn', Payload: '{% $states.input %}' },
  ...more,
});
const evaluate = (expression: string, input: unknown = {}) =>
  stage.run(machine({ Type: 'Pass', Output: `{% ${expression} %}` }), input);

describe('A JSONata state', () => {
  it('passes its input on when it has no Output', async () => {
    expect((await stage.run(machine({ Type: 'Pass' }), { a: 1 })).output).toEqual({ a: 1 });
  });

  it('fills its Output, and leaves what is no expression as it is', async () => {
    const Output = { a: '{% $states.input.a + 1 %}', b: ['{% $states.context.State.Name %}', '$.a', 1, null] };

    expect((await stage.run(machine({ Type: 'Pass', Output }), { a: 1 })).output).toEqual({
      a: 2,
      b: ['Only', '$.a', 1, null],
    });
  });

  it('may stand in a JSONPath machine', async () => {
    const state = { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% $sum($states.input) %}' };

    expect((await stage.run(only(state), [1, 2])).output).toBe(3);
  });

  it('tells the time of the stage', async () => {
    const before = stage.clock.now();
    const { output } = await evaluate('$millis()');

    expect(output).toBeGreaterThanOrEqual(before);
    expect(output).toBeLessThanOrEqual(stage.clock.now());
  });
});

describe('A JSONata Task', () => {
  it('is given its Arguments, and has its result in Output and Assign', async () => {
    stage.lambda.answer = ({ payload }) => returned({ seen: payload });
    const ended = await stage.run(
      {
        QueryLanguage: 'JSONata',
        StartAt: 'Call',
        States: {
          Call: task({
            Assign: { seen: '{% $states.result.Payload.seen %}' },
            Output: '{% $states.result.StatusCode %}',
            Next: 'After',
          }),
          After: { Type: 'Succeed', Output: { status: '{% $states.input %}', seen: '{% $seen %}' } },
        },
      },
      { a: 1 },
    );

    expect(ended.output).toEqual({ status: 200, seen: { a: 1 } });
  });

  it('has its time limits from expressions', async () => {
    stage.lambda.answer = () => new Promise(() => undefined);
    const execution = await stage.start(machine(task({ TimeoutSeconds: '{% $states.input.limit %}' })), { limit: 7 });
    await stage.clock.waits(7000);
    stage.clock.advance(7000);

    expect(await stage.ended(execution)).toMatchObject({ error: 'States.Timeout' });
  });

  it.each([
    ['a text', "'5'", `returned an unexpected result type. Expected 'number', but was 'string' for value: "5"`],
    ['no whole number', '1.5', "The field 'TimeoutSeconds' must be a positive integer but was: 1.5"],
    ['zero', '0', "The field 'TimeoutSeconds' must be a positive integer but was: 0"],
  ])('fails when its limit is %s', async (_case, expression, cause) => {
    const ended = await stage.run(machine(task({ TimeoutSeconds: `{% ${expression} %}` })));

    expect(ended).toMatchObject({ error: 'States.QueryEvaluationError' });
    expect(ended.cause).toContain(cause);
  });

  it('hands a caught error on as $states.errorOutput, and as the output', async () => {
    stage.lambda.answer = () => threw('Broken', 'why');
    const caught = { ErrorEquals: ['Broken'], Next: 'After' };
    const run = (catcher: Record<string, unknown>) =>
      stage.run(
        {
          QueryLanguage: 'JSONata',
          StartAt: 'Call',
          States: {
            Call: task({ Catch: [{ ...caught, ...catcher }], End: true }),
            After: {
              Type: 'Pass',
              Output: { input: '{% $states.input %}', mine: '{% $exists($mine) ? $mine : null %}' },
              End: true,
            },
          },
        },
        { a: 1 },
      );

    const cause = JSON.stringify({ errorType: 'Broken', errorMessage: 'why' });
    expect((await run({})).output).toEqual({ input: { Error: 'Broken', Cause: cause }, mine: null });
    const more = {
      Assign: { mine: '{% $states.errorOutput.Error %}' },
      Output: { was: '{% $states.input %}', mine: '{% $states.errorOutput.Error %}' },
    };
    expect((await run(more)).output).toEqual({ input: { was: { a: 1 }, mine: 'Broken' }, mine: 'Broken' });
  });

  it('lets the failure of an expression be caught, and retried', async () => {
    stage.lambda.answer = () => returned(null);
    const state = task({
      Arguments: '{% $states.input.none %}',
      Retry: [{ ErrorEquals: ['States.QueryEvaluationError'], IntervalSeconds: 3, MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'After' }],
      End: true,
    });
    const execution = await stage.start({
      QueryLanguage: 'JSONata',
      StartAt: 'Call',
      States: { Call: state, After: { Type: 'Pass', Output: '{% $states.input.Error %}', End: true } },
    });
    await stage.clock.waits(3000);
    stage.clock.advance(3000);

    expect(await stage.ended(execution)).toMatchObject({ output: 'States.QueryEvaluationError' });
  });
});

describe('An expression that fails', () => {
  it('fails its state with States.QueryEvaluationError, and is noted in the history', async () => {
    const execution = await stage.start(machine({ Type: 'Pass', Output: { result: '{% $none %}' } }));
    const cause =
      "An error occurred while executing the state 'Only' (entered at the event id #2). The JSONata expression '$none' specified for the field 'Output/result' returned nothing (undefined).";

    expect(await stage.ended(execution)).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause,
    });
    expect((await stage.history(execution))[2]).toMatchObject({
      type: 'EvaluationFailed',
      previousEventId: 0,
      evaluationFailedEventDetails: {
        error: 'States.QueryEvaluationError',
        cause,
        location: 'Output/result',
        state: 'Only',
      },
    });
  });

  it.each([
    ['$', 'returned nothing (undefined).'],
    ['a', 'returned nothing (undefined).'],
    ["$error('no')", 'threw an error during evaluation. D3137: no'],
    ["$eval('1')", 'threw an error during evaluation. T1006: Attempted to invoke a non-function'],
    ['$uppercase', 'returned an unsupported result type.'],
  ])('%s: says why', async (expression, cause) => {
    expect((await evaluate(expression)).cause).toContain(cause);
  });

  it('fails its state after a second of computing, and holds up no other execution', async () => {
    const endless = '($loop := function($n) { $loop($n + 1) }; $loop(1))';
    const runaway = await stage.start(machine({ Type: 'Pass', Output: `{% ${endless} %}` }));
    const others = await Promise.all(Array.from({ length: 20 }, (_other, n) => evaluate('$states.input * 2', n)));
    const described = await stage.call('DescribeExecution', { executionArn: runaway });

    expect(described).toMatchObject({ status: 'RUNNING' });
    expect(others.map(({ output }) => output)).toEqual(Array.from({ length: 20 }, (_other, n) => n * 2));
    const ended = await stage.ended(runaway);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect(ended.cause).toContain('The expression took longer than 1 second.');
  });

  it('is given up when its execution is stopped', async () => {
    const endless = '($loop := function($n) { $loop($n + 1) }; $loop(2))';
    const executionArn = await stage.start(machine({ Type: 'Pass', Output: `{% ${endless} %}` }));
    await stage.call('StopExecution', { executionArn });

    expect(await stage.ended(executionArn)).toMatchObject({ status: 'ABORTED' });
  });
});

describe('Functions of Step Functions', () => {
  it.each([
    ['$partition([1, 2, 3, 4, 5], 2)', [[1, 2], [3, 4], [5]]],
    ['$partition([1], 9)', [[1]]],
    ['$range(0, 10, 5)', [0, 5, 10]],
    ['$range(3, 1, -1)', [3, 2, 1]],
    ["$hash('input data', 'MD5')", '812f45842bc6d66ee14572ce20db8e86'],
    ["$hash('input data', 'SHA-1')", 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
    ['$parse(\'{"a": [1, null]}\')', { a: [1, null] }],
    ['$random(7) = $random(7)', true],
    ['$random(7) = $random(8)', false],
    ['$random() < 1', true],
    ["$match($uuid(), /^[0-9a-f-]{36}$/) ? 'one'", 'one'],
  ])('%s', async (expression, output) => {
    expect((await evaluate(expression)).output).toEqual(output);
  });

  it.each([
    ['$partition([1], 0)', 'The second argument of $partition must be a positive number'],
    ['$range(1, 2, 0)', 'The third argument of $range must be a number other than 0'],
    ["$hash('a', 'CRC')", 'The second argument of $hash must be the name of an algorithm'],
    ["$hash(1, 'MD5')", 'T0410: Argument 1 of function "hash" does not match function signature'],
    ["$parse('{')", 'The argument of $parse is not JSON'],
  ])('%s fails', async (expression, cause) => {
    expect((await evaluate(expression)).cause).toContain(cause);
  });
});

describe('JSONata in Wait, Choice, Fail and Parallel', () => {
  it('waits for as many seconds as the expression says', async () => {
    const execution = await stage.start(machine({ Type: 'Wait', Seconds: '{% $states.input.s %}', Output: 'done' }), {
      s: 11,
    });
    await stage.clock.waits(11_000);
    stage.clock.advance(11_000);

    expect((await stage.ended(execution)).output).toBe('done');
  });

  it('fails a Wait whose Timestamp is none', async () => {
    const ended = await stage.run(machine({ Type: 'Wait', Timestamp: '{% $states.input %}' }), '2016-12-05 21:29:29Z');

    expect(ended.cause).toContain(
      'The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2016-12-05 21:29:29Z',
    );
  });

  const choice = {
    QueryLanguage: 'JSONata',
    StartAt: 'Choose',
    States: {
      Choose: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n = 6 %}', Output: 'large', Assign: { by: 'rule' }, Next: 'End' },
          { Condition: '{% $states.input.flag %}', Next: 'End' },
        ],
        Default: 'End',
        Assign: { by: 'default' },
      },
      End: { Type: 'Succeed', Output: '{% [$states.input, $by] %}' },
    },
  };

  it('takes the first rule whose condition is true, or the default', async () => {
    expect((await stage.run(choice, { n: 6 })).output).toEqual(['large', 'rule']);
    expect((await stage.run(choice, { flag: false })).output).toEqual([{ flag: false }, 'default']);
  });

  it('fails when a condition is no boolean', async () => {
    expect((await stage.run(choice, { flag: 1 })).cause).toContain(
      "specified for the field 'Choices[1]/Condition' returned an unexpected result type. Expected 'boolean', but was 'number' for value: 1",
    );
  });

  it('fails with what the expressions of Fail say', async () => {
    const state = { Type: 'Fail', Error: '{% $states.input.e %}', Cause: "{% 'for ' & $states.input.e %}" };

    expect(await stage.run(machine(state), { e: 'E' })).toMatchObject({ error: 'E', cause: 'for E' });
  });

  it('gives the branches of a Parallel its Arguments, and has their outputs as its result', async () => {
    const branch = (name: string) => ({
      StartAt: name,
      States: { [name]: { Type: 'Pass', Output: `{% $states.input & '${name}' %}`, End: true } },
    });
    const state = {
      Type: 'Parallel',
      Arguments: '{% $states.input.word %}',
      Branches: [branch('A'), branch('B')],
      Output: '{% $join($states.result) %}',
    };

    expect((await stage.run(machine(state), { word: 'x' })).output).toBe('xAxB');
  });
});

describe('A thousand executions at once', () => {
  it('all have what their expressions say', async () => {
    const arn = stage.deploy(
      machine({ Type: 'Pass', Output: { n: '{% $states.input.n %}', next: '{% $states.input.n + 1 %}' } }),
    );
    const started = await Promise.all(Array.from({ length: 1000 }, (_execution, n) => stage.startMachine(arn, { n })));
    const ended = await Promise.all(started.map((execution) => stage.ended(execution)));

    expect(ended.map(({ output }) => output)).toEqual(
      Array.from({ length: 1000 }, (_execution, n) => ({ n, next: n + 1 })),
    );
  });
});
