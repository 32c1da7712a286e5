import { CfnParameter, Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, ManagedPolicy, PermissionsBoundary, Role, User } from 'aws-cdk-lib/aws-iam';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type InvokerOptions, RedshiftTarget, type SfnRedshiftTaskerProps } from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { propertiesOf } from '../helpers/readable.ts';
import { handlerRole, policyOf, warningsOf } from '../helpers/supplies.ts';
import { addTasker, newStack, synthesize } from '../helpers/synth.ts';

const reports = RedshiftTarget.cluster({ clusterIdentifier: 'c1', database: 'dev', dbUser: 'reports' });

const withTarget = (target = reports, options?: InvokerOptions, props: Partial<SfnRedshiftTaskerProps> = {}) => {
  const stack = newStack();
  const tasker = addTasker(stack, props);
  const added = tasker.addTarget('reports', target, options);
  return { stack, tasker, added, template: Template.fromStack(stack) };
};

const variablesOf = (template: Template, id: string) =>
  (propertiesOf(template, 'AWS::Lambda::Function', id)['Environment'] as { Variables: Record<string, string> })
    .Variables;

const POLICY = 'TaskerTargetsreportsInvokerRoleDefaultPolicy';
const OWN_ROLE = '${TaskerInvokerRoleACD144BD.Arn}';
const usual = synthesize().template;

describe('a target that is added', () => {
  const { template, added, stack } = withTarget();
  const role = variablesOf(template, 'TaskerTargetsreportsInvoker').SFN_REDSHIFT_OWNER_ROLE_ARN;

  it('brings an invoker with a role and a log group, and nothing else', () => {
    const types = (of: Template) =>
      Object.values((of.toJSON() as { Resources: Record<string, { Type: string }> }).Resources).map(({ Type }) => Type);
    const more = types(template).sort();
    for (const type of types(usual)) more.splice(more.indexOf(type), 1);
    expect(more).toEqual([
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::Lambda::Function',
      'AWS::Logs::LogGroup',
    ]);
  });

  it('has the environment of the tasker, and its own connection, id, service and owner role', () => {
    const { SFN_REDSHIFT_OWNER_ROLE_ARN: owner, ...variables } = variablesOf(template, 'TaskerTargetsreportsInvoker');
    expect(owner).not.toBe(OWN_ROLE);
    const { SFN_REDSHIFT_OWNER_ROLE_ARN: _own, ...ofTasker } = variablesOf(usual, 'TaskerInvoker');
    expect(variables).toEqual({
      ...ofTasker,
      SFN_REDSHIFT_TARGET_ID: 'reports',
      SFN_REDSHIFT_DB_USER: 'reports',
      POWERTOOLS_SERVICE_NAME: 'invoker-reports',
    });
  });

  it('enters Redshift as its own user, and as no other', () => {
    const [own, other] = [policyOf(template, POLICY), policyOf(template, 'TaskerInvokerRoleDefaultPolicy')];
    expect(own.map(({ Sid }) => Sid)).toEqual(other.map(({ Sid }) => Sid));
    expect(JSON.stringify(own)).toContain('dbuser:c1/reports');
    expect(JSON.stringify(own)).not.toContain('dbuser:c1/etl');
    expect(JSON.stringify(other)).not.toContain('reports');
    expect(JSON.stringify(own)).not.toContain('AssumeRole');
  });

  it('leaves the resources of the tasker as they are', () => {
    const ids = (of: Template) => Object.keys((of.toJSON() as { Resources: object }).Resources);
    expect(ids(template)).toEqual(expect.arrayContaining(ids(usual)));
  });

  it('is acted for by both completers, which its role trusts', () => {
    for (const id of ['Drain', 'Sweep']) {
      const assumed = policyOf(template, `Tasker${id}RoleDefaultPolicy`).filter(
        ({ Action }) => Action === 'sts:AssumeRole',
      );
      expect(assumed.map(({ Resource }) => Resource)).toEqual([OWN_ROLE, role]);
    }
    expect(JSON.stringify(propertiesOf(template, 'AWS::IAM::Role', 'TaskerTargetsreportsInvokerRole'))).toMatch(
      /TaskerDrainRole.*TaskerSweepRole/,
    );
  });

  it('starts nothing before the way of its completion is there', () => {
    const [made] = Object.entries(template.findResources('AWS::Lambda::Function')).filter(([id]) =>
      id.includes('Targets'),
    );
    const [own] = Object.entries(template.findResources('AWS::Lambda::Function')).filter(([id]) =>
      /^TaskerInvoker/.test(id),
    );
    const outside = (ids: string[]) => ids.filter((id) => !/Invoker/.test(id)).sort();
    expect(outside(made?.[1]['DependsOn'] as string[])).toEqual(outside(own?.[1]['DependsOn'] as string[]));
  });

  it('counts its starts for itself', () => {
    const metrics = [added.metricStatementsStarted(), added.metricStartsRefused(), added.metricStartsUncertain()];
    expect(metrics.map(({ metricName, dimensions }) => [metricName, dimensions])).toEqual([
      ['StatementStarted', { service: 'invoker-reports' }],
      ['StartRefused', { service: 'invoker-reports' }],
      ['StartUncertain', { service: 'invoker-reports' }],
    ]);
    expect(added.metricStartsRefused({ period: Duration.hours(1) }).period.toMinutes()).toBe(60);
  });

  it('runs the SQL of custom resources, which come after its invoker and the destination of its failures', () => {
    const [token] = [stack.resolve(added.serviceToken) as unknown];
    expect(JSON.stringify(token)).toMatch(/TaskerTargetsreportsInvoker\w+","Arn".*TaskerTargetsreportsInvokerFailures/);
  });

  it('brings no warning', () => {
    expect(added.targetId).toBe('reports');
    expect(warningsOf(stack)).toEqual([]);
  });

  it('lets those in that it is told to, and only to its own invoker', () => {
    const other = newStack();
    const target = addTasker(other).addTarget('reports', reports);
    target.grantInvoke(new User(other, 'Caller'));
    const [statement, ...more] = policyOf(Template.fromStack(other), 'CallerDefaultPolicy');
    expect(more).toEqual([]);
    const invoker = expect.stringMatching(/^\$\{TaskerTargetsreportsInvoker\w+\.Arn\}(:\$LATEST)?$/) as string;
    expect(statement).toMatchObject({ Action: 'lambda:InvokeFunction', Resource: [invoker, invoker] });
  });
});

describe('a target with', () => {
  it('a secret lets nobody else see it', () => {
    const stack = newStack();
    const tasker = addTasker(stack);
    const secret = new Secret(stack, 'Login') as ISecret;
    tasker.addTarget('reports', RedshiftTarget.clusterWithSecret({ clusterIdentifier: 'c1', database: 'dev', secret }));
    const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, unknown> };
    const readers = Object.entries(Resources).filter(([, resource]) =>
      JSON.stringify(resource).includes('GetSecretValue'),
    );
    expect(readers.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual([POLICY]);
  });

  it('an owner role is acted for by its own invoker alone, beside the completers', () => {
    const stack = newStack();
    const tasker = addTasker(stack);
    const ownerRole = new Role(stack, 'Owner', { assumedBy: new AccountRootPrincipal() });
    tasker.addTarget(
      'reports',
      RedshiftTarget.cluster({ clusterIdentifier: 'c1', database: 'dev', dbUser: 'r', ownerRole }),
    );
    const template = Template.fromStack(stack);
    const assumes = (id: string) => JSON.stringify(policyOf(template, id)).includes('${Owner');
    expect(assumes(POLICY)).toBe(true);
    expect(assumes('TaskerDrainRoleDefaultPolicy')).toBe(true);
    expect(assumes('TaskerSweepRoleDefaultPolicy')).toBe(true);
    expect(assumes('TaskerInvokerRoleDefaultPolicy')).toBe(false);
  });

  it('options runs by them', () => {
    const { template } = withTarget(reports, { memorySize: 512, environment: { LEVEL: 'x' }, reservedConcurrency: 3 });
    expect(propertiesOf(template, 'AWS::Lambda::Function', 'TaskerTargetsreportsInvoker')).toMatchObject({
      MemorySize: 512,
      ReservedConcurrentExecutions: 3,
      Environment: { Variables: { LEVEL: 'x', SFN_REDSHIFT_TARGET_ID: 'reports' } },
    });
  });

  it('supplied roles of the completers gives those what they need for it, or prints it', () => {
    const stack = newStack();
    const completer = { role: handlerRole(stack, 'Draining') };
    const sweep = { role: Role.fromRoleArn(stack, 'S', 'arn:aws:iam::111122223333:role/s', { mutable: false }) };
    const tasker = addTasker(stack, { completer, sweep });
    tasker.addTarget('reports', reports);
    const template = Template.fromStack(stack);
    expect(policyOf(template, 'TaskerTargetsreportsDrainPolicy')).toMatchObject([
      { Action: 'sts:AssumeRole', Resource: expect.stringMatching(/^\$\{TaskerTargetsreportsInvokerRole/) },
    ]);
    expect(warningsOf(stack).at(-1)).toMatch(/^sweep\.role: .*must hold: .*TaskerTargetsreportsInvokerRole/);
  });

  it('a permissions boundary of the stack is bound by it', () => {
    const stack = newStack();
    PermissionsBoundary.of(stack).apply(ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary'));
    addTasker(stack).addTarget('reports', reports);
    expect(propertiesOf(Template.fromStack(stack), 'AWS::IAM::Role', 'TaskerTargetsreportsInvokerRole')).toHaveProperty(
      'PermissionsBoundary',
    );
  });
});

describe('several targets', () => {
  it('stand side by side, in every policy by statements of which no two share a name', () => {
    const stack = newStack();
    const tasker = addTasker(stack);
    for (const id of ['a', 'b', 'Invoker', 'Key']) tasker.addTarget(id, reports);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Lambda::Function', 7);
    for (const id of ['Drain', 'Sweep']) {
      const sids = policyOf(template, `Tasker${id}RoleDefaultPolicy`).flatMap(({ Sid }) => Sid ?? []);
      expect(new Set(sids).size).toBe(sids.length);
    }
  });
});

describe('a target that cannot be', () => {
  const refused: [string, (stack: Stack) => [string, InvokerOptions?], string][] = [
    [
      'has an id that another has',
      () => ['reports'],
      `addTarget.id: must differ from those of the tasker's other targets (default, reports); received "reports"`,
    ],
    [
      'has the id of the first',
      () => ['default'],
      `addTarget.id: must differ from those of the tasker's other targets (default, reports); received "default"`,
    ],
    [
      'has an id that is none',
      () => ['a/b'],
      'addTarget.id: must be 1 to 64 letters, digits or any of . _ -, a letter or digit first; received "a/b"',
    ],
    [
      'has an id that is not known',
      (stack) => [new CfnParameter(stack, 'Id').valueAsString],
      'addTarget.id: must be 1 to 64 letters, digits or any of . _ -, a letter or digit first, and known at synthesis; received "(a token)"',
    ],
    [
      'has options out of range',
      () => ['x', { memorySize: 1 }],
      'addTarget(x).memorySize: must be a whole number from 128 to 10240; received 1',
    ],
    [
      'has variables of the tasker',
      () => ['x', { environment: { SFN_REDSHIFT_TARGET_ID: 'reports' } }],
      'addTarget(x).environment.SFN_REDSHIFT_TARGET_ID: is set by the tasker and must be left out; received "reports"',
    ],
  ];

  it.each(refused)('is refused: one that %s', (_what, argumentsIn, message) => {
    const stack = newStack();
    const tasker = addTasker(stack);
    tasker.addTarget('reports', reports);
    const [id, options] = argumentsIn(stack);
    expect(() => tasker.addTarget(id, reports, options)).toThrow(new Error(message));
  });

  it('is refused: one with the role of another function of the tasker', () => {
    const stack = newStack();
    const role = handlerRole(stack, 'One');
    const tasker = addTasker(stack, { completer: { role: handlerRole(stack, 'Draining') } });
    tasker.addTarget('a', reports, { role });
    for (const [taken, path] of [[role, 'Stack/One'] as const, [tasker.drain.role, 'Stack/Draining'] as const]) {
      expect(() => tasker.addTarget('b', reports, { role: taken as Role })).toThrow(
        new Error(`addTarget(b).role: must be the role of no other function of the tasker; received "${path}"`),
      );
    }
  });
});
