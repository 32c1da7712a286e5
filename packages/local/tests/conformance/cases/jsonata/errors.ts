import {
  type Case,
  type Expectation,
  ends,
  failed,
  GUIDE,
  recorded,
  refused,
  returns,
  spec,
  throws,
  waits,
} from '../../case.ts';
import { caughtJsonata, jsonata, jsonataTask, onlyJsonata, pass } from '../../machines.ts';

const RUNTIME = spec('JSONata Runtime Errors');
const RESTRICTIONS = spec('JSONata Restrictions');
const undefining = 'assign test_undefined_reference';

const ERROR = 'States.QueryEvaluationError';
const undefinedIn = (field: string, expression: string): Expectation =>
  failed(
    ERROR,
    `An error occurred while executing the state 'Only' (entered at the event id #2). The JSONata expression '${expression}' specified for the field '${field}' returned nothing (undefined).`,
  );

const failing = (
  name: string,
  source: string,
  fields: Record<string, unknown>,
  expectation: Expectation = failed(ERROR),
): Case => ({
  name,
  source,
  machine: onlyJsonata(pass(fields)),
  input: { data: { a: 1 }, text: 'x' },
  expect: expectation,
});

const ofTask = (name: string, source: string, fields: Record<string, unknown>, expectation: Expectation): Case => ({
  name,
  source,
  machine: onlyJsonata(jsonataTask(fields)),
  input: { name: 'Ada', negative: -1 },
  functions: { fn: [returns({})] },
  expect: expectation,
});

export const cases: readonly Case[] = [
  failing(
    'nothing is no output',
    recorded(`${undefining}[BASE_UNDEFINED_OUTPUT]`),
    { Output: '{% $doesNotExist %}' },
    undefinedIn('Output', '$doesNotExist'),
  ),
  failing(
    'nothing is no field of an output',
    recorded(`${undefining}[BASE_UNDEFINED_OUTPUT_FIELD]`),
    { Output: { result: '{% $doesNotExist %}' } },
    undefinedIn('Output/result', '$doesNotExist'),
  ),
  failing(
    'nothing is no value of a variable',
    recorded(`${undefining}[BASE_UNDEFINED_ASSIGN]`),
    { Assign: { result: '{% $doesNotExist %}' } },
    undefinedIn('Assign/result', '$doesNotExist'),
  ),
  ofTask(
    'nothing is no argument',
    recorded(`${undefining}[BASE_UNDEFINED_ARGUMENTS]`),
    { Arguments: '{% $doesNotExist %}' },
    undefinedIn('Arguments', '$doesNotExist'),
  ),
  ofTask(
    'nothing is no field of an argument',
    recorded(`${undefining}[BASE_UNDEFINED_ARGUMENTS_FIELD]`),
    { Arguments: { FunctionName: '{% $doesNotExist %}' } },
    undefinedIn('Arguments/FunctionName', '$doesNotExist'),
  ),
  failing(
    'a field that is not there is nothing',
    RUNTIME,
    { Output: '{% $states.input.data.thisFieldDoesNotExist %}' },
    undefinedIn('Output', '$states.input.data.thisFieldDoesNotExist'),
  ),
  failing(
    'a field of an object made by an expression may be nothing: it is left out',
    RUNTIME,
    { Output: "{% {'a': $states.input.data.a, 'b': $states.input.none} %}" },
    ends({ a: 1 }),
  ),
  failing('an unqualified name at the top has nothing to refer to', RESTRICTIONS, { Output: '{% data %}' }),
  failing(
    'a type error',
    RUNTIME,
    { Output: '{% $states.input.data + 1 %}' },
    failed(
      ERROR,
      "The JSONata expression '$states.input.data + 1' specified for the field 'Output' threw an error during evaluation.",
    ),
  ),
  failing(
    'what is no function cannot be called',
    recorded('intrinsic_functions test_math_random_seeded'),
    { Output: { r: '{% $randomSeeded(1) %}' } },
    failed(
      ERROR,
      "The JSONata expression '$randomSeeded(1)' specified for the field 'Output/r' threw an error during evaluation. T1006: Attempted to invoke a non-function",
    ),
  ),
  failing(
    'a function is no result',
    recorded('scenarios test_map_state_items_eval_jsonata_fail[function]'),
    { Output: '{% function($x){$x} %}' },
    failed(ERROR, 'returned an unsupported result type.'),
  ),
  failing('$parse of what is no JSON fails', GUIDE.jsonata, { Output: "{% $parse('{') %}" }),
  failing('$eval is not there', GUIDE.jsonata, { Output: "{% $eval('1') %}" }),
  failing('$partition into parts of nothing fails', GUIDE.jsonata, { Output: '{% $partition([1], 0) %}' }),
  failing('$error raises an error', GUIDE.jsonata, { Output: "{% $error('mine') %}" }, failed(ERROR, 'mine')),
  failing(
    'an assertion that does not hold raises one',
    GUIDE.jsonata,
    { Output: "{% ($assert(1 = 2, 'not so'); 1) %}" },
    failed(ERROR, 'not so'),
  ),
  {
    name: 'the history tells of the failed evaluation, and where it stands',
    source: recorded(`${undefining}[BASE_UNDEFINED_OUTPUT_FIELD]`),
    machine: onlyJsonata(pass({ Output: { result: '{% $doesNotExist %}' } })),
    expect: {
      status: 'FAILED',
      events: ['ExecutionStarted', 'PassStateEntered', 'EvaluationFailed', 'ExecutionFailed'],
      history: [
        {
          type: 'EvaluationFailed',
          evaluationFailedEventDetails: {
            error: ERROR,
            cause:
              "An error occurred while executing the state 'Only' (entered at the event id #2). The JSONata expression '$doesNotExist' specified for the field 'Output/result' returned nothing (undefined).",
            location: 'Output/result',
            state: 'Only',
          },
        },
      ],
    },
  },
  ofTask(
    'TimeoutSeconds must be a number',
    RUNTIME,
    { TimeoutSeconds: '{% $states.input.name %}' },
    failed(ERROR, 'TimeoutSeconds'),
  ),
  ofTask(
    'TimeoutSeconds must be positive',
    spec('Timeouts'),
    { TimeoutSeconds: '{% $states.input.negative %}' },
    failed(ERROR),
  ),
  ofTask(
    'HeartbeatSeconds must be a number',
    spec('Timeouts'),
    { HeartbeatSeconds: '{% $states.input.name %}' },
    failed(ERROR, 'HeartbeatSeconds'),
  ),
  {
    name: 'Retry retries it',
    source: RUNTIME,
    machine: onlyJsonata(
      jsonataTask({ Output: '{% $states.result.Payload.id %}', Retry: [{ ErrorEquals: [ERROR], IntervalSeconds: 2 }] }),
    ),
    functions: { fn: [returns({}), returns({ id: 3 })] },
    steps: [waits(2)],
    expect: ends(3),
  },
  {
    name: 'Catch catches it',
    source: RUNTIME,
    machine: caughtJsonata(
      jsonataTask({
        Arguments: { FunctionName: 'fn', Payload: '{% $states.input.none %}' },
        Catch: [{ ErrorEquals: [ERROR], Output: '{% $states.errorOutput.Error %}', Next: 'After' }],
      }),
    ),
    expect: ends(ERROR),
  },
  {
    name: 'States.ALL catches it as well',
    source: GUIDE.errors,
    machine: caughtJsonata(
      jsonataTask({ Output: '{% $none %}', Catch: [{ ErrorEquals: ['States.ALL'], Output: 'caught', Next: 'After' }] }),
    ),
    expect: ends('caught'),
  },
  {
    name: 'an evaluation that fails in Catch is not caught by it',
    source: recorded('states_variables test_error_output'),
    machine: caughtJsonata(
      jsonataTask({ Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $none %}', Next: 'After' }] }),
    ),
    functions: { fn: [throws('Custom')] },
    expect: failed(ERROR, "'$none'"),
  },
  {
    name: '$states.result outside of Output and Assign is found when the machine is made',
    source: GUIDE.variables,
    machine: onlyJsonata(jsonataTask({ Arguments: { FunctionName: 'fn', Payload: '{% $states.result %}' } })),
    expect: refused('$states.result'),
  },
  {
    name: '$states.errorOutput outside of Catch is found when the machine is made',
    source: GUIDE.variables,
    machine: onlyJsonata(pass({ Output: '{% $states.errorOutput %}' })),
    expect: refused('$states.errorOutput'),
  },
  {
    name: 'what is no JSONata is found when the machine is made',
    source: GUIDE.jsonata,
    machine: onlyJsonata(pass({ Output: '{% 1 + %}' })),
    expect: refused('/States/Only/Output'),
  },
  {
    name: 'a variable of an expression is no variable of the machine',
    source: spec('Expressions'),
    machine: jsonata({
      First: pass({ Output: '{% ($x := 1; $x) %}', Next: 'Second' }),
      Second: pass({ Output: '{% $exists($x) %}', End: true }),
    }),
    expect: ends(false),
  },
];
