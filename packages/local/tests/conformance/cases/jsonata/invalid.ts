import { type Case, GUIDE, refused, spec } from '../../case.ts';
import { jsonata, jsonataTask, onlyJsonata, pass, task } from '../../machines.ts';

const TABLE = spec('Table of State Types and Fields (JSONata)');

const invalid = (name: string, source: string, definition: Case['machine'], ...texts: readonly string[]): Case => ({
  name,
  source,
  machine: definition,
  expect: refused(...texts),
});

/** Each of them belongs to JSONPath. */
const FIELDS = { InputPath: '$.a', OutputPath: '$.a', ResultPath: '$.a', Parameters: { a: 1 }, Result: 1 };

export const cases: readonly Case[] = [
  ...Object.entries(FIELDS).map(([name, value]) =>
    invalid(`${name} is no field of Pass`, GUIDE.jsonata, onlyJsonata(pass({ [name]: value }))),
  ),
  invalid('Parameters is no field of Task', GUIDE.jsonata, onlyJsonata(task())),
  invalid('ResultSelector is no field of Task', GUIDE.jsonata, onlyJsonata(jsonataTask({ ResultSelector: { a: 1 } }))),
  invalid(
    'TimeoutSecondsPath is no field of Task',
    spec('Timeouts'),
    onlyJsonata(jsonataTask({ TimeoutSecondsPath: '$.t' })),
  ),
  invalid('Output is no field of Fail', TABLE, onlyJsonata({ Type: 'Fail', Output: 1 })),
  invalid('Assign is no field of Succeed', TABLE, onlyJsonata({ Type: 'Succeed', Assign: { x: 1 } })),
  invalid('Assign is no field of Fail', TABLE, onlyJsonata({ Type: 'Fail', Assign: { x: 1 } })),
  invalid('Arguments is no field of Pass', TABLE, onlyJsonata(pass({ Arguments: { x: 1 } }))),
  invalid('Assign is an object', spec('Using Assign'), onlyJsonata(pass({ Assign: 'x' }))),
  invalid('Next must name a state', spec('Transitions'), jsonata({ A: pass({ Next: 'B' }) }), 'B'),
  invalid(
    'StartAt must name a state',
    spec('Top-level fields'),
    { QueryLanguage: 'JSONata', StartAt: 'B', States: { A: { Type: 'Succeed' } } },
    'B',
  ),
];
