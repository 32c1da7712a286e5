import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AwsError } from '../../../src/common/aws-error.ts';
import { StageClock } from '../../../src/common/clock.ts';
import type { Caller, NeededPermission, PolicyDocument, ServiceName } from '../../../src/common/service.ts';
import { Authorizer } from '../../../src/iam/authorizer.ts';
import { Identities } from '../../../src/iam/identities.ts';
import { account, addRole } from '../../helpers/gateway.ts';

const QUEUE = `arn:aws:sqs:${account.region}:${account.accountId}:q`;
const KEY = `arn:aws:kms:${account.region}:${account.accountId}:key/k`;
const ROOT = `arn:aws:iam::${account.accountId}:root`;
const SEND = { action: 'sqs:SendMessage', resource: QUEUE };
const DECRYPT = { action: 'kms:Decrypt', resource: KEY };

let identities: Identities;
let clock: StageClock;
let policies: Record<string, PolicyDocument | undefined>;
let authorizer: Authorizer;
beforeEach(() => {
  identities = new Identities(account);
  clock = new StageClock();
  policies = {};
  authorizer = new Authorizer({
    account,
    clock,
    identities,
    resourcePolicyOf: (arn) => (arn in policies ? policies[arn] : null),
  });
});
afterEach(() => clock.stop());

const policy = (...Statement: readonly Record<string, unknown>[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement,
});
const allow = (Action: string, Resource: string, more: Record<string, unknown> = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const deny = (Action: string, Resource: string, more: Record<string, unknown> = {}) => ({
  Effect: 'Deny',
  Action,
  Resource,
  ...more,
});

const session = (
  statements: readonly Record<string, unknown>[],
  sessionPolicies: readonly PolicyDocument[] = [],
): Caller => identities.sessionOf(addRole({ identities }, 'r', ...statements), 's', sessionPolicies);

/** `ok`, or the message of the refusal. */
const ask = (caller: Caller, permission: NeededPermission, service: ServiceName = 'sqs'): string => {
  try {
    authorizer.check({ caller, service, operation: 'Operation' }, [permission]);
    return 'ok';
  } catch (error) {
    return (error as AwsError).message;
  }
};
const USER = `User: arn:aws:sts::${account.accountId}:assumed-role/r/s is not authorized to perform: sqs:sendmessage on resource: ${QUEUE}`;

describe('Authorizer', () => {
  it('allows what the role allows, and says in the words of AWS what nobody allows', () => {
    // Prepare
    const caller = session([allow('sqs:Send*', QUEUE)]);

    // Act
    const answers = [ask(caller, SEND), ask(session([]), SEND)];

    // Assess
    expect(answers).toEqual(['ok', `${USER} because no identity-based policy allows the sqs:sendmessage action`]);
  });

  it('lets a Deny beat every Allow', () => {
    // Prepare
    const caller = session([allow('*', '*'), deny('sqs:*', '*')]);

    // Act
    const answer = ask(caller, SEND);

    // Assess
    expect(answer).toBe(`${USER} with an explicit deny in an identity-based policy`);
  });

  it('narrows a session to what its policies allow too', () => {
    // Prepare
    const role = [allow('sqs:*', '*')];

    // Act
    const answers = [
      [allow('sqs:Send*', '*')],
      [allow('sqs:Receive*', '*')],
      [allow('*', '*'), deny('sqs:SendMessage', '*')],
    ].map((statements) => ask(session(role, [policy(...statements)]), SEND));

    // Assess
    expect(answers).toEqual([
      'ok',
      `${USER} because no session policy allows the sqs:sendmessage action`,
      `${USER} with an explicit deny in a session policy`,
    ]);
  });

  it.each([
    ['sqs', 'AccessDeniedException', 403],
    ['lambda', 'AccessDeniedException', 403],
    ['kms', 'AccessDeniedException', 400],
    ['logs', 'AccessDeniedException', 400],
    ['dynamodb', 'AccessDeniedException', 400],
    ['states', 'AccessDeniedException', 400],
    ['s3', 'AccessDenied', 403],
    ['sts', 'AccessDenied', 403],
  ] as const)('refuses as %s does: %s, %i', (service, code, status) => {
    // Prepare
    const caller = session([]);

    // Act
    const check = () => authorizer.check({ caller, service, operation: 'Operation' }, [SEND]);

    // Assess
    expect(check).toThrow(expect.objectContaining({ code, status }));
  });

  it('knows who asks, when, and for what, in conditions', () => {
    // Prepare
    clock.advance(Date.parse('2040-01-01T00:00:00Z') - clock.now());
    const conditions = {
      StringEquals: {
        'aws:PrincipalAccount': account.accountId,
        'aws:ResourceAccount': account.accountId,
        'aws:RequestedRegion': account.region,
      },
      ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::*:role/r` },
      DateGreaterThan: { 'aws:CurrentTime': '2039-12-31T23:59:59Z' },
      Bool: { 'aws:SecureTransport': 'true' },
      StringLike: { 'aws:userid': 'AROA*:s' },
    };

    // Act
    const answers = Object.entries(conditions).map(([operator, keys]) =>
      ask(session([allow('*', '*', { Condition: { [operator]: keys } })]), SEND),
    );

    // Assess
    expect(answers).toEqual(Object.keys(conditions).map(() => 'ok'));
  });

  describe('with the policy of a queue', () => {
    it('allows a role that the queue allows by name, and no other', () => {
      // Prepare
      const Principal = { AWS: `arn:aws:iam::${account.accountId}:role/r` };
      policies[QUEUE] = policy(allow('sqs:SendMessage', QUEUE, { Principal }));

      // Act
      const byName = ask(session([]), SEND);
      policies[QUEUE] = policy(allow('sqs:SendMessage', QUEUE, { Principal: { AWS: ROOT } }));
      const byAccount = ask(session([]), SEND);

      // Assess
      expect(byName).toBe('ok');
      expect(byAccount).toContain('because no identity-based policy allows');
    });

    it('lets the queue deny what the role allows', () => {
      // Prepare
      const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
      const caller = session([allow('sqs:*', '*')]);

      // Act
      policies[QUEUE] = policy(deny('sqs:*', QUEUE, { Principal: '*' }));
      const denied = ask(caller, SEND);
      policies[QUEUE] = policy(deny('sqs:*', QUEUE, { Principal: '*', Condition }));
      const withTls = ask(caller, SEND);

      // Assess
      expect([denied, withTls]).toEqual([`${USER} with an explicit deny in a resource-based policy`, 'ok']);
    });

    it.each([
      ['by its name', { Principal: { Service: 'events.amazonaws.com' } }, 'ok'],
      [
        'for its rule',
        {
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:events:x:1:rule/r' } },
        },
        'ok',
      ],
      [
        'for another rule',
        {
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:events:x:1:rule/o' } },
        },
        'denied',
      ],
      [
        'for its account',
        {
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': account.accountId } },
        },
        'ok',
      ],
      ['by another name', { Principal: { Service: 's3.amazonaws.com' } }, 'denied'],
      ['as an account', { Principal: { AWS: ROOT } }, 'denied'],
    ])('binds a service to what the queue allows it %s', (_case, statement, outcome) => {
      // Prepare
      policies[QUEUE] = policy(allow('sqs:SendMessage', QUEUE, statement));
      const caller: Caller = { type: 'service', arn: 'events.amazonaws.com', sourceArn: 'arn:aws:events:x:1:rule/r' };

      // Act
      const answer = ask(caller, SEND);

      // Assess
      expect(answer === 'ok' ? 'ok' : 'denied').toBe(outcome);
    });

    it('lets a service do nothing with a queue that has no policy', () => {
      // Prepare
      policies[QUEUE] = undefined;

      // Act
      const answer = ask({ type: 'service', arn: 'events.amazonaws.com' }, SEND);

      // Assess
      expect(answer).toContain('because no resource-based policy allows the sqs:sendmessage action');
    });
  });

  describe('with the policy of a key', () => {
    it.each([
      ['leaves it to the account, and the role has it', ROOT, [allow('kms:*', '*')], 'ok'],
      ['leaves it to the account, and the role has it not', ROOT, [], 'no identity-based policy allows'],
      ['names the role, which has nothing itself', `arn:aws:iam::${account.accountId}:role/r`, [], 'ok'],
      [
        'names another role, whatever this one has',
        `arn:aws:iam::${account.accountId}:role/o`,
        [allow('kms:*', '*')],
        'no resource-based policy allows',
      ],
    ])('that %s', (_case, principal, statements, outcome) => {
      // Prepare
      policies[KEY] = policy(allow('kms:*', '*', { Principal: { AWS: principal } }));

      // Act
      const answer = ask(session(statements), DECRYPT);

      // Assess
      expect(answer).toContain(outcome);
    });
  });
});
