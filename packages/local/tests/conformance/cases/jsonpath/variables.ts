import { type Case, ends, failed, GUIDE, recorded, refused, returns, spec, throws } from '../../case.ts';
import { machine, only, pass, task } from '../../machines.ts';

const ASSIGNING = spec('Assigning State Machine Variables');
const SCOPE = spec('Variable Scope');
const USING = spec('Using Assign');
const reading = 'assign test_reference_assign';

/** What the variables of a state hold in the state after it. */
const showing = (state: Record<string, unknown>, ...names: readonly string[]) =>
  machine({
    Set: { ...state, Next: 'Show' },
    Show: pass({ Parameters: Object.fromEntries(names.map((name) => [`${name}.$`, `$${name}`])), End: true }),
  });

const assigned = (
  name: string,
  source: string,
  state: Record<string, unknown>,
  input: unknown,
  x: unknown,
  more: Partial<Case> = {},
): Case => ({
  name,
  source,
  machine: showing(state, 'x'),
  input,
  expect: ends({ x }),
  ...more,
});

export const cases: readonly Case[] = [
  {
    name: 'a later state reads what a state assigns',
    source: ASSIGNING,
    machine: showing(pass({ Assign: { make: 'Infiniti', model: 'G35', year: 2006 } }), 'make', 'model', 'year'),
    expect: ends({ make: 'Infiniti', model: 'G35', year: 2006 }),
  },
  assigned('a variable is not part of the output', ASSIGNING, pass({ Assign: { x: 1 } }), {}, 1, {
    machine: only(pass({ Assign: { x: 1 } })),
    input: { a: 1 },
    expect: ends({ a: 1 }),
  }),
  assigned(
    'Pass: $ is the result, made by Parameters',
    USING,
    pass({ Parameters: { 'b.$': '$.a' }, Assign: { 'x.$': '$.b' } }),
    { a: 5 },
    5,
  ),
  assigned(
    'Pass: $ is the result, given by Result',
    recorded('assign test_assign_from_value[BASE_ASSIGN_FROM_RESULT]'),
    pass({ Result: { answer: 42 }, Assign: { 'x.$': '$.answer' } }),
    {},
    42,
  ),
  assigned('Task: $ is the result', USING, task({ Assign: { 'x.$': '$.Payload.n' } }), {}, 7, {
    functions: { fn: [returns({ n: 7 })] },
  }),
  assigned(
    'Wait: $ is the input',
    USING,
    { Type: 'Wait', Seconds: 0, InputPath: '$.a', Assign: { 'x.$': '$.b' } },
    { a: { b: 3 } },
    3,
  ),
  assigned(
    'a value may be an intrinsic function',
    recorded('assign test_assign_from_value[BASE_ASSIGN_FROM_INTRINSIC_FUNCTION]'),
    pass({ Assign: { 'x.$': 'States.ArrayLength(States.Array(1, 2, 3))' } }),
    {},
    3,
  ),
  assigned(
    'a value may be of the context object',
    recorded('assign test_base_cases[BASE_PATHS]'),
    pass({ Assign: { 'x.$': '$$.State.Name' } }),
    {},
    'Set',
  ),
  assigned(
    'a constant is taken as it is, whatever it looks like',
    recorded('assign test_base_cases[BASE_CONSTANT_LITERALS]'),
    pass({ Assign: { x: [null, 0.1, '$.no.such.path', '$varname', '{% $varname %}', '$$'] } }),
    {},
    [null, 0.1, '$.no.such.path', '$varname', '{% $varname %}', '$$'],
  ),
  {
    name: 'all values are made before any is assigned',
    source: ASSIGNING,
    machine: machine({
      First: pass({ Assign: { x: 5 }, Next: 'Assigning' }),
      Assigning: pass({ Assign: { x: 42, 'newOrOld.$': '$x' }, Next: 'Show' }),
      Show: pass({ Parameters: { 'x.$': '$x', 'newOrOld.$': '$newOrOld' }, End: true }),
    }),
    expect: ends({ x: 42, newOrOld: 5 }),
  },
  {
    name: 'a state sees its variables as they were when it was entered',
    source: recorded('assign test_state_assign_evaluation_order[BASE_EVALUATION_ORDER_PASS_STATE]'),
    machine: machine({
      First: pass({ Assign: { x: 'old' }, Next: 'Second' }),
      Second: pass({ Parameters: { 'x.$': '$x' }, Assign: { x: 'new' }, End: true }),
    }),
    expect: ends({ x: 'old' }),
  },
  {
    name: 'InputPath and OutputPath may be variables',
    source: recorded(`${reading}[BASE_REFERENCE_IN_INPUTPATH]`),
    machine: machine({
      First: pass({ Assign: { x: { a: 42 }, y: 1 }, Next: 'Second' }),
      Second: pass({ InputPath: '$x.a', ResultPath: '$.r', Next: 'Third' }),
      Third: pass({ OutputPath: '$x', End: true }),
    }),
    expect: ends({ a: 42 }),
  },
  {
    name: 'intrinsic functions take variables',
    source: recorded(`${reading}[BASE_REFERENCE_IN_INTRINSIC_FUNCTION]`),
    machine: machine({
      First: pass({ Assign: { name: 'John', place: 'Earth' }, Next: 'Second' }),
      Second: pass({ Parameters: { 'text.$': "States.Format('Hello {}, welcome to {}!', $name, $place)" }, End: true }),
    }),
    expect: ends({ text: 'Hello John, welcome to Earth!' }),
  },
  {
    name: 'choice rules compare variables',
    source: recorded(`${reading}[BASE_REFERENCE_IN_CHOICE]`),
    machine: machine({
      First: pass({ Assign: { guess: 'a', answer: 'a' }, Next: 'Choose' }),
      Choose: {
        Type: 'Choice',
        Choices: [{ Variable: '$guess', StringEqualsPath: '$answer', Next: 'Right' }],
        Default: 'Wrong',
      },
      Right: pass({ Result: 'right', End: true }),
      Wrong: pass({ Result: 'wrong', End: true }),
    }),
    expect: ends('right'),
  },
  {
    name: 'the Assign of the rule that is chosen is evaluated, not that of the state',
    source: spec('Choice State'),
    machine: machine({
      Choose: {
        Type: 'Choice',
        Choices: [{ Variable: '$.a', NumericEquals: 1, Assign: { 'x.$': '$.a' }, Next: 'Show' }],
        Default: 'Show',
        Assign: { x: 'default' },
      },
      Show: pass({ Parameters: { 'x.$': '$x' }, End: true }),
    }),
    input: { a: 1 },
    expect: ends({ x: 1 }),
  },
  {
    name: 'the Assign of the state is evaluated when no rule is chosen',
    source: spec('Choice State'),
    machine: machine({
      Choose: {
        Type: 'Choice',
        Choices: [{ Variable: '$.a', NumericEquals: 1, Assign: { 'x.$': '$.a' }, Next: 'Show' }],
        Default: 'Show',
        Assign: { x: 'default' },
      },
      Show: pass({ Parameters: { 'x.$': '$x' }, End: true }),
    }),
    input: { a: 2 },
    expect: ends({ x: 'default' }),
  },
  {
    name: 'the Assign of a catcher is evaluated, its $ being the error output, and not that of the state',
    source: spec('Error output'),
    machine: machine({
      First: pass({ Assign: { x: 0, y: 0 }, Next: 'Try' }),
      Try: task({
        Assign: { x: 1 },
        Catch: [{ ErrorEquals: ['States.ALL'], Assign: { 'y.$': '$.Error' }, Next: 'Show' }],
        Next: 'Show',
      }),
      Show: pass({ Parameters: { 'x.$': '$x', 'y.$': '$y' }, End: true }),
    }),
    functions: { fn: [throws('Custom')] },
    expect: ends({ x: 0, y: 'Custom' }),
  },
  {
    name: 'a branch reads the variables around it, and its own are gone after it',
    source: SCOPE,
    machine: machine({
      First: pass({ Assign: { outer: 'hello' }, Next: 'Both' }),
      Both: {
        Type: 'Parallel',
        Branches: [
          machine({
            A: pass({ Assign: { 'inner.$': '$outer' }, Next: 'A2' }),
            A2: pass({ Parameters: { 'v.$': '$inner' }, End: true }),
          }),
          machine({ B: pass({ Parameters: { 'v.$': '$outer' }, End: true }) }),
        ],
        Assign: { outer: 2 },
        Next: 'Show',
      },
      Show: pass({ Parameters: { 'outer.$': '$outer', 'all.$': '$' }, End: true }),
    }),
    expect: ends({ outer: 2, all: [{ v: 'hello' }, { v: 'hello' }] }),
  },
  {
    name: 'a branch must not assign a variable of the scope around it',
    source: SCOPE,
    machine: machine({
      First: pass({ Assign: { outer: 'hello' }, Next: 'Both' }),
      Both: { Type: 'Parallel', Branches: [machine({ A: pass({ Assign: { outer: 1 }, End: true }) })], End: true },
    }),
    expect: refused('outer'),
  },
  {
    name: 'the variable states is reserved',
    source: spec('Reserved "states" Variable with JSONPath'),
    machine: only(pass({ Assign: { states: 1 } })),
    expect: refused('states'),
  },
  {
    name: 'the name of a variable must be an identifier',
    source: spec('State Machine Variables'),
    machine: only(pass({ Assign: { 'not a name': 1 } })),
    expect: refused('not a name'),
  },
  {
    name: 'ResultPath must not be a variable',
    source: spec('State Machine Variables'),
    machine: machine({
      First: pass({ Assign: { x: 1 }, Next: 'Second' }),
      Second: pass({ ResultPath: '$x', End: true }),
    }),
    expect: refused('ResultPath'),
  },
  {
    name: 'Succeed has no Assign',
    source: spec('Table of State Types and Fields (JSONPath)'),
    machine: only({ Type: 'Succeed', Assign: { x: 1 } }),
    expect: refused(),
  },
  {
    name: 'a path in Assign that finds nothing fails with States.Runtime',
    source: GUIDE.variables,
    machine: only(pass({ Assign: { 'x.$': '$.none' } })),
    expect: failed('States.Runtime', "'$.none'"),
  },
  {
    name: 'the history tells what was assigned when the state is left',
    source: recorded('assign test_assign_from_value[BASE_ASSIGN_FROM_RESULT]'),
    machine: only(pass({ Result: { answer: 42 }, Assign: { 'x.$': '$.answer', y: { a: 1 } } })),
    expect: {
      status: 'SUCCEEDED',
      history: [
        {
          type: 'PassStateExited',
          stateExitedEventDetails: {
            name: 'Only',
            output: '{"answer":42}',
            outputDetails: { truncated: false },
            assignedVariables: { x: '42', y: '{"a":1}' },
            assignedVariablesDetails: { truncated: false },
          },
        },
      ],
    },
  },
];
