import { type Case, GUIDE, recorded, refused, spec } from '../../case.ts';
import { caught, jsonataTask, machine, only, pass, task } from '../../machines.ts';

const TOP = spec('Top-level fields');
const STATES = spec('States');
const TRANSITIONS = spec('Transitions');

const invalid = (name: string, source: string, definition: Case['machine'], ...texts: readonly string[]): Case => ({
  name,
  source,
  machine: definition,
  expect: refused(...texts),
});

export const cases: readonly Case[] = [
  invalid('StartAt is required', TOP, { States: { A: { Type: 'Succeed' } } }, 'StartAt'),
  invalid('StartAt must name a state', TOP, { StartAt: 'B', States: { A: { Type: 'Succeed' } } }, 'B'),
  invalid('States is required', TOP, { StartAt: 'A' }, 'States'),
  invalid('QueryLanguage is JSONPath or JSONata', TOP, { ...only(pass()), QueryLanguage: 'XPath' }, 'QueryLanguage'),
  invalid(
    'TimeoutSeconds of the machine is an integer',
    TOP,
    { ...only(pass()), TimeoutSeconds: 'soon' },
    'TimeoutSeconds',
  ),
  invalid('Type is required', STATES, only({ End: true }), '/States/Only'),
  invalid('Type must be known', STATES, only({ Type: 'Loop' })),
  invalid('a name has 80 characters at most', STATES, machine({ ['n'.repeat(81)]: pass({ End: true }) })),
  invalid(
    'Next must name a state, in its very letters',
    TRANSITIONS,
    machine({ A: pass({ Next: 'b' }), B: { Type: 'Succeed' } }),
    'b',
  ),
  invalid('Next or End is required', TRANSITIONS, machine({ A: pass() })),
  invalid(
    'Next and End exclude each other',
    TRANSITIONS,
    machine({ A: pass({ Next: 'B', End: true }), B: { Type: 'Succeed' } }),
  ),
  invalid('a machine must be able to end', TRANSITIONS, machine({ A: pass({ Next: 'B' }), B: pass({ Next: 'A' }) })),
  invalid(
    'a Choice state is no end',
    spec('Choice State'),
    machine({
      A: { Type: 'Choice', End: true, Choices: [{ Variable: '$', IsNull: true, Next: 'B' }] },
      B: { Type: 'Succeed' },
    }),
  ),
  invalid(
    'Succeed has no Next',
    spec('Succeed State'),
    machine({ A: { Type: 'Succeed', Next: 'B' }, B: { Type: 'Succeed' } }),
  ),
  invalid('Resource of a Task is required', spec('Task State'), only({ Type: 'Task', Parameters: {} }), '/States/Only'),
  invalid('Parameters is an object', spec('Payload Template'), only(task({ Parameters: 'text' }))),
  invalid('InputPath must be a path', spec('Paths'), only(pass({ InputPath: 'a.b' }))),
  invalid('ResultPath must be a reference path', spec('Reference Paths'), only(pass({ ResultPath: '$.a[*]' }))),
  invalid(
    'ResultPath must not lead into the context object',
    spec('Using InputPath, Parameters, ResultSelector, ResultPath and OutputPath'),
    only(pass({ ResultPath: '$$.a' })),
  ),
  invalid(
    'ResultSelector is no field of Pass',
    spec('Table of State Types and Fields (JSONPath)'),
    only(pass({ ResultSelector: { a: 1 } })),
  ),
  invalid(
    'Retry is no field of Wait',
    spec('Table of State Types and Fields (JSONPath)'),
    only({ Type: 'Wait', Seconds: 1, Retry: [{ ErrorEquals: ['States.ALL'] }] }),
  ),
  invalid('Arguments is no field of a JSONPath state', GUIDE.jsonata, only(jsonataTask())),
  invalid('Output is no field of a JSONPath state', GUIDE.jsonata, only(pass({ Output: {} }))),
  invalid('Catch needs Next', spec('Fallback states'), caught(task({ Catch: [{ ErrorEquals: ['States.ALL'] }] }))),
  invalid(
    'a Choice rule has one comparison',
    spec('Data-test expression for JSONPath Choice Rules'),
    machine({
      A: { Type: 'Choice', Choices: [{ Variable: '$', IsNull: true, IsString: true, Next: 'B' }] },
      B: { Type: 'Succeed' },
    }),
  ),
  invalid(
    'a state must not go back to JSONPath in a JSONata machine',
    recorded('test_sfn_api_validation INVALID_DOWNGRADE_QUERY_LANGUAGE'),
    { ...only(pass({ QueryLanguage: 'JSONPath' })), QueryLanguage: 'JSONata' },
    "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/Only",
  ),
];
