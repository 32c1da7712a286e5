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
      'a key that requests have on AWS, and not here',
      { Principal: '*', Condition: { StringEquals: { 'aws:ResourceTag/team': 'v' } } },
      'The condition key aws:ResourceTag/team is not supported.',
    ],
    [
      'a key of a service that runs here',
      { Principal: '*', Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': 'v' } } },
      'The condition key dynamodb:LeadingKeys is not supported.',
    ],
    [
      'a variable of such a key',
      { Principal: '*', Resource: 'arn:aws:s3:::b/${aws:RequestTag/team}' },
      'The condition key aws:RequestTag/team is not supported.',
    ],
    [
      'NotPrincipal with Allow',
      { NotPrincipal: { AWS: '123456789012' } },
      'NotPrincipal is supported with the effect Deny only.',
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
    [
      'an action without service',
      { Action: 'Send*' },
      'identity',
      'The action Send* must be * or a service and an action, service:Action.',
    ],
    ['a resource that is no ARN', { Resource: 'queue' }, 'identity', 'Resource queue must be in ARN format or "*".'],
    ['half an ARN', { Resource: 'arn:aws:sqs:q' }, 'identity', 'Resource arn:aws:sqs:q must be in ARN format or "*".'],
    [
      'a variable before the resource part',
      { Resource: 'arn:aws:sqs:${aws:RequestedRegion}:1:q' },
      'identity',
      'Resource arn:aws:sqs:${aws:RequestedRegion}:1:q has a policy variable before its fifth colon.',
    ],
    [
      'wildcards in a principal',
      { Principal: { AWS: 'arn:aws:iam::123456789012:role/*' } },
      'key',
      'Invalid principal in policy: {"AWS":"arn:aws:iam::123456789012:role/*"}',
    ],
    [
      'two kinds of principals',
      { Principal: '*', NotPrincipal: '*', Effect: 'Deny' },
      'key',
      'Principal and NotPrincipal exclude each other.',
    ],
  ] as const)('refuses %s as malformed', (_what, change, kind, message) => {
    expect(parse(change, kind)).toThrow(expect.objectContaining({ code: 'MalformedPolicyDocument', message }));
  });

  it.each([
    ['NumericEquals', 'ten', 'is not a number'],
    ['DateEquals', 'tomorrow', 'is not a date'],
    ['Bool', 'yes', 'is not true or false'],
    ['BinaryEquals', '%', 'is not base64'],
    ['IpAddress', '10.0.0.0/33', 'is not an IP address or a range of them (CIDR)'],
    ['NotIpAddress', '10.0.0', 'is not an IP address or a range of them (CIDR)'],
    ['Null', 'maybe', 'The operator Null takes true or false'],
    ['NumericEquals', '${aws:EpochTime}', 'is not a number'],
  ])('refuses %s with %s', (operator, value, message) => {
    expect(parse({ Condition: { [operator]: { 'aws:username': value } } })).toThrow(
      expect.objectContaining({
        code: 'MalformedPolicyDocument',
        message: expect.stringContaining(message) as string,
      }),
    );
  });

  it.each([
    'aws:SourceVpce',
    'aws:PrincipalOrgID',
    'aws:MultiFactorAuthPresent',
    'aws:PrincipalTag/any',
    'kms:EncryptionContext:a:b',
    'ec2:Region',
  ])('knows the key %s', (key) => {
    expect(parse({ Condition: { Null: { [key]: 'true' } } })()).toHaveLength(1);
  });
});
