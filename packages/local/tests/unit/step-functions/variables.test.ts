import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Variables } from '../../../src/step-functions/data/variables.ts';
import { invoke, returned, StepFunctionsStage, threw } from '../../helpers/step-functions.ts';

let stage: StepFunctionsStage;
beforeAll(() => {
  stage = new StepFunctionsStage();
});
afterAll(() => stage.close());

/** A machine whose states follow each other; the last one is its end. */
const line = (states: Record<string, Record<string, unknown>>) => {
  const names = Object.keys(states);
  const entries = Object.entries(states).map(([name, state], index) => {
    const next = names[index + 1];
    const onward = state.Type === 'Succeed' ? {} : next === undefined ? { End: true } : { Next: next };
    return [name, { ...onward, ...state }];
  });
  return { StartAt: names[0], States: Object.fromEntries(entries) };
};

const set = (Assign: unknown, more: Record<string, unknown> = {}) => ({ Type: 'Pass', Assign, ...more });
const show = (template: Record<string, unknown>) => ({ Type: 'Pass', Parameters: template });

describe('Assign', () => {
  it('sets variables that later states read by $name', async () => {
    const machine = line({
      Set: set({ x: { y: [1, 2] }, 'id.$': '$.id', 'name.$': '$$.State.Name', constant: '$.id' }),
      Show: show({ 'y.$': '$x.y[1]', 'id.$': '$id', 'name.$': '$name', 'constant.$': '$constant', 'all.$': '$x.y[*]' }),
    });

    expect((await stage.run(machine, { id: 7 })).output).toEqual({
      y: 2,
      id: 7,
      name: 'Set',
      constant: '$.id',
      all: [1, 2],
    });
  });

  it('sees the values from before the state, as everything else in the state does', async () => {
    const machine = line({
      First: set({ x: 1, y: 2 }),
      Swap: set({ 'x.$': '$y', 'y.$': '$x' }, { Parameters: { 'was.$': '$x' }, ResultPath: '$.r', OutputPath: '$.r' }),
      Show: show({ 'was.$': '$.was', 'x.$': '$x', 'y.$': '$y' }),
    });

    expect((await stage.run(machine)).output).toEqual({ was: 1, x: 2, y: 1 });
  });

  it('reads the result of a Task as it came', async () => {
    stage.lambda.answer = () => returned({ answer: 42 });
    const machine = line({
      Call: invoke({ ResultSelector: { other: 1 }, ResultPath: '$.r', Assign: { 'x.$': '$.Payload.answer' } }),
      Show: show({ 'x.$': '$x', 'r.$': '$.r' }),
    });

    expect((await stage.run(machine)).output).toEqual({ x: 42, r: { other: 1 } });
  });

  it('of a catcher reads the error, of a rule the input', async () => {
    stage.lambda.answer = () => threw('Broken');
    const machine = {
      StartAt: 'Call',
      States: {
        Call: invoke({
          Assign: { x: 'no' },
          Catch: [{ ErrorEquals: ['Broken'], Assign: { 'x.$': '$.Error' }, ResultPath: null, Next: 'Choose' }],
          End: true,
        }),
        Choose: {
          Type: 'Choice',
          Choices: [{ Variable: '$x', StringEquals: 'Broken', Assign: { 'y.$': '$.a' }, Next: 'Show' }],
          Default: 'Show',
          Assign: { y: 'default' },
        },
        Show: { ...show({ 'x.$': '$x', 'y.$': '$y' }), End: true },
      },
    };

    expect((await stage.run(machine, { a: 1 })).output).toEqual({ x: 'Broken', y: 1 });
  });

  it('shows in the history, each value as JSON', async () => {
    const execution = await stage.start(line({ Set: set({ x: 1, y: ['a'] }) }));
    await stage.ended(execution);

    expect((await stage.history(execution))[2]).toMatchObject({
      stateExitedEventDetails: {
        assignedVariables: { x: '1', y: '["a"]' },
        assignedVariablesDetails: { truncated: false },
      },
    });
  });
});

describe('A variable in JSONPath', () => {
  it.each<[string, Record<string, unknown>, unknown]>([
    ['InputPath', { Type: 'Pass', InputPath: '$list' }, [3, 4]],
    ['OutputPath', { Type: 'Pass', OutputPath: '$list[0]' }, 3],
    ['an intrinsic function', show({ 'v.$': "States.Format('{}-{}', $word, $list[1])" }), { v: 'w-4' }],
    ['a filter', show({ 'v.$': '$list[?(@ > 3)]' }), { v: [4] }],
  ])('is read by %s', async (_field, state, output) => {
    const machine = line({ Set: set({ list: [3, 4], word: 'w' }), Read: state });

    expect((await stage.run(machine)).output).toEqual(output);
  });

  it('is read by the fields of Wait, Task, Choice and Fail', async () => {
    stage.lambda.answer = () => returned(null);
    const machine = {
      StartAt: 'Set',
      States: {
        Set: { ...set({ seconds: 9, limit: 5, word: 'w' }), Next: 'Wait' },
        Wait: { Type: 'Wait', SecondsPath: '$seconds', Next: 'Call' },
        Call: invoke({ TimeoutSecondsPath: '$limit', Next: 'Choose' }),
        Choose: {
          Type: 'Choice',
          Choices: [
            {
              And: [
                { Variable: '$word', StringEqualsPath: '$word' },
                { Variable: '$none', IsPresent: false },
              ],
              Next: 'Fail',
            },
          ],
        },
        Fail: { Type: 'Fail', ErrorPath: '$word', CausePath: "States.Format('because {}', $word)" },
      },
    };
    const execution = await stage.start(machine);
    await stage.clock.waits(9000);
    stage.clock.advance(9000);

    expect(await stage.ended(execution)).toMatchObject({ error: 'w', cause: 'because w' });
    expect(await stage.history(execution)).toContainEqual(
      expect.objectContaining({ taskScheduledEventDetails: expect.objectContaining({ timeoutInSeconds: 5 }) }),
    );
  });

  it('fails its state when there is none', async () => {
    expect(await stage.run(line({ Read: { Type: 'Pass', InputPath: '$none' } }))).toMatchObject({
      error: 'States.Runtime',
      cause: expect.stringContaining("Invalid path '$none'"),
    });
  });
});

describe('The scope of variables', () => {
  const branch = (name: string, state: Record<string, unknown>, after: Record<string, unknown>) =>
    line({ [name]: state, [`After${name}`]: after });

  it('is that of the branch, which reads what is around it', async () => {
    const machine = line({
      Set: set({ outer: 'o' }),
      Both: {
        Type: 'Parallel',
        Branches: ['A', 'B'].map((name) =>
          branch(name, set({ inner: name }), show({ 'v.$': "States.Format('{}{}', $outer, $inner)" })),
        ),
        Assign: { 'results.$': '$[*].v' },
      },
      Show: { Type: 'Pass', QueryLanguage: 'JSONata', Output: "{% [$results, $exists($inner) ? 'leaked' : 'gone'] %}" },
    });

    expect((await stage.run(machine)).output).toEqual([['oA', 'oB'], 'gone'].flat());
  });
});

describe('The size of variables', () => {
  const quarter = 'x'.repeat(262_142);

  it('is at most 256 KiB for what one state assigns', async () => {
    const assign = (Assign: unknown) => stage.run(line({ Set: set(Assign, { OutputPath: null }) }), quarter);

    expect(await assign({ 'x.$': '$' })).toMatchObject({ status: 'SUCCEEDED' });
    expect(await assign({ 'x.$': '$', y: 1 })).toMatchObject({ error: 'States.DataLimitExceeded' });
  });

  it('is at most 10 MiB for an execution, in whatever scope', () => {
    const variables = new Variables();
    const inner = variables.inner();
    const name = (n: number) => String.fromCodePoint(97 + n);
    for (let n = 0; n < 20; n++) variables.assign({ [name(n)]: quarter });
    for (let n = 20; n < 40; n++) inner.assign({ [name(n)]: quarter });

    expect(() => variables.check({ more: 1 }, 'S')).toThrow(
      "The state/task 'S' returned a result with a size exceeding",
    );
    expect(() => variables.check({ a: 1 }, 'S')).not.toThrow();
    inner.drop();
    expect(() => variables.check({ more: quarter }, 'S')).not.toThrow();
  });
});
