import { type Case, ends, failed, recorded, refused, returns, spec } from '../../case.ts';
import { jsonataTask, machine, pass, task } from '../../machines.ts';

const LANGUAGES = spec('Query Languages');
const variables = recorded('query_language test_variable_sampling');
const outputs = recorded('query_language test_output_to_state');

const inJsonata = (state: Record<string, unknown>) => ({ ...state, QueryLanguage: 'JSONata' });

export const cases: readonly Case[] = [
  {
    name: 'a state of a JSONPath machine may be in JSONata: the example of the specification',
    source: LANGUAGES,
    machine: {
      QueryLanguage: 'JSONPath',
      ...machine({
        JSONPath: pass({ Parameters: { 'total.$': '$.transaction.total' }, Next: 'JSONata' }),
        JSONata: inJsonata(pass({ Output: { total: '{% $states.input.total %}' }, End: true })),
      }),
    },
    input: { transaction: { total: 9 } },
    expect: ends({ total: 9 }),
  },
  {
    name: 'a machine without QueryLanguage is in JSONPath',
    source: LANGUAGES,
    machine: machine({
      A: pass({ Parameters: { a: '{% 1 %}' }, Next: 'B' }),
      B: inJsonata(pass({ Output: ['{% $states.input.a %}', '{% 1 %}'], End: true })),
    }),
    expect: ends(['{% 1 %}', 1]),
  },
  {
    name: 'a variable assigned in JSONata is read in JSONPath',
    source: variables,
    machine: machine({
      A: inJsonata(pass({ Assign: { theAnswer: '{% 6 * 7 %}' }, Next: 'B' })),
      B: pass({ Parameters: { 'v.$': '$theAnswer' }, End: true }),
    }),
    expect: ends({ v: 42 }),
  },
  {
    name: 'a variable assigned in JSONPath is read in JSONata',
    source: variables,
    machine: machine({
      A: pass({ Assign: { 'theAnswer.$': 'States.MathAdd(40, 2)' }, Next: 'B' }),
      B: inJsonata(pass({ Output: '{% $theAnswer %}', End: true })),
    }),
    expect: ends(42),
  },
  {
    name: 'the output of JSONata is the input of JSONPath',
    source: outputs,
    machine: machine({
      A: inJsonata(pass({ Output: { foo: 'foobar', bar: '{% $states.input %}' }, Next: 'B' })),
      B: pass({ InputPath: '$.bar', End: true }),
    }),
    input: { input_data: 'test' },
    expect: ends({ input_data: 'test' }),
  },
  {
    name: 'tasks of both languages hand on their results',
    source: recorded('query_language test_task_dataflow_to_state'),
    machine: machine({
      A: task({ ResultSelector: { 'n.$': '$.Payload' }, OutputPath: '$', Next: 'B' }),
      B: inJsonata(jsonataTask({ End: true })),
    }),
    functions: { fn: [returns(1), returns(2)] },
    expect: { status: 'SUCCEEDED', output: 2, payloads: [{}, { n: 1 }] },
  },
  {
    name: 'states of a JSONata Map are in the language of the machine',
    source: LANGUAGES,
    machine: machine({
      All: inJsonata({
        Type: 'Map',
        Items: '{% $states.input.items %}',
        ItemProcessor: machine({ Item: pass({ Parameters: { 'v.$': '$' }, End: true }) }),
        End: true,
      }),
    }),
    input: { items: [1, 2] },
    expect: ends([{ v: 1 }, { v: 2 }]),
  },
  {
    name: 'states of a JSONata Parallel are in the language of the machine',
    source: LANGUAGES,
    machine: machine({
      Both: inJsonata({
        Type: 'Parallel',
        Arguments: { a: '{% $states.input.b %}' },
        Branches: [
          machine({ One: pass({ InputPath: '$.a', End: true }) }),
          machine({ Two: inJsonata(pass({ Output: '{% $states.input.a %}', End: true })) }),
        ],
        End: true,
      }),
    }),
    input: { b: 5 },
    expect: ends([5, 5]),
  },
  {
    name: 'a JSONata state fails with States.QueryEvaluationError in a JSONPath machine',
    source: spec('JSONata Runtime Errors'),
    machine: machine({ A: inJsonata(pass({ Output: '{% $none %}', End: true })) }),
    expect: failed('States.QueryEvaluationError'),
  },
  {
    name: 'a JSONPath field in a JSONata state is refused',
    source: LANGUAGES,
    machine: machine({ A: inJsonata(pass({ InputPath: '$.a', End: true })) }),
    expect: refused(),
  },
  {
    name: 'QueryLanguage of a state must be known',
    source: LANGUAGES,
    machine: machine({ A: pass({ QueryLanguage: 'XPath', End: true }) }),
    expect: refused('/States/A'),
  },
];
