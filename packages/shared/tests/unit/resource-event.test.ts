import { describe, expect, it } from 'vitest';
import { isResourceEvent, parseResourceEvent, refusalCallbackOf } from '../../src/resource-event.ts';
import { failureIn } from '../helpers/failure-of.ts';
import { RESPONSE_URL, resourceEvent } from '../helpers/resource-events.ts';

const refusalOf = (changes: Readonly<Record<string, unknown>>, type: 'Create' | 'Update' | 'Delete' = 'Create') =>
  failureIn(() => parseResourceEvent(resourceEvent(type, changes))).message;

describe('an event of a custom resource', () => {
  it.each([resourceEvent('Create'), { RequestType: 'Create' }, { ResponseURL: 7 }])(
    'is, or was meant to be, %j',
    (payload) => {
      expect(isResourceEvent(payload)).toBe(true);
    },
  );

  it.each([{ sqlStatement: 'select 1' }, 'RequestType', null, undefined, []])('is not %j', (payload) => {
    expect(isResourceEvent(payload)).toBe(false);
  });

  it('is read, and fields that CloudFormation may add are let through', () => {
    const event = resourceEvent('Update', { SomethingNew: { a: 1 } });
    expect(parseResourceEvent(event)).toEqual(event);
  });

  it.each([
    [{ RequestType: 'Read' }, 'RequestType: must be "Create" or "Update" or "Delete"; received "Read"'],
    [
      { ResponseURL: 'https://evil.example/' },
      "ResponseURL: must be a response URL of CloudFormation's; received a string (not shown)",
    ],
    [{ ResponseURL: undefined }, 'ResponseURL: must be a string; received nothing'],
    [{ StackId: 'shop' }, 'StackId: must be the ARN of a stack; received "shop"'],
    [{ RequestId: '' }, 'RequestId: must not be empty; received ""'],
    [{ LogicalResourceId: 7 }, 'LogicalResourceId: must be a string; received 7'],
    [{ ResourceProperties: 'x' }, 'ResourceProperties: must be an object; received a string (not shown)'],
  ])('that cannot be answered is refused by name: %j', (changes, message) => {
    expect(refusalOf(changes)).toBe(message);
  });

  it.each(['Update', 'Delete'] as const)('of type %s tells which resource it is', (type) => {
    expect(refusalOf({ PhysicalResourceId: undefined }, type)).toBe(
      `PhysicalResourceId: is required for ${type}; received nothing`,
    );
    expect(refusalOf({ PhysicalResourceId: 'ä'.repeat(513) }, type)).toContain('must be at most 1024 bytes of UTF-8');
  });

  it('is not nested too deeply', () => {
    const deep = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`) as unknown;
    expect(refusalOf({ ResourceProperties: { deep } })).toBe(
      'request: must be nested no deeper than 100 levels; received an object',
    );
  });
});

describe('who is told that it was refused', () => {
  it('is told of a Create that nothing is there', () => {
    expect(refusalCallbackOf(parseResourceEvent(resourceEvent('Create')))).toEqual({
      type: 'cloudFormation',
      requestType: 'Create',
      responseUrl: RESPONSE_URL,
      stackId: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/shop/5e6f',
      requestId: 'r-1',
      logicalResourceId: 'Schema',
      physicalResourceId: 'sfn-redshift:Schema:not-created',
    });
  });

  it.each(['Update', 'Delete'] as const)('is told of an %s what was there before', (type) => {
    expect(refusalCallbackOf(parseResourceEvent(resourceEvent(type)))).toMatchObject({
      requestType: type,
      physicalResourceId: 'shop-Schema-1ABC',
    });
  });
});
