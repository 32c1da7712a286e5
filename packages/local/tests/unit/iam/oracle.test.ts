import { runSimulation } from '@cloud-copilot/iam-simulate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StageClock } from '../../../src/common/clock.ts';
import type { NeededPermission, PolicyDocument } from '../../../src/common/service.ts';
import { Authorizer } from '../../../src/iam/authorizer.ts';
import { globalKeysOf } from '../../../src/iam/global-keys.ts';
import { Identities } from '../../../src/iam/identities.ts';
import { account, addRole } from '../../helpers/gateway.ts';

/** The same cases in every run. */
const RUNS = { seed: 20_261_126, numRuns: 300 };

const { accountId, region } = account;
const ROLE_ARN = `arn:aws:iam::${accountId}:role/r`;
const SESSION_ARN = `arn:aws:sts::${accountId}:assumed-role/r/s`;
const ROOT = `arn:aws:iam::${accountId}:root`;
const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${accountId}:${resource}`;
const QUEUE = arn('sqs', 'queue-1');
const TABLE = arn('dynamodb', 'table/t1');
const KEY = arn('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab');

const permission: fc.Arbitrary<NeededPermission> = fc.oneof(
  fc.record({ action: fc.constantFrom('sqs:SendMessage', 'sqs:ReceiveMessage'), resource: fc.constant(QUEUE) }),
  fc.record({
    action: fc.constantFrom('dynamodb:GetItem', 'dynamodb:UpdateItem'),
    resource: fc.constant(TABLE),
    context: fc.record({ 'aws:PrincipalOrgPaths': fc.subarray(['k1', 'k2', 'x1'], { minLength: 1 }) }),
  }),
  fc.record({
    action: fc.constantFrom('kms:Decrypt', 'kms:GenerateDataKey'),
    resource: fc.constant(KEY),
    context: fc.constantFrom({}, { 'kms:ViaService': `sqs.${region}.amazonaws.com` }),
  }),
);

const some = (...values: readonly string[]) => fc.subarray([...values], { minLength: 1, maxLength: 2 });
const ACTIONS = some(
  '*',
  'sqs:*',
  'sqs:Send*',
  'SQS:receivemessage',
  'dynamodb:GetItem',
  'dynamodb:*Item',
  'kms:Decrypt',
  'kms:Gen*',
  'kms:*',
);
const RESOURCES = some(
  '*',
  QUEUE,
  arn('sqs', 'queue-?'),
  arn('sqs', 'other'),
  'arn:aws:sqs:*:*:queue-1',
  TABLE,
  arn('dynamodb', 'table/*'),
  arn('dynamodb', 'table/t1/index/i'),
  'arn:aws:*:*:*:*',
  KEY,
  arn('kms', 'key/*'),
);

const key = (operators: readonly string[], name: string, values: fc.Arbitrary<readonly string[]>) =>
  fc
    .record({ operator: fc.constantFrom(...operators), values })
    .map(({ operator, values: wanted }) => ({ [operator]: { [name]: wanted } }));

const STRINGS = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'StringEqualsIgnoreCase',
  'StringEqualsIfExists',
  'StringNotEqualsIfExists',
];
const CONDITION = fc.oneof(
  key(STRINGS, 'aws:RequestedRegion', some(region, 'us-east-1', 'eu-*', 'EU-CENTRAL-1')),
  key(STRINGS, 'aws:SourceVpc', some('vpc-1', '*')),
  key(
    ['ArnLike', 'ArnEquals', 'ArnNotLike', 'ArnLikeIfExists'],
    'aws:PrincipalArn',
    some(ROLE_ARN, 'arn:aws:iam::*:role/*', 'arn:aws:iam::*:role/o'),
  ),
  key(['Bool', 'BoolIfExists'], 'aws:SecureTransport', some('true', 'false')),
  key(['Null'], 'aws:SourceVpc', fc.constantFrom(['true'], ['false'])),
  key(['IpAddress', 'NotIpAddress'], 'aws:SourceIp', some('127.0.0.0/8', '10.1.2.3', '127.0.0.1/32')),
  key(
    ['DateGreaterThan', 'DateLessThan', 'DateGreaterThanEquals'],
    'aws:CurrentTime',
    fc.constantFrom(['2020-01-01T00:00:00Z'], ['2090-01-01T00:00:00Z']),
  ),
  key(['NumericLessThan', 'NumericGreaterThanEquals'], 'aws:EpochTime', fc.constantFrom(['0'], ['99999999999'])),
  key(
    ['ForAllValues:StringEquals', 'ForAnyValue:StringLike', 'ForAllValues:StringLike', 'ForAnyValue:StringEquals'],
    'aws:PrincipalOrgPaths',
    some('k1', 'k2', 'k*'),
  ),
  key(STRINGS, 'kms:ViaService', some(`sqs.${region}.amazonaws.com`, 'sqs.*')),
  key(STRINGS, 'aws:PrincipalAccount', some(accountId, '999999999999', '${aws:ResourceAccount}')),
);

const statement = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    action: fc.tuple(fc.constantFrom('Action', 'Action', 'Action', 'NotAction'), ACTIONS),
    resource: fc.tuple(fc.constantFrom('Resource', 'Resource', 'Resource', 'NotResource'), RESOURCES),
    Condition: fc.option(CONDITION, { nil: undefined, freq: 2 }),
  })
  .map(({ Effect, action, resource, Condition }) => ({
    Effect,
    [action[0]]: action[1],
    [resource[0]]: resource[1],
    ...(Condition ? { Condition } : {}),
  }));

const policyOf = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<PolicyDocument> =>
  fc.array(one, { minLength: 1, maxLength: 3 }).map((Statement) => ({ Version: '2012-10-17', Statement }));

const PRINCIPAL = fc.constantFrom<unknown>(
  { AWS: ROLE_ARN },
  { AWS: SESSION_ARN },
  { AWS: ROOT },
  { AWS: accountId },
  '*',
  { AWS: `arn:aws:iam::${accountId}:role/o` },
  { Service: 'events.amazonaws.com' },
);
const resourceStatement = (actions: fc.Arbitrary<readonly string[]>) =>
  fc.record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    Principal: PRINCIPAL,
    Action: actions,
    Resource: fc.constant('*'),
  });

/** A key without a policy is open to nobody on AWS; this one leaves all to the account. */
const OPEN: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' }],
};
const policyOfResource = ({ permission: { resource }, resource: given }: Case) =>
  given ?? (resource === KEY ? OPEN : undefined);

interface Case {
  readonly permission: NeededPermission;
  readonly identity: PolicyDocument;
  readonly session?: PolicyDocument | undefined;
  readonly resource?: PolicyDocument | undefined;
}

const ours = (one: Case): boolean => {
  const { permission: needed, identity, session } = one;
  const identities = new Identities(account);
  const clock = new StageClock();
  addRole({ identities }, 'r', ...(identity.Statement as Record<string, unknown>[]));
  const authorizer = new Authorizer({
    account,
    clock,
    identities,
    resourcePolicyOf: () => policyOfResource(one) ?? null,
  });
  try {
    const caller = identities.sessionOf(ROLE_ARN, 's', session ? [session] : []);
    authorizer.check({ caller, service: 'sqs', operation: 'Operation' }, [needed]);
    return true;
  } catch {
    return false;
  }
};

const theirs = async (one: Case): Promise<boolean> => {
  const { permission: needed, identity, session } = one;
  const caller = new Identities(account).sessionOf(ROLE_ARN, 's');
  const context = globalKeysOf(caller, { account, now: Date.now(), role: undefined, isForwarded: false });
  const result = await runSimulation(
    {
      request: {
        principal: SESSION_ARN,
        action: needed.action,
        resource: { resource: needed.resource, accountId },
        contextVariables: { ...context, 'aws:ResourceAccount': accountId, ...needed.context },
      },
      identityPolicies: [{ name: 'p', policy: identity }],
      sessionPolicy: session,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: policyOfResource(one),
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
  return result.overallResult === 'Allowed';
};

const agree = (cases: fc.Arbitrary<Case>) =>
  fc.assert(
    fc.asyncProperty(cases, async (one) => {
      expect(ours(one)).toBe(await theirs(one));
    }),
    RUNS,
  );

describe('The evaluation of policies agrees with an independent simulator', () => {
  it('on the policies of a role', () => agree(fc.record({ permission, identity: policyOf(statement) })));

  it('on a role narrowed by a session policy', () =>
    agree(fc.record({ permission, identity: policyOf(statement), session: policyOf(statement) })));

  it('on a queue with a policy of its own', () =>
    agree(
      fc.record({
        permission: permission.filter(({ resource }) => resource === QUEUE),
        identity: policyOf(statement),
        resource: policyOf(resourceStatement(some('sqs:SendMessage', 'sqs:*', 'sqs:ReceiveMessage'))),
      }),
    ));

  it('on a key with its policy', () =>
    agree(
      fc.record({
        permission: permission.filter(({ resource }) => resource === KEY),
        identity: policyOf(statement),
        resource: policyOf(resourceStatement(some('kms:Decrypt', 'kms:*', 'kms:Generate*'))),
      }),
    ));
});
