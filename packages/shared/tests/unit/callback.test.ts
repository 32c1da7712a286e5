import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { callbackSchema } from '../../src/callback.ts';
import { callback } from '../helpers/arbitraries.ts';

const accepts = (value: unknown): boolean => z.safeParse(callbackSchema, value).success;

const CLOUD_FORMATION = {
  type: 'cloudFormation',
  responseUrl: 'https://example.com',
  stackId: 's',
  requestId: 'r',
  logicalResourceId: 'l',
  physicalResourceId: 'p',
};

describe('a callback', () => {
  it('is one of four', () => {
    fc.assert(
      fc.property(callback, (value) => {
        expect(z.parse(callbackSchema, value)).toEqual(value);
      }),
    );
  });

  it.each<{ value: unknown }>([
    { value: undefined },
    { value: null },
    { value: 'none' },
    { value: {} },
    { value: { type: 'email' } },
    { value: { type: 'stepFunctions' } },
    { value: { type: 'stepFunctions', taskToken: '' } },
    { value: { type: 'durableFunction', callbackId: 1 } },
    ...Object.keys(CLOUD_FORMATION).map((name) => ({ value: { ...CLOUD_FORMATION, [name]: undefined } })),
  ])('is not $value', ({ value }) => {
    expect(accepts(CLOUD_FORMATION)).toBe(true);
    expect(accepts(value)).toBe(false);
  });
});
