import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invoke, only, returned, StepFunctionsStage } from '../../helpers/step-functions.ts';

let stage: StepFunctionsStage;
beforeEach(() => {
  stage = new StepFunctionsStage();
});
afterEach(() => stage.close());

const INPUT = { a: { b: [10, 20, { c: 'x' }] }, 'odd name': 1, nothing: null };

describe('Paths of a Pass state', () => {
  it.each([
    ['no path: the input', {}, INPUT],
    ['InputPath: a part of it', { InputPath: '$.a.b[2]' }, { c: 'x' }],
    ['InputPath null: an empty object', { InputPath: null }, {}],
    ['InputPath into the context object', { InputPath: '$$.StateMachine.Name' }, 'machine-1'],
    ['a name in brackets', { InputPath: "$['odd name']" }, 1],
    ['a field that is null', { InputPath: '$.nothing' }, null],
    ['an index from the end', { InputPath: '$.a.b[-1].c' }, 'x'],
    ['a wildcard: a list', { InputPath: '$.a.b[*]' }, [10, 20, { c: 'x' }]],
    ['a descent: a list', { InputPath: '$..c' }, ['x']],
    ['a slice: a list', { InputPath: '$.a.b[0:2]' }, [10, 20]],
    ['a wildcard that finds nothing: an empty list', { InputPath: '$.none[*]' }, []],
    ['OutputPath: a part of the result', { OutputPath: '$.a.b[0]' }, 10],
    ['OutputPath null: an empty object', { OutputPath: null }, {}],
    ['Result in place of the input', { Result: { r: 1 } }, { r: 1 }],
    [
      'ResultPath: the result beside the input',
      { Result: 1, ResultPath: '$.a.new' },
      { ...INPUT, a: { ...INPUT.a, new: 1 } },
    ],
    ['ResultPath makes what is on the way', { Result: 1, ResultPath: "$.x['y z']" }, { ...INPUT, x: { 'y z': 1 } }],
    ['ResultPath replaces an item', { Result: 1, ResultPath: '$.a.b[2]' }, { ...INPUT, a: { b: [10, 20, 1] } }],
    ['ResultPath null: the result is dropped', { Result: 1, ResultPath: null }, INPUT],
    [
      'ResultPath starts from the raw input',
      { InputPath: '$.a', Parameters: { k: 1 }, ResultPath: '$.p' },
      { ...INPUT, p: { k: 1 } },
    ],
    [
      'Parameters: a template',
      { Parameters: { 'b.$': '$.a.b[0]', deep: [{ 'n.$': '$.nothing' }], text: '$.a' } },
      { b: 10, deep: [{ n: null }], text: '$.a' },
    ],
  ])('%s', async (_case, fields, output) => {
    const ended = await stage.run(only({ Type: 'Pass', ...fields }), INPUT);

    expect(ended).toMatchObject({ status: 'SUCCEEDED', output });
  });

  it.each([
    ['InputPath', { InputPath: '$.none' }, "Invalid path '$.none' : No results for path: $['none']"],
    ['OutputPath', { OutputPath: '$.none.x' }, "Invalid path '$.none.x' : Missing property in path $['none']"],
    [
      'Parameters',
      { Parameters: { 'p.$': '$.none' } },
      "The JSONPath '$.none' specified for the field 'p.$' could not be found in the input",
    ],
    ['a path into what has no fields', { InputPath: '$.a.b[0].c' }, 'No results'],
    ['a field that only the prototype has', { InputPath: '$.constructor' }, 'No results'],
  ])('fails with States.Runtime when %s leads nowhere', async (_case, fields, cause) => {
    const ended = await stage.run(only({ Type: 'Pass', ...fields }), INPUT);

    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime', output: null });
    expect(ended.cause).toContain("An error occurred while executing the state 'Only' (entered at the event id #2). ");
    expect(ended.cause).toContain(cause);
  });

  it.each([['$.a.b.c'], ['$.a.b[7]'], ["$['odd name'].x"]])(
    'fails when ResultPath %s does not fit the input',
    async (ResultPath) => {
      const ended = await stage.run(only({ Type: 'Pass', Result: 1, ResultPath }), INPUT);

      expect(ended).toMatchObject({ status: 'FAILED', error: 'States.ResultPathMatchFailure' });
    },
  );

  it('puts a field named __proto__ into the output, not into the prototype', async () => {
    const ended = await stage.run(only({ Type: 'Pass', Result: { x: 1 }, ResultPath: '$.__proto__' }));

    expect(Object.keys(ended.output as object)).toEqual(['__proto__']);
  });
});

describe('Intrinsic functions', () => {
  it.each([
    ["States.Format('{} and {}: {}', $.a.b[0], 'it\\'s', $.a.b[2])", "10 and it's: {c=x}"],
    ["States.Format('\\{{}\\}', null)", '{null}'],
    ["States.Array(1, -2, null, 'x', $.nothing)", [1, -2, null, 'x', null]],
    ['States.Array()', []],
    ['States.StringToJson(\'[1,{"a":2}]\')', [1, { a: 2 }]],
    ['States.JsonToString($.a)', '{"b":[10,20,{"c":"x"}]}'],
    ["States.Format('{}', States.JsonToString(States.Array($$.State.Name)))", '["Only"]'],
    ["States.Format('{}', $['odd name'])", '1'],
  ])('%s', async (call, value) => {
    const ended = await stage.run(only({ Type: 'Pass', Parameters: { 'v.$': call } }), INPUT);

    expect(ended).toMatchObject({ status: 'SUCCEEDED', output: { v: value } });
  });

  it('makes a new UUID each time', async () => {
    const ended = await stage.run(
      only({ Type: 'Pass', Parameters: { 'x.$': 'States.UUID()', 'y.$': 'States.UUID()' } }),
    );

    const { x, y } = ended.output as { x: string; y: string };
    expect(x).toMatch(/^[0-9a-f-]{36}$/);
    expect(y).not.toBe(x);
  });

  it.each([
    ["States.Format('{} {}', 1)"],
    ["States.Format('{}', 1, 2)"],
    ['States.Format(1)'],
    ["States.StringToJson('{')"],
    ['States.StringToJson($)'],
  ])('%s fails with States.IntrinsicFailure', async (call) => {
    const ended = await stage.run(only({ Type: 'Pass', Parameters: { 'v.$': call } }));

    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.IntrinsicFailure' });
  });
});

describe('The result of a Task', () => {
  it('goes through ResultSelector, ResultPath and OutputPath', async () => {
    stage.lambda.answer = () => returned({ answer: 42 });

    const ended = await stage.run(
      only(
        invoke({
          ResultSelector: { 'v.$': '$.Payload.answer', 'name.$': '$$.State.Name', fixed: true },
          ResultPath: '$.result',
          OutputPath: '$.result',
        }),
      ),
    );

    expect(ended.output).toEqual({ v: 42, name: 'Only', fixed: true });
  });
});

describe('Payloads over 256 KiB', () => {
  const big = 'é'.repeat(70_000);

  it('fails the state that makes one', async () => {
    const ended = await stage.run(only({ Type: 'Pass', Parameters: { 'x.$': '$', 'y.$': '$' } }), big);

    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(ended.cause).toContain("The state/task 'Only' returned a result with a size exceeding");
  });

  it('is measured in bytes, and may be just that large', async () => {
    const ended = await stage.run(only({ Type: 'Pass' }), 'x'.repeat(262_142));

    expect(ended.status).toBe('SUCCEEDED');
  });
});
