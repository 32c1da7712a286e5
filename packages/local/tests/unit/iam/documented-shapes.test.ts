import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuthorizerStage, allow, deny, policyOf, type Statement } from '../../helpers/authorizer.ts';
import { account } from '../../helpers/gateway.ts';

/** Shapes of which the oracle says otherwise than AWS's documentation does, or nothing: the documentation is followed. */

const { accountId, region } = account;
const QUEUE = `arn:aws:sqs:${region}:${accountId}:queue-blue`;
const SEND = { action: 'sqs:SendMessage', resource: QUEUE };
const ROLE = `arn:aws:iam::${accountId}:role/r`;
const SESSION = `arn:aws:sts::${accountId}:assumed-role/r/s`;
const ROOT = `arn:aws:iam::${accountId}:root`;

let stage: AuthorizerStage;
beforeEach(() => {
  stage = new AuthorizerStage();
});
afterEach(() => stage.close());

const isAllowed = (statement: Statement, context: Record<string, string | readonly string[]> = {}): boolean =>
  stage.ask(stage.role([statement]), { ...SEND, context }) === 'ok';
const when = (Condition: unknown): Statement => allow('*', '*', { Condition });

describe('A variable without a value', () => {
  // IAM User Guide, "Policy variables with no value".
  it.each([
    ['is like nothing', { StringLike: { 'aws:RequestedRegion': '${aws:username}' } }, false],
    ['is unlike everything', { StringNotLike: { 'aws:RequestedRegion': '${aws:username}' } }, true],
    ['is unequal to every ARN', { ArnNotEquals: { 'aws:PrincipalArn': '${aws:username}' } }, true],
  ])('%s', (_what, condition, allowed) => {
    expect(isAllowed(when(condition))).toBe(allowed);
  });

  it('matches no resource, so that NotResource excludes nothing by it', () => {
    // Prepare
    const resource = `arn:aws:sqs:${region}:${accountId}:queue-\${aws:username}`;

    // Act
    const answers = ['Resource', 'NotResource'].map((element) =>
      isAllowed({ Effect: 'Allow', Action: '*', [element]: resource }),
    );

    // Assess
    expect(answers).toEqual([false, true]);
  });
});

describe('A variable', () => {
  it.each([
    ['is filled in', 'queue-${aws:PrincipalTag/Team}', true],
    ['has a default', "queue-${aws:username, 'blue'}", true],
    ['does not fall back on its default when it has a value', "queue-${aws:PrincipalTag/Team, 'red'}", true],
    ['stands for a letter as ${?}', 'queue-blu${?}', false],
    ['brings no wildcards with it', '${aws:PrincipalTag/Any}', false],
  ])('%s', (_what, name, allowed) => {
    // Prepare
    const caller = stage.role([allow('*', `arn:aws:sqs:${region}:${accountId}:${name}`)], {
      tags: { Team: 'blue', Any: '*' },
    });

    // Act
    const answer = stage.ask(caller, SEND);

    // Assess
    expect(answer === 'ok').toBe(allowed);
  });

  it('is text before version 2012-10-17', () => {
    // Prepare
    const Condition = { StringEquals: { 'aws:RequestedRegion': `\${aws:RequestedRegion}` } };
    const policy = (Version: string | undefined) => ({
      ...(Version && { Version }),
      Statement: allow('*', '*', { Condition }),
    });

    // Act
    const answers = ['2012-10-17', '2008-10-17', undefined].map((version) =>
      stage.ask(stage.role([], { policies: { p: policy(version) } }), SEND),
    );

    // Assess
    expect(answers.map((answer) => answer === 'ok')).toEqual([true, false, false]);
  });
});

describe('A condition', () => {
  const values = { 'aws:PrincipalOrgPaths': ['a', 'b'] };

  // IAM User Guide, "...IfExists condition operators": of an absent key the condition holds, whatever the qualifier.
  it('with IfExists holds when the key is absent, with ForAnyValue too', () => {
    expect(isAllowed(when({ 'ForAnyValue:StringEqualsIfExists': { 'aws:PrincipalOrgPaths': 'a' } }))).toBe(true);
  });

  // IAM User Guide, "Date condition operators": dates are ISO 8601 or epoch seconds.
  it('compares seconds with dates', () => {
    const inMay = { 'aws:CurrentTime': '2026-05-05T05:05:05Z' };
    expect(isAllowed(when({ DateGreaterThan: { 'aws:CurrentTime': '1700000000' } }), inMay)).toBe(true);
    expect(isAllowed(when({ DateGreaterThan: { 'aws:CurrentTime': '1900000000' } }), inMay)).toBe(false);
  });

  it.each([
    ['StringEquals', false],
    ['StringNotEquals', false],
    ['ForAnyValue:StringEquals', true],
    ['ForAllValues:StringEquals', false],
    ['ForAnyValue:StringNotEquals', true],
    ['ForAllValues:StringNotEquals', false],
  ])('on a key with several values: %s', (operator, allowed) => {
    expect(isAllowed(when({ [operator]: { 'aws:PrincipalOrgPaths': 'a' } }), values)).toBe(allowed);
  });

  it('knows no upper and lower case in keys', () => {
    expect(isAllowed(when({ StringEquals: { 'AWS:REQUESTEDREGION': region } }))).toBe(true);
  });
});

describe('The policy of a resource', () => {
  const narrow = { sessionPolicies: [policyOf(allow('s3:*', '*'))] };
  const granting = (Principal: unknown, more: Statement = {}) => {
    stage.resourcePolicies[QUEUE] = policyOf(allow('sqs:*', QUEUE, { Principal, ...more }));
  };

  // IAM User Guide, "Policy evaluation logic" and "AWS JSON policy elements: Principal".
  it.each([
    ['names the session: neither boundary nor session policy narrow that', { AWS: SESSION }, 'ok'],
    ['names everybody: nor that', '*', 'ok'],
    ['names the role: they do', { AWS: ROLE }, 'because no permissions boundary allows'],
    ['names the account: the role needs it too', { AWS: ROOT }, 'because no identity-based policy allows'],
  ])('%s', (_what, principal, outcome) => {
    // Prepare
    granting(principal);
    const permissionsBoundary = stage.managed(allow('s3:*', '*'));
    const caller = stage.role([], { permissionsBoundary, ...narrow });

    // Act
    const answer = stage.ask(caller, SEND);

    // Assess
    expect(answer).toContain(outcome);
  });

  it('that names the role is narrowed by the session policy, where there is no boundary', () => {
    // Prepare
    granting({ AWS: ROLE });

    // Act
    const answer = stage.ask(stage.role([], narrow), SEND);

    // Assess
    expect(answer).toContain('because no session policy allows');
  });

  it('grants to everybody with aws:PrincipalArn what a boundary does not take away', () => {
    // Prepare
    granting('*', { Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE } } });
    const permissionsBoundary = stage.managed(allow('s3:*', '*'));

    // Act
    const answers = ['r', 'other'].map((name) => stage.ask(stage.role([], { name, permissionsBoundary }), SEND));

    // Assess
    expect(answers.map((answer) => answer === 'ok')).toEqual([true, false]);
  });

  it.each([
    ['a boundary', 'a permissions boundary'],
    ['a session policy', 'a session policy'],
  ])('does not overrule a Deny in %s', (what, where) => {
    // Prepare
    granting({ AWS: SESSION });
    const denying = [allow('*', '*'), deny('sqs:*', '*')];
    const caller =
      what === 'a boundary'
        ? stage.role([], { permissionsBoundary: stage.managed(...denying) })
        : stage.role([], { sessionPolicies: [policyOf(...denying)] });

    // Act
    const answer = stage.ask(caller, SEND);

    // Assess
    expect(answer).toContain(`with an explicit deny in ${where}`);
  });
});

describe('NotPrincipal with Deny', () => {
  const denyOthers = (...AWS: readonly string[]) => {
    stage.resourcePolicies[QUEUE] = policyOf(deny('*', '*', { NotPrincipal: { AWS } }));
  };

  // IAM User Guide, "NotPrincipal with Deny": the account may be checked first, then the role, then the session.
  it.each([
    [[ROOT, ROLE, SESSION], 'ok'],
    [[ROOT, ROLE], 'with an explicit deny in a resource-based policy'],
    [[ROOT, SESSION], 'with an explicit deny in a resource-based policy'],
    [[ROLE, SESSION], 'with an explicit deny in a resource-based policy'],
  ])('spares a session where account, role and session are named: %j', (principals, outcome) => {
    // Prepare
    denyOthers(...principals);

    // Act
    const answer = stage.ask(stage.role([allow('*', '*')]), SEND);

    // Assess
    expect(answer).toContain(outcome);
  });

  // IAM User Guide, "Permissions boundaries for IAM entities".
  it('spares nobody whose role has a boundary', () => {
    // Prepare
    denyOthers(ROOT, ROLE, SESSION);
    const permissionsBoundary = stage.managed(allow('*', '*'));

    // Act
    const answer = stage.ask(stage.role([allow('*', '*')], { permissionsBoundary }), SEND);

    // Assess
    expect(answer).toContain('with an explicit deny in a resource-based policy');
  });
});

describe('An ARN', () => {
  it.each([
    ['*', true],
    ['arn:aws:sqs:*', true],
    [`arn:aws:sqs:*:${accountId}:queue-blue`, true],
    [`arn:aws:sqs:${region}:*:queue-*`, true],
    ['arn:aws:sqs:*:*:queue-????', true],
    ['arn:aws:s*:*:*:queue-blue', true],
    [`arn:aws:sqs:${region}:${accountId}:QUEUE-BLUE`, false],
    [`arn:aws:sqs:us-*:${accountId}:queue-blue`, false],
  ])('of a policy, %s', (resource, allowed) => {
    expect(isAllowed(allow('*', resource))).toBe(allowed);
  });
});

describe('An action', () => {
  it.each([
    ['SQS:SENDMESSAGE', true],
    ['sqs:Send?essage', true],
    ['sqs:*Message', true],
    ['sqs:Send', false],
  ])('of a policy, %s', (action, allowed) => {
    expect(isAllowed(allow(action, '*'))).toBe(allowed);
  });
});
