import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningStacks, startStacks } from '../../helpers/stacks.ts';

const document = (...actions: readonly string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
});
const role = (more: Record<string, unknown> = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: 'r',
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    ...more,
  },
});
const managed = (actions: readonly string[], more: Record<string, unknown> = {}) => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: { PolicyDocument: document(...actions), ...more },
});
const inline = (...actions: readonly string[]) => ({
  Type: 'AWS::IAM::Policy',
  Properties: { PolicyName: 'inline', PolicyDocument: document(...actions), Roles: [{ Ref: 'Role' }] },
});

describe('Roles and policies of a stack', () => {
  let stage: RunningStacks;
  beforeEach(async () => {
    stage = await startStacks();
  });
  afterEach(() => stage.close());

  const deploy = (Resources: Record<string, object>) => stage.deploy({ Stack: { Resources } });
  /** Actions of the role's policies and of its boundary, as they are evaluated. */
  const granted = () => {
    const { arn = '' } = stage.identities.roles()[0] ?? {};
    const { identity, boundary } = stage.identities.grantsOf(arn);
    const actions = (grants: typeof identity) =>
      grants.flatMap(({ statement }) => statement.actions.patterns.map(({ text }) => text));
    return { identity: actions(identity), boundary: boundary && actions(boundary) };
  };

  it('are evaluated together, whichever of them names the other', async () => {
    // Act
    await deploy({
      Role: role({
        ManagedPolicyArns: [{ Ref: 'Named' }, 'arn:aws:iam::aws:policy/AmazonSQSFullAccess'],
        PermissionsBoundary: { Ref: 'Boundary' },
        Policies: [{ PolicyName: 'own', PolicyDocument: document('kms:*') }],
        Tags: [{ Key: 'team', Value: 'blue' }],
      }),
      Named: managed(['s3:*']),
      Naming: managed(['logs:*'], { Roles: [{ Ref: 'Role' }] }),
      Boundary: managed(['*']),
      Inline: inline('states:*'),
    });

    // Assess
    const { identity, boundary } = granted();
    expect([...identity].sort()).toEqual(['kms:*', 'logs:*', 's3:*', 'sqs:*', 'states:*']);
    expect(boundary).toEqual(['*']);
    expect(stage.identities.roles()).toMatchObject([{ name: 'r', tags: { team: 'blue' } }]);
  });

  it('change with the template', async () => {
    // Prepare
    await deploy({
      Role: role({ ManagedPolicyArns: [{ Ref: 'Named' }], PermissionsBoundary: { Ref: 'Boundary' } }),
      Named: managed(['s3:*']),
      Boundary: managed(['s3:Get*']),
      Inline: inline('states:*'),
    });
    const before = granted();

    // Act
    await deploy({
      Role: role({ ManagedPolicyArns: [{ Ref: 'Named' }], PermissionsBoundary: { Ref: 'Boundary' } }),
      Named: managed(['sqs:*']),
      Boundary: managed(['sqs:Get*']),
      Inline: inline('kms:*'),
    });
    const changed = granted();
    await deploy({ Role: role() });

    // Assess
    expect([before, changed, granted()]).toEqual([
      { identity: ['states:*', 's3:*'], boundary: ['s3:Get*'] },
      { identity: ['kms:*', 'sqs:*'], boundary: ['sqs:Get*'] },
      { identity: [], boundary: undefined },
    ]);
  });

  it('go with the stack', async () => {
    // Prepare
    await deploy({ Role: role(), Naming: managed(['s3:*'], { Roles: [{ Ref: 'Role' }] }) });

    // Act
    await stage.deploy({ Other: { Resources: { Group: { Type: 'AWS::Logs::LogGroup' } } } });

    // Assess
    expect(stage.identities.roles()).toEqual([]);
  });

  it('give the role id that its sessions show', async () => {
    // Act
    await stage.deploy({
      Stack: { Resources: { Role: role() }, Outputs: { Id: { Value: { 'Fn::GetAtt': ['Role', 'RoleId'] } } } },
    });

    // Assess
    expect(stage.stack().outputs.Id).toBe(stage.identities.roles()[0]?.id);
  });

  it('are refused where they could not be evaluated', async () => {
    // Prepare
    const Condition = { StringEquals: { 'aws:ResourceTag/team': 'blue' } };
    const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*', Condition }];

    // Act
    const refused = deploy({
      Role: role({ Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement } }] }),
    });

    // Assess
    await expect(refused).rejects.toThrow(
      'property Policies[0].PolicyDocument is not accepted: The condition key aws:ResourceTag/team is not supported.',
    );
  });
});
