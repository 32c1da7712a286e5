import { type Case, ends, recorded, spec } from '../../case.ts';
import { machine, only, pass } from '../../machines.ts';

const PATHS = spec('Reference Paths');

/** The examples of the specification: where a result goes, from there it is read. */
const placed = (path: string, output: unknown): Case => ({
  name: `${path} is a reference path`,
  source: PATHS,
  machine: machine({
    Put: pass({ Result: 1, ResultPath: path, Next: 'Get' }),
    Get: pass({ Parameters: { 'all.$': '$', 'one.$': path }, End: true }),
  }),
  expect: ends({ all: output, one: 1 }),
});

export const cases: readonly Case[] = [
  placed('$.store.book', { store: { book: 1 } }),
  placed('$.store\\.book', { 'store.book': 1 }),
  placed('$.\\stor\\e.boo\\k', { store: { book: 1 } }),
  placed('$.foo.\\.bar', { foo: { '.bar': 1 } }),
  placed('$.foo\\@bar.baz\\[\\[.\\?pretty', { 'foo@bar': { 'baz[[': { '?pretty': 1 } } }),
  placed('$.&Ж中.\uD800\uDF46', { '&Ж中': { '\uD800\uDF46': 1 } }),
  placed("$['store']['book']", { store: { book: 1 } }),
  {
    name: '$.ledgers.branch[0].pending.count leads through a list',
    source: PATHS,
    machine: only(pass({ Result: 1, ResultPath: '$.ledgers.branch[0].pending.count' })),
    input: { ledgers: { branch: [{ pending: { count: 0 } }, 'other'] } },
    expect: ends({ ledgers: { branch: [{ pending: { count: 1 } }, 'other'] } }),
  },
  {
    name: '$.ledgers[0][22][315].foo leads through lists of lists',
    source: PATHS,
    machine: only(pass({ InputPath: '$.ledgers[0][2][1].foo' })),
    input: { ledgers: [[0, 1, [{}, { foo: 'bar' }]]] },
    expect: ends('bar'),
  },
  {
    name: "$['store'][0]['book'] mixes names and indices",
    source: PATHS,
    machine: only(pass({ InputPath: "$['store'][0]['book']" })),
    input: { store: [{ book: 'b' }] },
    expect: ends('b'),
  },
  {
    name: 'a backslash before the other quote is a backslash',
    source: recorded('scenarios test_escape_sequence_parsing[ESCAPE_SEQUENCES_JSONPATH]'),
    machine: only(pass({ Parameters: { 'value.$': `$['Test\\""Name"']` } })),
    input: { 'Test\\""Name"': 'Value"\\' },
    expect: ends({ value: 'Value"\\' }),
  },
  {
    name: 'ItemsPath may lead into the context object',
    source: recorded('context_object test_items_path'),
    machine: only({
      Type: 'Map',
      ItemsPath: '$$.Execution.Input.items',
      ItemProcessor: machine({ Item: pass({ End: true }) }),
    }),
    input: { items: ['item-0'] },
    expect: ends(['item-0']),
  },
  {
    name: 'OutputPath may lead into the context object',
    source: recorded('context_object test_output_path[$$.Execution.Input]'),
    machine: only(pass({ Result: 'x', OutputPath: '$$.Execution.Input' })),
    input: { 'input-value': 0 },
    expect: ends({ 'input-value': 0 }),
  },
  {
    name: 'a filter compares fields of the items',
    source: spec('Paths'),
    machine: only(pass({ InputPath: '$.items[?(@.price < 10 && @.name != "b")].name' })),
    input: {
      items: [
        { name: 'a', price: 1 },
        { name: 'b', price: 2 },
        { name: 'c', price: 20 },
      ],
    },
    expect: ends(['a']),
  },
  {
    name: 'a filter finds items that have a field',
    source: spec('Paths'),
    machine: only(pass({ InputPath: '$.items[?(@.isbn)]' })),
    input: { items: [{ isbn: 1 }, { name: 'b' }] },
    expect: ends([{ isbn: 1 }]),
  },
  {
    name: 'a wildcard gives the values of an object',
    source: spec('Paths'),
    machine: only(pass({ InputPath: '$.prices.*' })),
    input: { prices: { a: 1, b: 2 } },
    expect: ends([1, 2]),
  },
];
