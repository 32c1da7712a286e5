import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { conditionHeld } from '../../src/conditional-write.ts';
import { awsError } from '../helpers/fixtures.ts';

describe('a conditional write', () => {
  it('tells that its condition held', async () => {
    expect(await conditionHeld(() => Promise.resolve({}))).toBe(true);
  });

  it('tells that its condition did not hold', async () => {
    const refusal = new ConditionalCheckFailedException({ message: 'no', $metadata: { httpStatusCode: 400 } });

    expect(await conditionHeld(() => Promise.reject(refusal))).toBe(false);
  });

  it('fails where nobody knows', async () => {
    const error = awsError('InternalServerError', 500);

    await expect(conditionHeld(() => Promise.reject(error))).rejects.toBe(error);
  });
});
