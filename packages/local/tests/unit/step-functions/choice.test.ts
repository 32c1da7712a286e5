import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holds } from '../../../src/step-functions/data/choice-rule.ts';
import type { Json } from '../../../src/step-functions/data/json.ts';
import { Variables } from '../../../src/step-functions/data/variables.ts';
import { StepFunctionsStage } from '../../helpers/step-functions.ts';

const INPUT = {
  text: 'abc',
  stars: String.raw`a*b\c`,
  five: 5,
  six: 6,
  yes: true,
  nothing: null,
  early: '2026-01-01T00:00:00Z',
  late: '2026-01-01T02:30:00+01:00',
};

const evaluate = (rule: Record<string, unknown>, input: Json = INPUT) =>
  holds(rule, { input, context: { State: { Name: 'S' } }, variables: new Variables() });

const compare = (variable: string, operator: string, operand: unknown) =>
  evaluate({ Variable: variable, [operator]: operand });

describe('A comparison of a Choice rule', () => {
  it.each([
    ['$.text', 'StringEquals', 'abc', true],
    ['$.text', 'StringEquals', 'ABC', false],
    ['$.text', 'StringEqualsPath', '$.text', true],
    ['$.text', 'StringLessThan', 'abd', true],
    ['$.text', 'StringGreaterThan', 'abc', false],
    ['$.text', 'StringLessThanEquals', 'abc', true],
    ['$.text', 'StringGreaterThanEqualsPath', '$.early', true],
    ['$.five', 'StringEquals', '5', false],
    ['$.text', 'StringMatches', 'a*', true],
    ['$.text', 'StringMatches', '*b*', true],
    ['$.text', 'StringMatches', 'ab*bc', false],
    ['$.text', 'StringMatches', 'abc*', true],
    ['$.text', 'StringMatches', '*c*c', false],
    ['$.stars', 'StringMatches', String.raw`a\*b\\*`, true],
    ['$.stars', 'StringMatches', String.raw`a\*c*`, false],
    ['$.text', 'StringMatches', 'a.c', false],
    ['$.text', 'StringMatches', 'a\\*', false],
    ['$.five', 'StringMatches', '*', false],
    ['$.five', 'NumericEquals', 5, true],
    ['$.five', 'NumericLessThan', 5.5, true],
    ['$.five', 'NumericLessThanPath', '$.six', true],
    ['$.five', 'NumericGreaterThan', 5, false],
    ['$.five', 'NumericGreaterThanEquals', 5, true],
    ['$.five', 'NumericLessThanEqualsPath', '$.five', true],
    ['$.text', 'NumericEquals', 5, false],
    ['$.yes', 'BooleanEquals', true, true],
    ['$.yes', 'BooleanEqualsPath', '$.yes', true],
    ['$.nothing', 'BooleanEquals', false, false],
    ['$.late', 'TimestampEquals', '2026-01-01T01:30:00Z', true],
    ['$.early', 'TimestampLessThanPath', '$.late', true],
    ['$.early', 'TimestampGreaterThanEquals', '2026-01-01T00:00:00.001Z', false],
    ['$.text', 'TimestampEquals', '2026-01-01T00:00:00Z', false],
    ['$.nothing', 'IsNull', true, true],
    ['$.text', 'IsNull', true, false],
    ['$.text', 'IsNull', false, true],
    ['$.five', 'IsNumeric', true, true],
    ['$.five', 'IsString', true, false],
    ['$.yes', 'IsBoolean', true, true],
    ['$.early', 'IsTimestamp', true, true],
    ['$.text', 'IsTimestamp', true, false],
    ['$.none', 'IsPresent', false, true],
    ['$.none.x', 'IsPresent', true, false],
    ['$.nothing', 'IsPresent', true, true],
    ['$$.State.Name', 'StringEquals', 'S', true],
  ])('%s %s %j is %s', (variable, operator, operand, result) => {
    expect(compare(variable, operator, operand)).toBe(result);
  });

  it('takes an escaped asterisk for itself', () => {
    const rule = { Variable: '$', StringMatches: 'a\\**\\\\' };

    expect(['a*\\', 'a*x\\', 'ab\\'].map((text) => evaluate(rule, text))).toEqual([true, true, false]);
  });

  it('joins by And, Or and Not', () => {
    const five = { Variable: '$.five', NumericEquals: 5 };
    const six = { Variable: '$.five', NumericEquals: 6 };

    expect(evaluate({ And: [five, { Not: six }] })).toBe(true);
    expect(evaluate({ And: [five, six] })).toBe(false);
    expect(evaluate({ Or: [six, five] })).toBe(true);
    expect(evaluate({ Not: { Or: [six, five] } })).toBe(false);
  });
});

describe('Choice', () => {
  let stage: StepFunctionsStage;
  beforeEach(() => {
    stage = new StepFunctionsStage();
  });
  afterEach(() => stage.close());

  const choosing = (more: Record<string, unknown> = {}) => ({
    StartAt: 'Choose',
    States: {
      Choose: {
        Type: 'Choice',
        InputPath: '$.in',
        Choices: [
          { Variable: '$.n', NumericGreaterThan: 5, Next: 'Large' },
          { Variable: '$.n', NumericGreaterThan: 3, Next: 'Medium' },
        ],
        ...more,
      },
      Large: { Type: 'Pass', Result: 'large', End: true },
      Medium: { Type: 'Pass', Parameters: { 'medium.$': '$.n' }, End: true },
      Other: { Type: 'Succeed', OutputPath: '$.n' },
    },
  });

  it.each([
    [6, 'large'],
    [5, { medium: 5 }],
    [1, 1],
  ])('goes on with %j to %j: the first rule that holds, or Default', async (n, output) => {
    const ended = await stage.run(choosing({ Default: 'Other' }), { in: { n } });

    expect(ended.output).toEqual(output);
  });

  it('fails with States.NoChoiceMatched when no rule holds and there is no Default', async () => {
    const rules = [
      { Variable: '$.n', NumericGreaterThan: 5, Next: 'Large' },
      { Variable: '$.n', NumericGreaterThan: 3, Next: 'Medium' },
      { Variable: '$.n', NumericLessThan: 0, Next: 'Other' },
    ];
    const ended = await stage.run(choosing({ Choices: rules }), { in: { n: 1 } });

    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
  });

  it('fails with States.Runtime when a variable leads nowhere', async () => {
    const ended = await stage.run(choosing({ Default: 'Other' }), { in: {} });

    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(ended.cause).toContain("Invalid path '$.n'");
  });
});
