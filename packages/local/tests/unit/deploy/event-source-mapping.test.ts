import { describe, expect, it } from 'vitest';
import { refusalsOf, stackOf } from '../../helpers/assembly.ts';

const required = { FunctionName: 'f', EventSourceArn: 'arn:aws:sqs:eu-central-1:123456789012:jobs' };
const filter = (...patterns: readonly unknown[]) => ({
  FilterCriteria: { Filters: patterns.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) },
});

const refusals = (properties: object) =>
  refusalsOf(
    stackOf('Stack', {
      Resources: { It: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { ...required, ...properties } } },
    }),
  );

describe('AWS::Lambda::EventSourceMapping', () => {
  it.each([
    [{ BatchSize: 10, Enabled: false, Tags: [] }],
    [{ BatchSize: 10_000, MaximumBatchingWindowInSeconds: 1 }],
    [{ FilterCriteria: {} }],
    [filter({ body: { a: [{ prefix: 'x' }] } }, { body: ['x'] })],
    [{ FunctionName: 'arn:aws:lambda:eu-central-1:123456789012:function:f:live' }],
  ])('takes %j', (properties) => {
    expect(refusals(properties)).toEqual([]);
  });

  it.each([
    [{ BatchSize: 10_001 }, 'property BatchSize must be an integer from 1 to 10000, got 10001'],
    [
      { BatchSize: 11 },
      'property MaximumBatchingWindowInSeconds must be greater than 0 if BatchSize is greater than 10',
    ],
    [
      { MaximumBatchingWindowInSeconds: 301 },
      'property MaximumBatchingWindowInSeconds must be an integer from 0 to 300, got 301',
    ],
    [{ KmsKeyArn: 'k' }, 'property KmsKeyArn is not supported'],
    [{ ProvisionedPollerConfig: {} }, 'property ProvisionedPollerConfig is not supported'],
    [
      filter({ messageAttributes: { a: ['x'] } }),
      'property FilterCriteria.Filters[0].Pattern is not accepted: The filter of a queue is a pattern for body',
    ],
    [
      filter({ body: { a: [{ wildcard: 'x*' }] } }),
      'property FilterCriteria.Filters[0].Pattern is not accepted: Invalid filter pattern definition.',
    ],
    [{ FilterCriteria: { Filters: [{ Pattern: '{' }] } }, 'property FilterCriteria.Filters[0].Pattern is not accepted'],
    [
      filter(...Array<object>(11).fill({ body: ['x'] })),
      'property FilterCriteria.Filters may hold 10 filters, it holds 11',
    ],
  ])('refuses %j', (properties, refusal) => {
    expect(refusals(properties)).toContainEqual(
      expect.stringContaining(`(AWS::Lambda::EventSourceMapping): ${refusal}`),
    );
  });
});
