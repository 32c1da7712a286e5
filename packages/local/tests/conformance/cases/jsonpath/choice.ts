import { type Case, ends, failed, GUIDE, recorded, refused, spec } from '../../case.ts';
import { machine } from '../../machines.ts';

const RULES = spec('JSONPath Choice Rules');
const BOOLEAN = spec('Boolean expression for JSONPath Choice Rules');
const DATA_TEST = spec('Data-test expression for JSONPath Choice Rules');

const yes = { Type: 'Pass', Result: 'yes', End: true };
const no = { Type: 'Pass', Result: 'no', End: true };

const choosing = (...rules: readonly Record<string, unknown>[]) =>
  machine({
    Choose: { Type: 'Choice', Choices: rules.map((rule) => ({ ...rule, Next: 'Yes' })), Default: 'No' },
    Yes: yes,
    No: no,
  });

/** Several inputs for one rule, which takes one definition. */
const rule = (
  source: string,
  name: string,
  test: Record<string, unknown>,
  ...inputs: readonly (readonly [unknown, boolean])[]
) =>
  inputs.map(
    ([input, holds]): Case => ({
      name: `${name}: ${JSON.stringify(input)} ${holds ? 'holds' : 'does not hold'}`,
      source,
      machine: choosing(test),
      input,
      expect: ends(holds ? 'yes' : 'no'),
    }),
  );

/** The example of the specification. */
const DISPATCH = machine({
  DispatchEvent: {
    Type: 'Choice',
    Choices: [
      { Not: { Variable: '$.type', StringEquals: 'Private' }, Next: 'Public' },
      {
        And: [
          { Variable: '$.value', IsPresent: true },
          { Variable: '$.value', IsNumeric: true },
          { Variable: '$.value', NumericGreaterThanEquals: 20 },
          { Variable: '$.value', NumericLessThan: 30 },
        ],
        Next: 'Twenties',
      },
      { Variable: '$.rating', NumericGreaterThanPath: '$.auditThreshold', Next: 'Audit' },
    ],
    Default: 'Record',
  },
  Public: { Type: 'Pass', Result: 'public', End: true },
  Twenties: { Type: 'Pass', Result: 'twenties', End: true },
  Audit: { Type: 'Pass', Result: 'audit', End: true },
  Record: { Type: 'Pass', Result: 'record', End: true },
});

const dispatch = (name: string, input: unknown, output: unknown): Case => ({
  name,
  source: RULES,
  machine: DISPATCH,
  input,
  expect: ends(output),
});

export const cases: readonly Case[] = [
  dispatch('Not: the rule holds when its test does not', { type: 'Public' }, 'public'),
  dispatch('And: all of its tests must hold', { type: 'Private', value: 22 }, 'twenties'),
  dispatch('the first rule that holds is taken', { type: 'Public', value: 22 }, 'public'),
  dispatch(
    'an operator with Path compares with another field',
    { type: 'Private', rating: 5, auditThreshold: 4 },
    'audit',
  ),
  dispatch('Default is taken when no rule holds', { type: 'Private', rating: 1, auditThreshold: 4 }, 'record'),
  dispatch(
    'And stops at the first test that does not hold',
    { type: 'Private', value: null, rating: 0, auditThreshold: 0 },
    'record',
  ),
  ...rule(
    BOOLEAN,
    'Or',
    {
      Or: [
        { Variable: '$', NumericEquals: 1 },
        { Variable: '$', StringEquals: 'x' },
      ],
    },
    [1, true],
    ['x', true],
    [2, false],
  ),
  ...rule(
    DATA_TEST,
    'StringMatches foo*.log',
    { Variable: '$', StringMatches: 'foo*.log' },
    ['foo23.log', true],
    ['zebra.log', false],
  ),
  ...rule(
    DATA_TEST,
    'StringMatches foo*.*',
    { Variable: '$', StringMatches: 'foo*.*' },
    ['foobar.zebra', true],
    ['foobar', false],
  ),
  ...rule(
    DATA_TEST,
    'StringMatches with an escaped asterisk',
    { Variable: '$', StringMatches: 'a\\*b' },
    ['a*b', true],
    ['axb', false],
  ),
  ...rule(
    DATA_TEST,
    'strings are compared without case folding',
    { Variable: '$', StringEquals: 'a' },
    ['a', true],
    ['A', false],
  ),
  ...rule(
    DATA_TEST,
    'values of another type do not equal',
    { Variable: '$', NumericEquals: 5 },
    ['5', false],
    [5, true],
  ),
  ...rule(
    DATA_TEST,
    'timestamps are compared as times',
    { Variable: '$', TimestampLessThan: '2016-03-14T01:59:00Z' },
    ['2016-03-14T02:58:59+01:00', true],
    ['2016-03-14T01:59:00Z', false],
    ['yesterday', false],
  ),
  ...rule(
    recorded('choice_operators test_is_null'),
    'IsNull',
    { Variable: '$.v', IsNull: true },
    [{ v: null }, true],
    [{ v: 0 }, false],
  ),
  ...rule(DATA_TEST, 'IsPresent', { Variable: '$.v', IsPresent: true }, [{ v: null }, true], [{}, false]),
  ...rule(
    DATA_TEST,
    'IsTimestamp',
    { Variable: '$.v', IsTimestamp: true },
    [{ v: '2016-03-14T01:59:00Z' }, true],
    [{ v: '2016-03-14 01:59:00' }, false],
  ),
  {
    name: 'neither a rule nor Default: States.NoChoiceMatched',
    source: DATA_TEST,
    machine: machine({
      Choose: { Type: 'Choice', Choices: [{ Variable: '$.a', BooleanEquals: true, Next: 'Yes' }] },
      Yes: yes,
    }),
    input: { a: false },
    expect: failed('States.NoChoiceMatched'),
  },
  {
    name: 'a variable that is not there fails with States.Runtime',
    source: GUIDE.choice,
    machine: choosing({ Variable: '$.none', StringEquals: 'x' }),
    expect: failed('States.Runtime', "Invalid path '$.none'"),
  },
  {
    name: 'a variable may be of the context object',
    source: recorded('context_object test_variable'),
    machine: choosing({ Variable: '$$.Execution.Input.a', NumericEquals: 1 }),
    input: { a: 1 },
    expect: ends('yes'),
  },
  {
    name: 'the state hands its input on, as InputPath and OutputPath choose',
    source: GUIDE.choice,
    machine: machine({
      Choose: {
        Type: 'Choice',
        InputPath: '$.in',
        OutputPath: '$.out',
        Choices: [{ Variable: '$.a', NumericEquals: 1, Next: 'End' }],
      },
      End: { Type: 'Succeed' },
    }),
    input: { in: { a: 1, out: 'done' } },
    expect: ends('done'),
  },
  {
    name: 'a rule at the top must have Next',
    source: spec('Choice State'),
    machine: machine({
      Choose: { Type: 'Choice', Choices: [{ Variable: '$', NumericEquals: 1 }], Default: 'No' },
      No: no,
    }),
    expect: refused(),
  },
  {
    name: 'Choices must not be empty',
    source: spec('Choice State'),
    machine: machine({ Choose: { Type: 'Choice', Choices: [], Default: 'No' }, No: no }),
    expect: refused(),
  },
  {
    name: 'Next of a rule must name a state',
    source: spec('Choice State'),
    machine: machine({
      Choose: { Type: 'Choice', Choices: [{ Variable: '$', NumericEquals: 1, Next: 'Nowhere' }], Default: 'No' },
      No: no,
    }),
    expect: refused('Nowhere'),
  },
];
