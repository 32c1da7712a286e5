import { describe, expect, it } from 'vitest';
import { inputFor, parseTargetInput, type TargetInputFields } from '../../../src/event-bridge/target-input.ts';

const event = {
  id: 'e1',
  'detail-type': 'Test',
  source: 'test',
  time: '2026-01-01T00:00:00Z',
  resources: ['arn:a', 'arn:b'],
  detail: {
    'instance-id': 'i-1',
    state: 'RUNNING',
    rows: 3,
    ok: true,
    quoted: 'say "hi"',
    nested: { a: 'x' },
    items: [{ id: 1 }, { id: 2 }],
  },
};
const delivered = { event, rule: { name: 'r', arn: 'arn:rule/r' }, ingestionTime: '2026-01-01T00:00:01Z' };

const inputOf = (fields: TargetInputFields) => inputFor(parseTargetInput('t', fields), delivered);
const pathsMap = {
  instance: '$.detail.instance-id',
  state: '$.detail.state',
  rows: '$.detail.rows',
  quoted: '$.detail.quoted',
  nested: '$.detail.nested',
  list: '$.resources',
  none: '$.detail.none',
};
const filled = (template: string) =>
  inputOf({ InputTransformer: { InputPathsMap: pathsMap, InputTemplate: template } });

describe('The input of a target', () => {
  it('is the event by default', () => {
    expect(JSON.parse(inputOf({}))).toEqual(event);
  });

  it('is the constant as it was written', () => {
    expect(inputOf({ Input: '{ "a": 1 }' })).toBe('{ "a": 1 }');
  });

  it.each([
    ['$', JSON.stringify(event)],
    ['$.detail.state', '"RUNNING"'],
    ['$.detail.instance-id', '"i-1"'],
    ['$.detail.nested', '{"a":"x"}'],
    ['$.resources[1]', '"arn:b"'],
    ['$.detail.items[*].id', '[1,2]'],
    ['$.detail.nested.*', '["x"]'],
    ['$.detail.none', 'null'],
    ['$.resources.x', 'null'],
    ['$.detail.state.length', 'null'],
  ])('is what is at %s', (InputPath, text) => {
    expect(inputOf({ InputPath })).toBe(text);
  });

  it.each([
    ['a quoted text', '"instance <instance> is in <state>"', '"instance i-1 is in RUNNING"'],
    ['escaped quotes', '"instance \\"<instance>\\""', '"instance \\"i-1\\""'],
    ['texts outside of quotes', '{"instance": <instance>,  "state": <state>}', '{"instance":"i-1","state":"RUNNING"}'],
    ['texts inside of quotes', '{"state": "<state>", "s": "is <state>"}', '{"state":"RUNNING","s":"is RUNNING"}'],
    ['a list with constants', '{"state": [ 9, <state>, true ]}', '{"state":[9,"RUNNING",true]}'],
    [
      'numbers, objects and lists',
      '{"a": <rows>, "b": <nested>, "c": <list>}',
      '{"a":3,"b":{"a":"x"},"c":["arn:a","arn:b"]}',
    ],
    ['a number inside of quotes', '"<rows> rows"', '"3 rows"'],
    ['an object inside of quotes', '"in <nested>"', '"in {a:x}"'],
    ['a list inside of quotes', '"<list> of them"', '"[arn:a,arn:b] of them"'],
    ['nothing', '{"a": "<none>", "b": <none>}', '{"a":"","b":""}'],
    ['the rule', '{"arn": <aws.events.rule-arn>, "name": "<aws.events.rule-name>"}', '{"arn":"arn:rule/r","name":"r"}'],
    ['the time it came', '{"at": <aws.events.event.ingestion-time>}', '{"at":"2026-01-01T00:00:01Z"}'],
    ['lines of texts', '"a <state>"\n"b <instance>"', '"a RUNNING"\n"b i-1"'],
    ['a text that is escaped by nobody', '"<quoted>"', '"say "hi""'],
    ['a text that begins like an object', '"{[/<state>"', '"{[/RUNNING"'],
    ['a text outside of quotes, escaped', '{"q": <quoted>}', '{"q":"say \\"hi\\""}'],
    ['a bare variable', '<state>', '"RUNNING"'],
  ])('is made of %s', (_what, template, text) => {
    expect(filled(template)).toBe(text);
  });

  it('holds the event, with and without its detail', () => {
    const { detail: _, 'detail-type': detailType, ...others } = event;
    expect(JSON.parse(filled('{"all": <aws.events.event.json>, "head": <aws.events.event>}'))).toEqual({
      all: event,
      head: { ...others, detailType },
    });
  });

  it.each(['{"a": "<nested>"}', '{"a": "<list>"}', '{"a": "<quoted>"}'])('cannot be made of %s', (template) => {
    expect(() => filled(template)).toThrow('The InputTemplate, filled with values of the event, is no JSON.');
  });

  it.each([
    [{ Input: '{' }, 'JSON syntax error in input for target t'],
    [
      { Input: '1', InputPath: '$' },
      'Only one of Input, InputPath, or InputTransformer must be provided for target t.',
    ],
    [{ InputPath: 'detail' }, 'Invalid InputPath for target t : detail.'],
    [{ InputPath: '$.a[?(@.b)]' }, 'Invalid InputPath for target t'],
    [{ InputTransformer: { InputPathsMap: { 'aws.x': '$' }, InputTemplate: '"x"' } }, 'the name aws.x is reserved'],
    [{ InputTransformer: { InputPathsMap: { a: '$..b' }, InputTemplate: '"x"' } }, '$..b is not a valid JSON path'],
    [
      { InputTransformer: { InputPathsMap: {}, InputTemplate: '"<a>"' } },
      'InputTemplate for target t contains invalid placeholder a.',
    ],
    [{ InputTransformer: { InputTemplate: 'x' } }, 'Invalid InputTemplate for target t'],
    [
      { InputTransformer: { InputPathsMap: { a: '$' }, InputTemplate: '{"a": <a>' } },
      'Invalid InputTemplate for target t',
    ],
    [{ InputTransformer: { InputPathsMap: {}, InputTemplate: '' } }, 'Invalid InputTemplate for target t'],
    [
      { InputTransformer: { InputPathsMap: {}, InputTemplate: `"${'x'.repeat(8192)}"` } },
      'InputTemplate may have 8192 characters',
    ],
    [
      {
        InputTransformer: {
          InputPathsMap: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`v${n}`, '$'])),
          InputTemplate: '"x"',
        },
      },
      'InputPathsMap may have 100 keys, it has 101',
    ],
  ])('is refused: %j', (fields, message) => {
    expect(() => parseTargetInput('t', fields)).toThrow(
      expect.objectContaining({ code: 'ValidationException', message: expect.stringContaining(message) }),
    );
  });
});
