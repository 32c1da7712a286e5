import { type Case, ends, failed, GUIDE, recorded, refused, returns, spec } from '../../case.ts';
import { only, pass, task } from '../../machines.ts';

const TEMPLATE = spec('Payload Template');

const parameters = (name: string, source: string, template: unknown, input: unknown, output: unknown): Case => ({
  name,
  source,
  machine: only(pass({ Parameters: template })),
  input,
  expect: ends(output),
});

export const cases: readonly Case[] = [
  parameters(
    'a template without paths is the payload',
    TEMPLATE,
    { first: 88, second: 99 },
    {},
    { first: 88, second: 99 },
  ),
  parameters(
    'fields that end in .$ are replaced, however deep, and lose the ending',
    TEMPLATE,
    { flagged: true, parts: { 'first.$': '$.vals[0]', 'last3.$': '$.vals[-3:]' } },
    { flagged: 7, vals: [0, 10, 20, 30, 40, 50] },
    { flagged: true, parts: { first: 0, last3: [30, 40, 50] } },
  ),
  parameters(
    'fields in lists of objects are replaced too',
    TEMPLATE,
    { list: [{ 'a.$': '$.a' }, { b: 1 }, 'plain'] },
    { a: 'x' },
    { list: [{ a: 'x' }, { b: 1 }, 'plain'] },
  ),
  parameters(
    'a path in a field without the ending is text',
    TEMPLATE,
    { a: '$.a', b: '$$.Execution.Id' },
    { a: 1 },
    { a: '$.a', b: '$$.Execution.Id' },
  ),
  parameters('$$ takes from the context object', TEMPLATE, { 'name.$': '$$.State.Name' }, {}, { name: 'Only' }),
  parameters(
    'what does not begin with $ is an intrinsic function',
    TEMPLATE,
    { 'greeting.$': "States.Format('Welcome to {} {}\\'s playlist.', $.firstName, $.lastName)" },
    { firstName: 'Ada', lastName: 'Byron' },
    { greeting: "Welcome to Ada Byron's playlist." },
  ),
  parameters('$ is the whole input', TEMPLATE, { 'all.$': '$' }, { a: [1] }, { all: { a: [1] } }),
  parameters(
    'a field named Comment is a field like others',
    recorded('comments test_comment_in_parameters'),
    { Comment: 'Comment text', comment: 'comment text', constant: 'constant text' },
    {},
    { Comment: 'Comment text', comment: 'comment text', constant: 'constant text' },
  ),
  {
    name: 'the input of the template is what InputPath chose',
    source: spec('Using InputPath, Parameters, ResultSelector, ResultPath and OutputPath'),
    machine: only(pass({ InputPath: '$.a', Parameters: { 'b.$': '$.b', 'whole.$': '$' } })),
    input: { a: { b: 1 }, b: 2 },
    expect: ends({ b: 1, whole: { b: 1 } }),
  },
  {
    name: 'a path that finds nothing fails with States.Runtime, naming field and path',
    source: recorded('base_scenarios test_invalid_jsonpath[INVALID_JSONPATH_IN_STRING_EXPR_JSONPATH]'),
    machine: only(pass({ Parameters: { 'value.$': '$.no_such_jsonpath' } })),
    input: { 'int-literal': 0 },
    expect: failed(
      'States.Runtime',
      "The JSONPath '$.no_such_jsonpath' specified for the field 'value.$' could not be found in the input '{",
    ),
  },
  {
    name: 'a path that finds nothing in the context object fails so too',
    source: recorded('base_scenarios test_invalid_jsonpath[INVALID_JSONPATH_IN_STRING_EXPR_CONTEXTPATH]'),
    machine: only(pass({ Parameters: { 'value.$': '$$.Execution.Input.no_such_jsonpath' } })),
    expect: failed(
      'States.Runtime',
      "The JSONPath '$$.Execution.Input.no_such_jsonpath' specified for the field 'value.$'",
    ),
  },
  {
    name: 'two fields must not have one name without the ending',
    source: TEMPLATE,
    machine: only(pass({ Parameters: { a: 1, 'a.$': '$.a' } })),
    expect: refused(),
  },
  {
    name: 'a field that ends in .$ must hold a path or an intrinsic function',
    source: TEMPLATE,
    machine: only(pass({ Parameters: { 'a.$': 'plain text' } })),
    expect: refused('a.$'),
  },
  {
    name: 'an open escape in an intrinsic function is refused',
    source: recorded('base_scenarios test_illegal_escapes'),
    machine: only(pass({ Parameters: { 'parsed.$': "States.Format('He said, \\\"Hello, {}!\\\"', 'Ada')" } })),
    expect: refused('parsed.$'),
  },
  {
    name: 'Parameters of a Task is what the task is given',
    source: GUIDE.paths,
    machine: only(task({ Parameters: { FunctionName: 'fn', Payload: { static: 'Hello', 'title.$': '$.title' } } })),
    input: { title: 'Doctor' },
    expect: { status: 'SUCCEEDED', payloads: [{ static: 'Hello', title: 'Doctor' }] },
  },
  {
    name: 'ResultSelector is filled from the result',
    source: GUIDE.paths,
    machine: only(
      task({ ResultSelector: { 'id.$': '$.Payload.id', 'code.$': '$.StatusCode', fixed: 1 }, OutputPath: '$' }),
    ),
    input: { in: 1 },
    functions: { fn: [returns({ id: 'x' })] },
    expect: ends({ id: 'x', code: 200, fixed: 1 }),
  },
  {
    name: 'ResultSelector sees the context object',
    source: recorded('context_object test_result_selector'),
    machine: only(task({ ResultSelector: { 'in.$': '$$.Execution.Input' }, OutputPath: '$' })),
    input: { a: 1 },
    expect: ends({ in: { a: 1 } }),
  },
  {
    name: 'what ResultSelector makes goes where ResultPath says',
    source: spec('Using InputPath, Parameters, ResultSelector, ResultPath and OutputPath'),
    machine: only(task({ ResultSelector: { 'sum.$': '$.Payload' }, ResultPath: '$.result', OutputPath: '$' })),
    input: { val1: 3 },
    functions: { fn: [returns(7)] },
    expect: ends({ val1: 3, result: { sum: 7 } }),
  },
  {
    name: 'a path in ResultSelector that finds nothing fails with States.Runtime',
    source: GUIDE.errors,
    machine: only(task({ ResultSelector: { 'x.$': '$.Payload.none' } })),
    functions: { fn: [returns({})] },
    expect: failed('States.Runtime', "'$.Payload.none'"),
  },
];
