import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Caller, PolicyDocument } from '../../../src/common/service.ts';
import { AuthorizerStage, allow, deny, policyOf, type Statement } from '../../helpers/authorizer.ts';
import { account } from '../../helpers/gateway.ts';

const QUEUE = `arn:aws:sqs:${account.region}:${account.accountId}:q`;
const KEY = `arn:aws:kms:${account.region}:${account.accountId}:key/k`;
const ROOT = `arn:aws:iam::${account.accountId}:root`;
const ROLE = `arn:aws:iam::${account.accountId}:role/r`;
const TARGET = `arn:aws:iam::${account.accountId}:role/target`;
const SEND = { action: 'sqs:SendMessage', resource: QUEUE };
const DECRYPT = { action: 'kms:Decrypt', resource: KEY };
const ASSUME = { action: 'sts:AssumeRole', resource: TARGET };

let stage: AuthorizerStage;
beforeEach(() => {
  stage = new AuthorizerStage();
});
afterEach(() => stage.close());

const session = (statements: readonly Statement[], sessionPolicies?: readonly PolicyDocument[]): Caller =>
  stage.role(statements, { ...(sessionPolicies && { sessionPolicies }) });
const USER = `User: arn:aws:sts::${account.accountId}:assumed-role/r/s is not authorized to perform: sqs:sendmessage on resource: ${QUEUE}`;

describe('Authorizer', () => {
  it('allows what the role allows, and says in the words of AWS what nobody allows', () => {
    // Prepare
    const caller = session([allow('sqs:Send*', QUEUE)]);

    // Act
    const answers = [stage.ask(caller, SEND), stage.ask(session([]), SEND)];

    // Assess
    expect(answers).toEqual(['ok', `${USER} because no identity-based policy allows the sqs:sendmessage action`]);
  });

  it('lets a Deny beat every Allow', () => {
    // Prepare
    const caller = session([allow('*', '*'), deny('sqs:*', '*')]);

    // Act
    const answer = stage.ask(caller, SEND);

    // Assess
    expect(answer).toBe(`${USER} with an explicit deny in an identity-based policy`);
  });

  it('allows within a permissions boundary only, whatever the role has', () => {
    // Prepare
    const within = (...statements: readonly Statement[]) =>
      stage.role([allow('sqs:*', '*')], { permissionsBoundary: stage.managed(...statements) });

    // Act
    const answers = [
      stage.ask(within(allow('sqs:Send*', '*')), SEND),
      stage.ask(within(allow('s3:*', '*')), SEND),
      stage.ask(within(allow('*', '*'), deny('sqs:*', '*')), SEND),
    ];

    // Assess
    expect(answers).toEqual([
      'ok',
      `${USER} because no permissions boundary allows the sqs:sendmessage action`,
      `${USER} with an explicit deny in a permissions boundary`,
    ]);
  });

  it('grants nothing by a boundary alone, and nothing by one that is gone', () => {
    // Prepare
    const permissionsBoundary = stage.managed(allow('*', '*'));

    // Act
    const alone = stage.ask(stage.role([], { permissionsBoundary }), SEND);
    const caller = stage.role([allow('*', '*')], { permissionsBoundary });
    stage.identities.deleteManagedPolicy(permissionsBoundary);
    const gone = stage.ask(caller, SEND);

    // Assess
    expect(alone).toContain('because no identity-based policy allows');
    expect(gone).toContain('because no permissions boundary allows');
  });

  it('narrows a session to what its policies allow too', () => {
    // Prepare
    const role = [allow('sqs:*', '*')];

    // Act
    const answers = [
      [allow('sqs:Send*', '*')],
      [allow('sqs:Receive*', '*')],
      [allow('*', '*'), deny('sqs:SendMessage', '*')],
    ].map((statements) => stage.ask(session(role, [policyOf(...statements)]), SEND));

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
    const check = () => stage.check(caller, SEND, { service });

    // Assess
    expect(check).toThrow(expect.objectContaining({ code, status }));
  });

  it('knows who asks, when, and for what, in conditions', () => {
    // Prepare
    stage.clock.advance(Date.parse('2040-01-01T00:00:00Z') - stage.clock.now());
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
      stage.ask(session([allow('*', '*', { Condition: { [operator]: keys } })]), SEND),
    );

    // Assess
    expect(answers).toEqual(Object.keys(conditions).map(() => 'ok'));
  });

  describe('with the policy of a queue', () => {
    it('allows a role that the queue allows by name, and no other', () => {
      // Prepare
      const Principal = { AWS: `arn:aws:iam::${account.accountId}:role/r` };
      stage.resourcePolicies[QUEUE] = policyOf(allow('sqs:SendMessage', QUEUE, { Principal }));

      // Act
      const byName = stage.ask(session([]), SEND);
      stage.resourcePolicies[QUEUE] = policyOf(allow('sqs:SendMessage', QUEUE, { Principal: { AWS: ROOT } }));
      const byAccount = stage.ask(session([]), SEND);

      // Assess
      expect(byName).toBe('ok');
      expect(byAccount).toContain('because no identity-based policy allows');
    });

    it('lets the queue deny what the role allows', () => {
      // Prepare
      const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
      const caller = session([allow('sqs:*', '*')]);

      // Act
      stage.resourcePolicies[QUEUE] = policyOf(deny('sqs:*', QUEUE, { Principal: '*' }));
      const denied = stage.ask(caller, SEND);
      stage.resourcePolicies[QUEUE] = policyOf(deny('sqs:*', QUEUE, { Principal: '*', Condition }));
      const withTls = stage.ask(caller, SEND);

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
      stage.resourcePolicies[QUEUE] = policyOf(allow('sqs:SendMessage', QUEUE, statement));
      const caller: Caller = { type: 'service', arn: 'events.amazonaws.com', sourceArn: 'arn:aws:events:x:1:rule/r' };

      // Act
      const answer = stage.ask(caller, SEND);

      // Assess
      expect(answer === 'ok' ? 'ok' : 'denied').toBe(outcome);
    });

    it('lets a service do nothing with a queue that has no policy', () => {
      // Prepare
      stage.resourcePolicies[QUEUE] = undefined;

      // Act
      const answer = stage.ask({ type: 'service', arn: 'events.amazonaws.com' }, SEND);

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
      stage.resourcePolicies[KEY] = policyOf(allow('kms:*', '*', { Principal: { AWS: principal } }));

      // Act
      const answer = stage.ask(session(statements), DECRYPT);

      // Assess
      expect(answer).toContain(outcome);
    });
  });

  describe('with the trust policy of a role that is to be assumed', () => {
    const trusting = (...statements: readonly Statement[]) =>
      stage.identities.putRole({ name: 'target', arn: TARGET, trustPolicy: policyOf(...statements) });
    const trust = (Principal: unknown, more: Statement = {}) => ({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal,
      ...more,
    });
    const may = allow('sts:AssumeRole', TARGET);
    const DENIED = `User: arn:aws:sts::${account.accountId}:assumed-role/r/s is not authorized to perform: sts:AssumeRole on resource: ${TARGET}`;

    it.each([
      ['names the role: it needs nothing itself', [trust({ AWS: ROLE })], [], 'ok'],
      ['names the account: the role needs it too', [trust({ AWS: ROOT })], [may], 'ok'],
      [
        'names the account, and the role has it not',
        [trust({ AWS: ROOT })],
        [],
        `${DENIED} because no identity-based policy allows the sts:AssumeRole action`,
      ],
      ['names another: AWS gives no reason', [trust({ AWS: `${ROLE}x` })], [may], DENIED],
      [
        'denies it',
        [trust('*'), trust('*', { Effect: 'Deny' })],
        [may],
        `${DENIED} with an explicit deny in the role trust policy`,
      ],
    ])('that %s', (_what, statements, own, outcome) => {
      // Prepare
      trusting(...statements);

      // Act
      const answer = stage.ask(session(own), ASSUME, { service: 'sts' });

      // Assess
      expect(answer).toBe(outcome);
    });

    it('knows of the caller what other policies know', () => {
      // Prepare
      const Condition = {
        ArnLike: { 'aws:PrincipalArn': ROLE },
        StringEquals: { 'aws:PrincipalTag/team': 'blue', 'sts:ExternalId': 'x' },
      };
      trusting(trust('*', { Condition }));

      // Act
      const answers = ['blue', 'red'].map((team) =>
        stage.ask(stage.role([], { tags: { team } }), { ...ASSUME, context: { 'sts:ExternalId': 'x' } }),
      );

      // Assess
      expect(answers.map((answer) => answer === 'ok')).toEqual([true, false]);
    });
  });

  it('tells calls on behalf of the caller from its own', () => {
    // Prepare
    const Condition = { Bool: { 'aws:ViaAWSService': 'true' } };
    const caller = session([allow('*', '*', { Condition })]);

    // Act
    const answers = [
      stage.ask(caller, SEND),
      stage.ask(caller, DECRYPT),
      stage.ask(caller, { action: 'cloudwatch:ListMetrics', resource: '*' }, { service: 'monitoring' }),
    ];

    // Assess
    expect(answers.map((answer) => answer === 'ok')).toEqual([false, true, false]);
  });
});
