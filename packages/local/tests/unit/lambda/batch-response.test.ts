import { describe, expect, it } from 'vitest';
import { failedItems } from '../../../src/lambda/batch-response.ts';

const IDS = new Set(['a', 'b']);

describe('failedItems', () => {
  it.each([
    [null, []],
    [{}, []],
    [{ batchItemFailures: null }, []],
    [{ batchItemFailures: [] }, []],
    [{ batchItemFailures: [], more: 1 }, []],
    [{ batchItemFailures: [{ itemIdentifier: 'b' }] }, ['b']],
    [{ batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'b' }] }, ['b']],
  ])('believes %j', (response, failed) => {
    expect(failedItems(JSON.stringify(response), IDS)).toEqual(new Set(failed));
  });

  it.each([
    ['a text'],
    [5],
    [[]],
    [{ batchItemFailures: 'a' }],
    [{ batchItemFailures: { itemIdentifier: 'a' } }],
    [{ batchItemFailures: ['a'] }],
    [{ batchItemFailures: [null] }],
    [{ batchItemFailures: [{ itemIdentifier: '' }] }],
    [{ batchItemFailures: [{ itemIdentifier: null }] }],
    [{ batchItemFailures: [{ itemIdentifer: 'a' }] }],
    [{ batchItemFailures: [{ itemIdentifier: 1 }] }],
    [{ batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'unknown' }] }],
  ])('takes all for failed when it is answered %j', (response) => {
    expect(failedItems(JSON.stringify(response), IDS)).toBe('all');
  });
});
