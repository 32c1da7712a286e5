import { describe, expect, it } from 'vitest';
import { Identities } from '../../../src/iam/identities.ts';
import { account } from '../../helpers/gateway.ts';

const ARN = `arn:aws:iam::${account.accountId}:role/r`;
const withTrust = (statement: Record<string, unknown>) => {
  const identities = new Identities(account);
  const trustPolicy = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', ...statement } };
  identities.putRole({ name: 'r', arn: ARN, trustPolicy });
  return identities;
};
const lambda = { Principal: { Service: 'lambda.amazonaws.com' } };

describe('A role', () => {
  it('is assumed by a service that it trusts', () => {
    // Prepare
    const identities = withTrust(lambda);

    // Act
    const session = identities.assume(ARN, 'lambda.amazonaws.com', 'f');

    // Assess
    expect(session).toEqual({
      type: 'role',
      arn: `arn:aws:sts::${account.accountId}:assumed-role/r/f`,
      roleArn: ARN,
      sessionName: 'f',
      sessionPolicies: [],
    });
    expect(identities.resolve(identities.credentialsFor(session).accessKeyId)).toBe(session);
  });

  it.each([
    ['another service', withTrust(lambda), 'states.amazonaws.com', {}],
    ['a role that does not exist', new Identities(account), 'lambda.amazonaws.com', {}],
    [
      'a source that the trust policy does not name',
      withTrust({ ...lambda, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:lambda:*:*:function:g' } } }),
      'lambda.amazonaws.com',
      { 'aws:SourceArn': 'arn:aws:lambda:x:1:function:f' },
    ],
  ])('is refused to %s', (_case, identities, principal, context) => {
    expect(() => identities.assume(ARN, principal, 'f', context)).toThrow(
      expect.objectContaining({
        code: 'AccessDenied',
        message: `User: ${principal} is not authorized to perform: sts:AssumeRole on resource: ${ARN}`,
      }),
    );
  });

  it('is assumed for a source that the trust policy names', () => {
    // Prepare
    const Condition = {
      ArnLike: { 'aws:SourceArn': 'arn:aws:lambda:*:*:function:f' },
      StringEquals: { 'aws:SourceAccount': account.accountId },
    };
    const identities = withTrust({ ...lambda, Condition });

    // Act
    const session = identities.assume(ARN, 'lambda.amazonaws.com', 'f', {
      'aws:SourceArn': 'arn:aws:lambda:x:1:function:f',
    });

    // Assess
    expect(session.roleArn).toBe(ARN);
  });

  it('has no rights once it is deleted, though its sessions live', () => {
    // Prepare
    const identities = withTrust(lambda);
    identities.putRolePolicy('r', 'p', {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
    });
    const before = identities.grantsOf(ARN).identity.length;

    // Act
    identities.deleteRole('r');

    // Assess
    expect([before, identities.grantsOf(ARN).identity.length]).toEqual([1, 0]);
  });

  it('is assumed by Step Functions under its global and its regional name', () => {
    for (const name of ['states.amazonaws.com', `states.${account.region}.amazonaws.com`])
      expect(withTrust({ Principal: { Service: name } }).assume(ARN, 'states.amazonaws.com', 's').roleArn).toBe(ARN);
    expect(() =>
      withTrust({ Principal: { Service: 'states.us-west-1.amazonaws.com' } }).assume(ARN, 'states.amazonaws.com', 's'),
    ).toThrow('is not authorized');
  });
});

describe('The policies of a role', () => {
  const policy = (Action: string) => ({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource: '*' } });
  const MANAGED = `arn:aws:iam::${account.accountId}:policy/m`;
  const trustPolicy = { Version: '2012-10-17', Statement: [] };
  const actionsOf = (identities: Identities) =>
    identities.grantsOf(ARN).identity.flatMap(({ statement }) => statement.actions.patterns.map(({ text }) => text));

  it('are those that it names and those that were put on it, inline and managed', () => {
    // Prepare
    const identities = new Identities(account);
    identities.putManagedPolicy(MANAGED, policy('s3:*'));
    identities.putRole({ name: 'r', arn: ARN, trustPolicy, policies: { own: policy('sqs:*') } });

    // Act
    identities.putRolePolicy('r', 'added', policy('kms:*'));
    identities.attachRolePolicy('r', MANAGED);

    // Assess
    expect(actionsOf(identities)).toEqual(['sqs:*', 'kms:*', 's3:*']);
  });

  it('are replaced with the role, but for those that were put on it', () => {
    // Prepare
    const identities = new Identities(account);
    const role = { name: 'r', arn: ARN, trustPolicy };
    identities.putRole({ ...role, policies: { one: policy('sqs:*') } });
    identities.putRolePolicy('r', 'added', policy('kms:*'));

    // Act
    identities.putRole({ ...role, policies: { other: policy('s3:*') } });
    const replaced = actionsOf(identities);
    identities.deleteRolePolicy('r', 'added');

    // Assess
    expect([replaced, actionsOf(identities)]).toEqual([['s3:*', 'kms:*'], ['s3:*']]);
  });

  it('follow a managed policy that changes, is detached or deleted', () => {
    // Prepare
    const identities = new Identities(account);
    identities.putManagedPolicy(MANAGED, policy('s3:*'));
    identities.putRole({ name: 'r', arn: ARN, trustPolicy, managedPolicyArns: [MANAGED] });
    const before = actionsOf(identities);

    // Act
    identities.putManagedPolicy(MANAGED, policy('sqs:*'));
    const changed = actionsOf(identities);
    identities.deleteManagedPolicy(MANAGED);
    const deleted = actionsOf(identities);
    identities.putManagedPolicy(MANAGED, policy('sqs:*'));
    identities.putRole({ name: 'r', arn: ARN, trustPolicy });
    identities.attachRolePolicy('r', MANAGED);
    identities.detachRolePolicy('r', MANAGED);

    // Assess
    expect([before, changed, deleted, actionsOf(identities)]).toEqual([['s3:*'], ['sqs:*'], [], []]);
  });

  it('cannot be put on a role that does not exist', () => {
    const identities = new Identities(account);
    const missing = expect.objectContaining({ code: 'NoSuchEntity' });
    expect(() => identities.putRolePolicy('r', 'p', policy('s3:*'))).toThrow(missing);
    expect(() => identities.attachRolePolicy('r', MANAGED)).toThrow(missing);
  });
});

describe('Access keys', () => {
  it('of no stage act as the administrator', () => {
    expect(new Identities(account).resolve('AKIAIOSFODNN7EXAMPLE')).toEqual({
      type: 'administrator',
      arn: `arn:aws:iam::${account.accountId}:root`,
    });
  });

  it('expire, and unknown ones of a stage are refused', () => {
    // Prepare
    const identities = withTrust(lambda);
    const session = identities.sessionOf(ARN, 's');
    const { accessKeyId } = identities.temporaryCredentialsFor(session, { expiresAt: 1000, now: 0 });

    // Act
    const inTime = identities.resolve(accessKeyId, 999);
    const late = () => identities.resolve(accessKeyId, 1000);
    const unknown = () => identities.resolve('ASIASTAGEAAAAAAAAAAA', 0);

    // Assess
    expect(inTime).toBe(session);
    expect(late).toThrow(expect.objectContaining({ code: 'ExpiredTokenException' }));
    expect(unknown).toThrow(expect.objectContaining({ code: 'UnrecognizedClientException' }));
  });
});
