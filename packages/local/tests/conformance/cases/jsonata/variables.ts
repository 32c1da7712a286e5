import { type Case, ends, GUIDE, recorded, refused, returns, spec } from '../../case.ts';
import { jsonata, jsonataTask, machine, onlyJsonata, pass } from '../../machines.ts';

const ASSIGNING = spec('Assigning State Machine Variables');
const USING = spec('Using Assign');
const SCOPE = spec('Variable Scope');

/** What `$x` is in the state after the one that sets it. */
const showing = (state: Record<string, unknown>) =>
  jsonata({ Set: { ...state, Next: 'Show' }, Show: pass({ Output: '{% $x %}', End: true }) });

const assigned = (name: string, source: string, state: Record<string, unknown>, input: unknown, x: unknown): Case => ({
  name,
  source,
  machine: showing(state),
  input,
  functions: { fn: [returns({ n: 7 })] },
  expect: ends(x),
});

/** The example of the specification. */
const GREETING = jsonata({
  GetGreeting: pass({ Assign: { outer: 'hello' }, Next: 'GreetEveryone' }),
  GreetEveryone: {
    Type: 'Map',
    ItemProcessor: machine({
      Begin: pass({ Assign: { inner: 'world', hi: '{% $outer %}' }, Next: 'End' }),
      End: { Type: 'Succeed', Output: '{% $hi %}' },
    }),
    Assign: { outer: 2 },
    Next: 'Goodbye',
  },
  Goodbye: { Type: 'Succeed', Output: { outer: '{% $outer %}', all: '{% $states.input %}' } },
});

export const cases: readonly Case[] = [
  assigned(
    'constants',
    ASSIGNING,
    pass({ Assign: { x: { make: 'Infiniti', year: 2006 } } }),
    {},
    { make: 'Infiniti', year: 2006 },
  ),
  assigned('expressions of the input', USING, pass({ Assign: { x: '{% $states.input.a * 2 %}' } }), { a: 4 }, 8),
  assigned(
    'expressions in an object',
    USING,
    pass({ Assign: { x: { deep: ['{% $states.input.a %}'] } } }),
    { a: 4 },
    { deep: [4] },
  ),
  assigned('the result of a task', USING, jsonataTask({ Assign: { x: '{% $states.result.Payload.n %}' } }), {}, 7),
  assigned('the context object', USING, pass({ Assign: { x: '{% $states.context.State.Name %}' } }), {}, 'Set'),
  assigned('by a Wait state', ASSIGNING, { Type: 'Wait', Seconds: 0, Assign: { x: 1 } }, {}, 1),
  assigned('null', recorded('assign test_base_cases[BASE_CONSTANT_LITERALS]'), pass({ Assign: { x: null } }), {}, null),
  assigned(
    'what looks like a path is a text',
    recorded('assign test_base_cases[BASE_CONSTANT_LITERALS]'),
    pass({ Assign: { x: '$.no.such.path' } }),
    {},
    '$.no.such.path',
  ),
  {
    name: 'several variables joined: the example of the specification',
    source: ASSIGNING,
    machine: jsonata({
      FirstState: pass({ Assign: { make: 'Infiniti', model: 'G35', year: 2006 }, Next: 'SecondState' }),
      SecondState: pass({ Output: "{% $year & ' ' & $make & ' ' & $model %}", End: true }),
    }),
    expect: ends('2006 Infiniti G35'),
  },
  {
    name: 'all values are made before any is assigned',
    source: ASSIGNING,
    machine: jsonata({
      First: pass({ Assign: { x: 5 }, Next: 'Assigning' }),
      Assigning: pass({ Assign: { x: 42, newOrOld: '{% $x %}' }, Next: 'Show' }),
      Show: pass({ Output: '{% [$x, $newOrOld] %}', End: true }),
    }),
    expect: ends([42, 5]),
  },
  {
    name: 'Output does not see what Assign of the same state assigns',
    source: GUIDE.variables,
    machine: jsonata({
      First: pass({ Assign: { x: 'old' }, Next: 'Second' }),
      Second: pass({ Assign: { x: 'new' }, Output: '{% $x %}', End: true }),
    }),
    expect: ends('old'),
  },
  {
    name: 'a variable may be assigned again and again',
    source: ASSIGNING,
    machine: jsonata({
      First: pass({ Assign: { n: 0 }, Next: 'Count' }),
      Count: pass({ Assign: { n: '{% $n + 1 %}' }, Next: 'Enough' }),
      Enough: { Type: 'Choice', Choices: [{ Condition: '{% $n < 3 %}', Next: 'Count' }], Default: 'Show' },
      Show: pass({ Output: '{% $n %}', End: true }),
    }),
    expect: ends(3),
  },
  {
    name: 'Arguments sees variables',
    source: spec('JSONata Evaluation'),
    machine: jsonata({
      GetSampleData: pass({
        Assign: {
          student: { name: 'Scotland', course: [{ grade: 34 }, { grade: 99 }, { grade: 76 }, { grade: 96 }] },
          class: { teacher: 'Bert' },
          two: 'the number 2',
        },
        Next: 'ATask',
      }),
      ATask: jsonataTask({
        Arguments: {
          FunctionName: 'fn',
          Payload: {
            student: '{% $student.name %}',
            classInfo: { teacher: '{% $class.teacher %}' },
            values: [1, '{% $two %}', 'three'],
          },
        },
        Output: "{% { 'avg': $average($student.course.grade), 'num': $count($student.course) } %}",
        End: true,
      }),
    }),
    expect: {
      status: 'SUCCEEDED',
      output: { avg: 76.25, num: 4 },
      payloads: [{ student: 'Scotland', classInfo: { teacher: 'Bert' }, values: [1, 'the number 2', 'three'] }],
    },
  },
  {
    name: 'inner scopes read outer variables; theirs are gone afterwards',
    source: SCOPE,
    machine: GREETING,
    input: [1, 2],
    expect: ends({ outer: 2, all: ['hello', 'hello'] }),
  },
  {
    name: 'each branch has variables of its own',
    source: SCOPE,
    machine: onlyJsonata({
      Type: 'Parallel',
      Branches: [1, 2].map((n) =>
        machine({
          [`Set${n}`]: pass({ Assign: { own: n }, Next: `Show${n}` }),
          [`Show${n}`]: pass({ Output: '{% $own %}', End: true }),
        }),
      ),
    }),
    expect: ends([1, 2]),
  },
  {
    name: 'an inner scope must not assign an outer variable',
    source: SCOPE,
    machine: jsonata({
      First: pass({ Assign: { outer: 1 }, Next: 'All' }),
      All: { Type: 'Map', ItemProcessor: machine({ Inner: pass({ Assign: { outer: 2 }, End: true }) }), End: true },
    }),
    expect: refused('outer'),
  },
  {
    name: 'the variable states is reserved',
    source: spec('Reserved "states" Variable with JSONata'),
    machine: onlyJsonata(pass({ Assign: { states: 1 } })),
    expect: refused('states'),
  },
  {
    name: 'the history tells what was assigned',
    source: recorded('assign test_assign_base[BASE_EMPTY]'),
    machine: onlyJsonata(pass({ Assign: { answer: '{% 42 %}', text: 'x' } })),
    expect: {
      status: 'SUCCEEDED',
      history: [
        {
          type: 'PassStateExited',
          stateExitedEventDetails: {
            name: 'Only',
            output: '{}',
            outputDetails: { truncated: false },
            assignedVariables: { answer: '42', text: '"x"' },
            assignedVariablesDetails: { truncated: false },
          },
        },
      ],
    },
  },
];
