import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { SfnRedshiftTaskerProps } from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { propertiesOf } from '../helpers/readable.ts';
import { handlerRole, policyOf, warningsOf } from '../helpers/supplies.ts';
import { addTasker, newApp, newStack, synthesize } from '../helpers/synth.ts';

type Props = Partial<SfnRedshiftTaskerProps>;
const HANDLERS = ['Invoker', 'Drain', 'Sweep'] as const;
const usual = synthesize().template;
const statementsOf = (template: Template, id: string) =>
  policyOf(template, id).map(({ Sid, Action }) => ({ Sid, Action }));

describe('roles that are supplied', () => {
  const rolesIn = (stack: Stack) => ({
    invoker: { role: handlerRole(stack, 'Invoking') },
    completer: { role: handlerRole(stack, 'Draining') },
    sweep: { role: handlerRole(stack, 'Sweeping') },
  });

  it('are run with, get the policies of those that are made, and none is made', () => {
    const stack = newStack();
    const { template } = synthesize(rolesIn(stack), stack);
    template.resourceCountIs('AWS::IAM::Role', 3);
    for (const handler of HANDLERS) {
      expect(statementsOf(template, `Tasker${handler}Policy`)).toEqual(
        statementsOf(usual, `Tasker${handler}RoleDefaultPolicy`),
      );
    }
    expect(propertiesOf(template, 'AWS::Lambda::Function', 'TaskerDrain')).toMatchObject({
      Role: expect.stringMatching(/^\$\{Draining/),
    });
    expect(warningsOf(stack)).toEqual([]);
  });

  it('of the invoker are trusted to the completers, as they own statements', () => {
    const stack = newStack();
    const { template } = synthesize({ invoker: { role: handlerRole(stack, 'Invoking') } }, stack);
    const { AssumeRolePolicyDocument } = propertiesOf(template, 'AWS::IAM::Role', 'Invoking') as {
      AssumeRolePolicyDocument: { Statement: { Principal: unknown }[] };
    };
    expect(AssumeRolePolicyDocument.Statement.map(({ Principal }) => Principal)).toEqual([
      { Service: 'lambda.amazonaws.com' },
      { AWS: ['${TaskerDrainRoleDAC58A97.Arn}', '${TaskerSweepRole13C5001C.Arn}'] },
    ]);
  });

  it('may be of another stack, which does not come to need this one', () => {
    const app = newApp();
    const roles = new Stack(app, 'Roles');
    const stack = new Stack(app, 'Stack');
    addTasker(stack, rolesIn(roles));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Role', 0);
    template.resourceCountIs('AWS::IAM::Policy', 3);
    Template.fromStack(roles).resourceCountIs('AWS::IAM::Policy', 0);
    expect(warningsOf(stack)).toEqual([]);
  });

  it('of the invoker, from another stack than those that are to assume it, bring a warning that prints the trust', () => {
    const app = newApp();
    const stack = new Stack(app, 'Stack');
    addTasker(stack, { invoker: { role: handlerRole(new Stack(app, 'Roles'), 'Invoking') } });
    expect(warningsOf(stack)).toEqual([
      expect.stringMatching(/^invoker\.role: the trust of a role .* must hold: \{"Action":"sts:AssumeRole"/),
    ]);
  });

  it('are used before their policies are there by no function', () => {
    const stack = newStack();
    const { template } = synthesize(rolesIn(stack), stack);
    for (const handler of HANDLERS) {
      const [made] = Object.entries(template.findResources('AWS::Lambda::Function')).filter(([id]) =>
        id.startsWith(`Tasker${handler}`),
      );
      expect(made?.[1]['DependsOn']).toContainEqual(expect.stringMatching(`^Tasker${handler}Policy`));
    }
  });

  it('and imported as not to be changed, bring warnings that print what they must hold', () => {
    const stack = newStack();
    const role = (id: string) =>
      Role.fromRoleArn(stack, id, `arn:aws:iam::111122223333:role/${id}`, { mutable: false });
    const props = { invoker: { role: role('A') }, completer: { role: role('B') }, sweep: { role: role('C') } };
    const { template } = synthesize(props, stack);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    const warnings = warningsOf(stack);
    for (const [property, sid] of [
      ['invoker.role', 'StartStatements'],
      ['completer.role', 'ReceiveCompletions'],
      ['sweep.role', 'FollowExecutions'],
    ]) {
      expect(warnings).toContainEqual(
        expect.stringMatching(`^${property}: its policy cannot be changed from here. It must hold: .*"Sid":"${sid}"`),
      );
    }
    expect(warnings).toHaveLength(4);
  });

  it.each(['completer', 'sweep'])('are refused for the invoker where they are that of %s, too', (other) => {
    const stack = newStack();
    const role = handlerRole(stack, 'One');
    expect(() => addTasker(stack, { invoker: { role }, [other]: { role } })).toThrow(
      'invoker.role: must not be the role of completer or sweep, which are to assume it; received "Stack/One"',
    );
  });
});

describe('log groups that are supplied', () => {
  it('are written to, those alone, and none is made', () => {
    const stack = newStack();
    const group = (id: string) => ({ logGroup: LogGroup.fromLogGroupName(stack, id, id) });
    const { template } = synthesize({ invoker: group('a'), completer: group('b'), sweep: group('c') }, stack);
    template.resourceCountIs('AWS::Logs::LogGroup', 0);
    for (const [handler, name] of [['Invoker', 'a'] as const, ['Drain', 'b'] as const, ['Sweep', 'c'] as const]) {
      expect(propertiesOf(template, 'AWS::Lambda::Function', `Tasker${handler}`)).toMatchObject({
        LoggingConfig: { LogGroup: name },
      });
      const logs = policyOf(template, `Tasker${handler}RoleDefaultPolicy`).find(({ Sid }) => Sid === 'WriteLogs');
      expect(logs?.Resource).toMatch(new RegExp(`:log-group:${name}:\\*$`));
    }
  });
});

describe('environment variables that are supplied', () => {
  const variablesOf = (template: Template, id: string) =>
    (propertiesOf(template, 'AWS::Lambda::Function', id)['Environment'] as { Variables: Record<string, string> })
      .Variables;

  it('stand beside those that the handler needs (predecessor fault 19)', () => {
    const environment = { POWERTOOLS_LOG_LEVEL: 'DEBUG', NODE_OPTIONS: '--trace-warnings' };
    const { template } = synthesize({ invoker: { environment }, completer: { environment }, sweep: { environment } });
    for (const handler of HANDLERS) {
      expect(variablesOf(template, `Tasker${handler}`)).toEqual({
        ...variablesOf(usual, `Tasker${handler}`),
        ...environment,
      });
    }
  });

  const refused: [Props, string][] = [
    [
      { invoker: { environment: { SFN_REDSHIFT_TABLE_NAME: 'x' } } },
      'invoker.environment.SFN_REDSHIFT_TABLE_NAME: is set by the tasker and must be left out; received "x"',
    ],
    [
      { completer: { environment: { POWERTOOLS_SERVICE_NAME: 'mine' } } },
      'completer.environment.POWERTOOLS_SERVICE_NAME: is set by the tasker and must be left out; received "mine"',
    ],
    [
      { sweep: { environment: { SFN_REDSHIFT_NEW: '' } } },
      'sweep.environment.SFN_REDSHIFT_NEW: is set by the tasker and must be left out; received ""',
    ],
    [
      { sweep: { environment: { AWS_REGION: 'eu-west-1' } } },
      'sweep.environment.AWS_REGION: is set by AWS Lambda and must be left out; received "eu-west-1"',
    ],
    [
      { invoker: { environment: { 'LOG-LEVEL': 'x' } } },
      'invoker.environment: must hold names of two or more letters, digits and _, a letter first; received "LOG-LEVEL"',
    ],
    [
      { invoker: { environment: { LEVEL: 7 as unknown as string } } },
      'invoker.environment.LEVEL: must be a text; received 7',
    ],
  ];

  it.each(refused)('%j is refused by name', (props, message) => {
    expect(() => addTasker(newStack(), props)).toThrow(new Error(message));
  });
});

describe('a VPC', () => {
  const importedVpc = (stack: Stack) =>
    Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      privateSubnetIds: ['subnet-1', 'subnet-2'],
      isolatedSubnetIds: ['subnet-3', 'subnet-4'],
    });

  it('holds all functions, by default in private subnets and in groups of their own that let nothing in', () => {
    const stack = newStack();
    const { template } = synthesize({ vpc: importedVpc(stack) }, stack);
    for (const handler of HANDLERS) {
      expect(propertiesOf(template, 'AWS::Lambda::Function', `Tasker${handler}`)).toMatchObject({
        VpcConfig: {
          SubnetIds: ['subnet-1', 'subnet-2'],
          SecurityGroupIds: [expect.stringMatching(`^\\$\\{Tasker${handler}SecurityGroup`)],
        },
      });
      const attach = policyOf(template, `Tasker${handler}RoleDefaultPolicy`).find(({ Sid }) => Sid === 'AttachToVpc');
      expect(attach?.Action).toContain('ec2:CreateNetworkInterface');
    }
    const groups = Object.values(template.findResources('AWS::EC2::SecurityGroup'));
    expect(groups.map(({ Properties }) => (Properties as object)['SecurityGroupIngress' as never])).toEqual(
      Array(3).fill(undefined),
    );
    expect(warningsOf(stack)).toEqual([]);
  });

  it('is entered in the subnets and by the groups that are given', () => {
    const stack = newStack();
    const vpc = importedVpc(stack);
    const securityGroups = [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')];
    const props = { vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED }, securityGroups };
    const { template } = synthesize(props, stack);
    for (const handler of HANDLERS) {
      expect(propertiesOf(template, 'AWS::Lambda::Function', `Tasker${handler}`)).toMatchObject({
        VpcConfig: { SubnetIds: ['subnet-3', 'subnet-4'], SecurityGroupIds: ['sg-1'] },
      });
    }
    template.resourceCountIs('AWS::EC2::SecurityGroup', 0);
  });

  it('gets a supplied role what it needs there, too', () => {
    const stack = newStack();
    const { template } = synthesize({ vpc: importedVpc(stack), sweep: { role: handlerRole(stack, 'Own') } }, stack);
    expect(policyOf(template, 'TaskerSweepPolicy').map(({ Sid }) => Sid)).toContain('AttachToVpc');
  });

  const without: [string, (stack: Stack) => Props, string][] = [
    [
      'subnets',
      () => ({ vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } }),
      'vpcSubnets: is of a VPC, and must be given together with vpc; received "Isolated"',
    ],
    [
      'security groups',
      (stack) => ({ securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] }),
      'securityGroups: is of a VPC, and must be given together with vpc; received ["Stack/Group"]',
    ],
    [
      'any group in it',
      (stack) => ({ vpc: importedVpc(stack), securityGroups: [] }),
      'securityGroups: must be at least one, or left out; received []',
    ],
  ];

  it.each(without)('is needed for %s', (_what, propsIn, message) => {
    const stack = newStack();
    expect(() => addTasker(stack, propsIn(stack))).toThrow(new Error(message));
  });
});
