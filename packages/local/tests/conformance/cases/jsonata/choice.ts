import { type Case, ends, failed, GUIDE, recorded, refused, spec } from '../../case.ts';
import { jsonata, pass } from '../../machines.ts';

const RULES = spec('JSONata Choice Rules');

const yes = { Type: 'Pass', Output: 'yes', End: true };
const no = { Type: 'Pass', Output: 'no', End: true };

const choosing = (condition: unknown, more: Record<string, unknown> = {}) =>
  jsonata({
    Choose: { Type: 'Choice', Choices: [{ Condition: condition, Next: 'Yes' }], Default: 'No', ...more },
    Yes: yes,
    No: no,
  });

/** Several inputs for one condition. */
const condition = (source: string, text: string, ...inputs: readonly (readonly [unknown, boolean])[]) =>
  inputs.map(
    ([input, holds]): Case => ({
      name: `${text} of ${JSON.stringify(input)} is ${String(holds)}`,
      source,
      machine: choosing(`{% ${text} %}`),
      input,
      expect: ends(holds ? 'yes' : 'no'),
    }),
  );

/** The example of the specification. */
const DISPATCH = jsonata({
  Set: pass({ Assign: { value: '{% $states.input.value %}' }, Next: 'DispatchEvent' }),
  DispatchEvent: {
    Type: 'Choice',
    Choices: [
      { Condition: "{% $states.input.type != 'Private' %}", Next: 'Show' },
      {
        Condition: "{% $exists($value) and $type($value)='number' and $value>=20 and $value<30 %}",
        Assign: { range: 'twenties' },
        Next: 'Show',
      },
      {
        Condition: '{% $states.input.rating >= $states.input.auditThreshold %}',
        Output: { excess: '{% $states.input.rating - $states.input.auditThreshold %}' },
        Next: 'Show',
      },
    ],
    Default: 'Show',
    Assign: { range: 'default' },
  },
  Show: pass({
    Output: { in: '{% $states.input %}', range: "{% $type($range) = 'string' ? $range : 'none' %}" },
    End: true,
  }),
});

const dispatch = (name: string, input: unknown, output: unknown): Case => ({
  name,
  source: RULES,
  machine: DISPATCH,
  input,
  expect: ends(output),
});

export const cases: readonly Case[] = [
  dispatch(
    'the first rule whose condition is true is taken',
    { type: 'Public', value: 23 },
    { in: { type: 'Public', value: 23 }, range: 'none' },
  ),
  dispatch(
    'Assign of the rule that is chosen is evaluated',
    { type: 'Private', value: 23 },
    { in: { type: 'Private', value: 23 }, range: 'twenties' },
  ),
  dispatch(
    'Output of the rule that is chosen is the output, and Assign of the state is not evaluated',
    { type: 'Private', value: 0, rating: 5, auditThreshold: 3 },
    { in: { excess: 2 }, range: 'none' },
  ),
  dispatch(
    'Assign of the state is evaluated when no rule is chosen',
    { type: 'Private', value: 0, rating: 1, auditThreshold: 3 },
    { in: { type: 'Private', value: 0, rating: 1, auditThreshold: 3 }, range: 'default' },
  ),
  ...condition(RULES, '$states.input.a > 3', [{ a: 4 }, true], [{ a: 3 }, false]),
  ...condition(GUIDE.choice, '$exists($states.input.a)', [{ a: null }, true], [{}, false]),
  ...condition(GUIDE.choice, "$states.input.type in ['a', 'b']", [{ type: 'b' }, true], [{ type: 'c' }, false]),
  {
    name: 'Condition may be a constant',
    source: recorded('scenarios test_choice_condition_constant_jsonata'),
    machine: choosing(true),
    expect: ends('yes'),
  },
  {
    name: 'Output of the state is the output when no rule is chosen',
    source: recorded('outputdecl test_output_in_choice[CONDITION_FALSE]'),
    machine: jsonata({
      Choose: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input.condition %}', Output: 'rule', Next: 'End' }],
        Default: 'End',
        Output: 'default',
      },
      End: { Type: 'Succeed' },
    }),
    input: { condition: false },
    expect: ends('default'),
  },
  {
    name: 'a condition that is no boolean fails with States.QueryEvaluationError',
    source: RULES,
    machine: choosing('{% $states.input.a %}'),
    input: { a: 'true' },
    expect: failed('States.QueryEvaluationError', 'Condition'),
  },
  {
    name: 'a condition that is nothing fails with States.QueryEvaluationError',
    source: spec('JSONata Runtime Errors'),
    machine: choosing('{% $states.input.none %}'),
    expect: failed('States.QueryEvaluationError', 'returned nothing (undefined)'),
  },
  {
    name: 'neither a rule nor Default: States.NoChoiceMatched',
    source: GUIDE.choice,
    machine: jsonata({ Choose: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'Yes' }] }, Yes: yes }),
    expect: failed('States.NoChoiceMatched'),
  },
  {
    name: 'a rule must have a condition',
    source: RULES,
    machine: jsonata({ Choose: { Type: 'Choice', Choices: [{ Next: 'Yes' }] }, Yes: yes }),
    expect: refused(),
  },
  {
    name: 'comparisons by Variable belong to JSONPath',
    source: GUIDE.choice,
    machine: jsonata({
      Choose: { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, Next: 'Yes' }] },
      Yes: yes,
    }),
    expect: refused(),
  },
];
