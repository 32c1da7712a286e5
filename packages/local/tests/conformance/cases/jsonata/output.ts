import { type Case, ends, GUIDE, recorded, returns, spec } from '../../case.ts';
import { jsonata, jsonataTask, onlyJsonata, pass } from '../../machines.ts';

const EVALUATION = spec('JSONata Evaluation');
const USING = spec('Using Arguments and Output');
const ANY = recorded('outputdecl test_base_output_any_non_dict');

const output = (name: string, source: string, template: unknown, input: unknown, value: unknown): Case => ({
  name,
  source,
  machine: onlyJsonata(pass({ Output: template })),
  input,
  expect: ends(value),
});

const ORDER = { order: { total: [1, 2, 3], items: [{ price: 5 }, { price: 20 }] }, type: 'Private' };

export const cases: readonly Case[] = [
  output('one expression makes the whole output', EVALUATION, '{% $states.input.order.total %}', ORDER, [1, 2, 3]),
  output(
    'an expression may make an object',
    EVALUATION,
    "{% { 'avg': $average($states.input.order.total), 'num': $count($states.input.order.total) } %}",
    ORDER,
    { avg: 2, num: 3 },
  ),
  output(
    'expressions may stand in fields and in lists, however deep',
    EVALUATION,
    { type: '{% $states.input.type %}', deep: { values: [1, '{% $sum($states.input.order.total) %}', 'three'] } },
    ORDER,
    { type: 'Private', deep: { values: [1, 6, 'three'] } },
  ),
  output(
    'names of fields are not evaluated',
    EVALUATION,
    { '{% 1 %}': '{% 1 %}', 'a.$': '$.a' },
    {},
    { '{% 1 %}': 1, 'a.$': '$.a' },
  ),
  output('null is an output', ANY, null, {}, null),
  output('a number is an output', ANY, 0.1, {}, 0.1),
  output('a boolean is an output', ANY, true, {}, true),
  output('a text is an output', ANY, 'string literal', {}, 'string literal'),
  output('a list is an output', ANY, [null, 0, 'string', [], '$nosuchvar', '{% $states.input %}'], { a: 1 }, [
    null,
    0,
    'string',
    [],
    '$nosuchvar',
    { a: 1 },
  ]),
  output('an empty object is an output', recorded('outputdecl test_base_cases[BASE_EMPTY]'), {}, { a: 1 }, {}),
  output(
    'a text that does not begin with {% is a text',
    recorded('outputdecl test_base_cases[BASE_LITERALS]'),
    ' {% $states.input %} ',
    {},
    ' {% $states.input %} ',
  ),
  output(
    'a text that does not end with %} is a text',
    spec('Expressions'),
    '{% $states.input %} and more',
    {},
    '{% $states.input %} and more',
  ),
  output(
    'what looks like a path is a text',
    recorded('outputdecl test_base_cases[BASE_LITERALS]'),
    '$.input_value',
    {},
    '$.input_value',
  ),
  output('an expression may go without blanks', spec('Expressions'), '{%$states.input.a%}', { a: 7 }, 7),
  output('an expression may have several lines', spec('Expressions'), '{%\n  $states.input.a\n  + 1\n%}', { a: 7 }, 8),
  output('an expression may be null', GUIDE.jsonata, '{% null %}', {}, null),
  output(
    'single quotes and double quotes make texts',
    recorded('evaluate_jsonata test_base_jsonata_regular_expressions'),
    `{% 'a' & "b" %}`,
    {},
    'ab',
  ),
  output(
    'functions may be defined in an expression',
    spec('Expressions'),
    '{% ($product := function($x, $y) {$x * $y}; $reduce([1..5], $product)) %}',
    {},
    120,
  ),
  output(
    'nested names refer to the value at hand',
    spec('JSONata Restrictions'),
    '{% $states.input.order.items[price > 10].price %}',
    ORDER,
    20,
  ),
  output(
    '$ nested in an expression is the value at hand',
    spec('JSONata Restrictions'),
    '{% $states.input.order.total[$ > 1] %}',
    ORDER,
    [2, 3],
  ),
  output('a sequence of one is its item', GUIDE.jsonata, '{% $states.input.order.total[$ > 2] %}', ORDER, 3),
  output('brackets keep a list a list', GUIDE.jsonata, '{% [$states.input.order.total[$ > 2]] %}', ORDER, [3]),
  {
    name: 'without Output a Pass state hands its input on',
    source: spec('JSONata Pass State'),
    machine: onlyJsonata(pass()),
    input: { a: 1 },
    expect: ends({ a: 1 }),
  },
  {
    name: 'Output of a Pass state may look whether something is there',
    source: spec('JSONata Pass State'),
    machine: onlyJsonata(
      pass({ Output: { additional: '{% $exists($states.input.moreData) ? $states.input.moreData : {} %}' } }),
    ),
    expect: ends({ additional: {} }),
  },
  {
    name: 'the output of a state is the input of the next',
    source: USING,
    machine: jsonata({
      First: pass({ Output: { n: 1 }, Next: 'Second' }),
      Second: pass({ Output: '{% $states.input.n + 1 %}', End: true }),
    }),
    expect: ends(2),
  },
  {
    name: 'Succeed may have an Output',
    source: spec('Succeed State'),
    machine: onlyJsonata({ Type: 'Succeed', Output: '{% $states.input.a %}' }),
    input: { a: 1 },
    expect: ends(1),
  },
  {
    name: 'Succeed without Output hands its input on',
    source: GUIDE.succeed,
    machine: onlyJsonata({ Type: 'Succeed' }),
    input: [1],
    expect: ends([1]),
  },
  {
    name: 'Arguments is what the task is given',
    source: USING,
    machine: onlyJsonata(
      jsonataTask({
        Arguments: {
          FunctionName: 'fn',
          Payload: { static: 'Hello', title: '{% $states.input.title %}', 'not-evaluated': '$customerName' },
        },
      }),
    ),
    input: { title: 'Doctor' },
    expect: { status: 'SUCCEEDED', payloads: [{ static: 'Hello', title: 'Doctor', 'not-evaluated': '$customerName' }] },
  },
  {
    name: 'Arguments may be one expression',
    source: USING,
    machine: onlyJsonata(jsonataTask({ Arguments: "{% {'FunctionName': 'fn', 'Payload': $states.input} %}" })),
    input: { a: 1 },
    expect: { status: 'SUCCEEDED', payloads: [{ a: 1 }] },
  },
  {
    name: 'without Output the result is the output',
    source: USING,
    machine: onlyJsonata(jsonataTask({ Output: undefined })),
    functions: { fn: [returns(7)] },
    expect: ends({ ExecutedVersion: '$LATEST', Payload: 7, StatusCode: 200 }),
  },
  {
    name: 'Output sees the result and the input',
    source: spec('Reserved "states" Variable with JSONata'),
    machine: onlyJsonata(
      jsonataTask({
        Output: { customer: '{% $states.input.customer %}', status: '{% $states.result.Payload.status %}' },
      }),
    ),
    input: { customer: 'Ada' },
    functions: { fn: [returns({ status: 'ok' })] },
    expect: ends({ customer: 'Ada', status: 'ok' }),
  },
];
