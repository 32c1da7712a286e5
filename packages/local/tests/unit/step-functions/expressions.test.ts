import { describe, expect, it } from 'vitest';
import { parseDefinition } from '../../../src/step-functions/definition/parse-definition.ts';
import { invoke, only } from '../../helpers/step-functions.ts';

const refusal = (definition: unknown): string => {
  try {
    parseDefinition(JSON.stringify(definition));
  } catch (error) {
    return (error as Error).message;
  }
  return 'taken';
};

const pass = (fields: Record<string, unknown>) => only({ Type: 'Pass', ...fields });
const jsonata = (fields: Record<string, unknown>) => only({ Type: 'Pass', QueryLanguage: 'JSONata', ...fields });
const nested = (depth: number): string => (depth === 0 ? '$' : `States.Array(${nested(depth - 1)})`);

const NO_CALL = "The value for the field 'v.$' must be a valid JSONPath or a valid intrinsic function call";

describe('Paths and calls that are not valid', () => {
  it.each([
    ['a path without its root', pass({ InputPath: 'x' }), 'Value is not a valid JSONPath: x at /States/Only/InputPath'],
    ['an open bracket', pass({ InputPath: '$.a[' }), 'Value is not a valid JSONPath'],
    [
      'a template field with a constant',
      pass({ Parameters: { a: { 'v.$': 1 } } }),
      `${NO_CALL} at /States/Only/Parameters/a`,
    ],
    ['a call that is not closed', pass({ Parameters: { 'v.$': 'States.Array(1' } }), NO_CALL],
    ['an open escape', pass({ Parameters: { 'v.$': String.raw`States.Format('\')` } }), NO_CALL],
    ['a function that there is not', pass({ Parameters: { 'v.$': 'States.Nothing()' } }), NO_CALL],
    ['too few arguments', pass({ Parameters: { 'v.$': 'States.ArrayGetItem($)' } }), NO_CALL],
    ['too many arguments', pass({ Parameters: { 'v.$': 'States.UUID(1)' } }), NO_CALL],
    ['eleven calls within each other', pass({ Parameters: { 'v.$': nested(11) } }), NO_CALL],
    ['a field twice', pass({ Parameters: { a: 1, 'a.$': '$' } }), 'A duplicate field will exist'],
    [
      'a ResultPath to many places',
      pass({ ResultPath: '$.a[*]' }),
      'not a Reference Path: $.a[*] at /States/Only/ResultPath',
    ],
    ['a ResultPath into the context object', pass({ ResultPath: '$$.a' }), 'not a Reference Path: $$.a'],
    ['a ResultPath into a variable', pass({ ResultPath: '$a' }), 'not a Reference Path: $a'],
  ])('%s', (_case, definition, message) => {
    expect(refusal(definition)).toContain(message);
  });

  it('are taken up to ten calls within each other', () => {
    expect(refusal(pass({ Parameters: { 'v.$': nested(10) } }))).toBe('taken');
  });
});

describe('JSONata in definitions', () => {
  it.each([
    [
      'an expression that cannot be read',
      jsonata({ Output: { a: ['{% ( %}'] } }),
      'not valid: Expected ")" before end of expression',
    ],
    [
      '$states.result where there is none',
      jsonata({ Output: { a: '{% $states.result.x %}' } }),
      '$states.result is not available in this field at /States/Only/Output/a',
    ],
    [
      '$states.errorOutput outside of Catch',
      jsonata({ Output: '{% $states.errorOutput %}' }),
      '$states.errorOutput is not available in this field at /States/Only/Output',
    ],
    ['Result in a Pass state', jsonata({ Result: 1 }), "Field 'Result' is not supported at /States/Only"],
    ['a field of JSONPath', jsonata({ InputPath: '$' }), '/States/Only'],
    ['a field of JSONata in a JSONPath state', pass({ Output: {} }), '/States/Only'],
    ['another language', pass({ QueryLanguage: 'SQL' }), "'QueryLanguage' must be one of JSONPath, JSONata, not 'SQL'"],
    [
      'a JSONPath state in a JSONata machine',
      { ...pass({ QueryLanguage: 'JSONPath' }), QueryLanguage: 'JSONata' },
      "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
    ],
  ])('%s is refused', (_case, definition, message) => {
    expect(refusal(definition)).toContain('Invalid State Machine Definition');
    expect(refusal(definition)).toContain(message);
  });

  it.each([
    ['of several lines', '{%\n  $states.input\n%}'],
    ['without spaces', '{%1%}'],
    ['with spaces around the marks, which make it a text', ' {% 1 %} '],
    ['that is not closed, and so a text', '{% 1'],
    ['an empty text', ''],
    ['a list', [1, '{% 1 %}']],
    ['a number', 1],
    ['null', null],
  ])('an Output is taken: %s', (_case, Output) => {
    expect(refusal(jsonata({ Output }))).toBe('taken');
  });

  it('is taken in a state of a JSONPath machine, within branches too', () => {
    const inner = {
      StartAt: 'In',
      States: { In: { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% 1 %}', End: true } },
    };

    expect(refusal(only({ Type: 'Parallel', Branches: [inner] }))).toBe('taken');
  });
});

describe('Fields with a wrong value', () => {
  it.each([
    [
      'End of a Choice state',
      { Type: 'Choice', Choices: [{ Variable: '$', IsNull: true, Next: 'Only' }], End: true },
      "Field 'End'",
    ],
    [
      'a field of a rule within a rule',
      { Type: 'Choice', Choices: [{ Not: { Variable: '$', IsNull: true, Foo: 1 }, Next: 'Only' }], End: true },
      "Field 'Foo' is not supported at /States/Only/Choices[0]",
    ],
    [
      'a field of JSONata in a catcher',
      invoke({ Catch: [{ ErrorEquals: ['E'], Next: 'Only', Output: 1 }] }),
      "Field 'Output'",
    ],
    [
      'no error names',
      invoke({ Retry: [{ ErrorEquals: [] }] }),
      'ErrorEquals must not be empty at /States/Only/Retry[0]',
    ],
    [
      'Parameters that are no object',
      { Type: 'Pass', Parameters: [1] },
      'must be an object at /States/Only/Parameters',
    ],
    [
      'a Timestamp that is none',
      { Type: 'Wait', Timestamp: '2026-01-01' },
      'String does not match RFC3339 timestamp at /States/Only/Timestamp',
    ],
    ['a wait of too many seconds', { Type: 'Wait', Seconds: 100_000_000 }, 'Seconds must be at most 99999999'],
  ])('%s is refused', (_case, state, message) => {
    expect(refusal(only(state))).toContain(message);
  });

  it.each([
    [
      'without a Type',
      { StartAt: 'A', States: { A: { End: true } } },
      'These fields are required: [Type] at /States/A',
    ],
    ['that is no object', { StartAt: 'A', States: { A: 1 } }, 'A state must be an object at /States/A'],
    [
      'without a Type, in a branch',
      only({ Type: 'Parallel', Branches: [{ StartAt: 'In', States: { In: {} } }] }),
      'at /States/Only/States/In',
    ],
  ])('a state %s is refused', (_case, definition, message) => {
    expect(refusal(definition)).toContain(message);
  });
});

describe('Variables in definitions', () => {
  const branch = (Assign: unknown) => ({ StartAt: 'In', States: { In: { Type: 'Pass', Assign, End: true } } });

  it.each([
    [
      'a reserved name',
      pass({ Assign: { states: 1 } }),
      "The variable name 'states' is reserved at /States/Only/Assign",
    ],
    ['a name that begins with a digit', pass({ Assign: { '1x': 1 } }), "'1x' is not valid"],
    ['a name with a hyphen', pass({ Assign: { 'a-b.$': '$' } }), "'a-b' is not valid"],
    ['a name of 81 characters', jsonata({ Assign: { ['x'.repeat(81)]: 1 } }), 'is not valid'],
    [
      'a name that an outer scope sets',
      only({ Type: 'Parallel', Assign: { x: 1 }, Branches: [branch({ 'x.$': '$' })] }),
      "The variable name 'x' is in use in an outer scope at /States/In/Assign",
    ],
  ])('%s is refused', (_case, definition, message) => {
    expect(refusal(definition)).toContain(message);
  });

  it('of two branches may have the same name, in any script, 80 characters long', () => {
    const name = 'ü'.repeat(80);
    const state = { Type: 'Parallel', Branches: [branch({ [name]: 1 }), branch({ [name]: 2 })] };

    expect(refusal(only(state))).toContain('A state with this name already exists');
    const other = { StartAt: 'Other', States: { Other: { Type: 'Pass', Assign: { [name]: 2 }, End: true } } };
    expect(refusal(only({ ...state, Branches: [branch({ [name]: 1 }), other] }))).toBe('taken');
  });
});
