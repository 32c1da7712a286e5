import { describe, expect, it } from 'vitest';
import { type PolicyKind, parsePolicy } from '../../../src/iam/policy.ts';

const statement = { Effect: 'Allow', Action: 'sqs:*', Resource: '*' };
const parse =
  (change: Record<string, unknown>, kind: PolicyKind = 'identity') =>
  () =>
    parsePolicy({ Version: '2012-10-17', Statement: [{ ...statement, ...change }] }, kind);

describe('parsePolicy', () => {
  it.each([
    ['an unknown element', { Foo: 1 }, 'The policy statement element Foo is not supported.'],
    [
      'an unknown operator',
      { Principal: '*', Condition: { StringMatches: { 'aws:userid': 'v' } } },
      'The condition operator StringMatches is not supported.',
    ],
    [
      'a principal type',
      { Principal: { Federated: 'x' } },
      'The principal type Federated is not supported; AWS and Service are.',
    ],
  ])('refuses %s by name', (_what, change, message) => {
    expect(parse(change, 'key')).toThrow(expect.objectContaining({ name: 'NotSupportedError', message }));
  });

  it.each([
    ['no effect', { Effect: 'Maybe' }, 'identity', 'Effect must be Allow or Deny, not "Maybe".'],
    ['no action', { Action: undefined }, 'identity', 'A policy statement must have Action or NotAction.'],
    ['both actions', { NotAction: 'x:y' }, 'identity', 'Action and NotAction exclude each other.'],
    [
      'no resource',
      { Resource: undefined },
      'identity',
      'A statement of kind identity must have a Resource or NotResource.',
    ],
    ['a principal', { Principal: '*' }, 'session', 'A statement of kind session must not have a Principal.'],
    ['no principal', {}, 'key', 'A statement of kind key must have a Principal or NotPrincipal.'],
    ['a resource', { Principal: '*' }, 'trust', 'A statement of kind trust must not have a Resource.'],
    ['an object for a text', { Action: [{}] }, 'identity', 'Action must hold strings, not {}.'],
  ] as const)('refuses %s as malformed', (_what, change, kind, message) => {
    expect(parse(change, kind)).toThrow(expect.objectContaining({ code: 'MalformedPolicyDocument', message }));
  });
});
