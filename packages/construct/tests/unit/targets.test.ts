import { type App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { CfnNamespace, CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import { type ISecret, Secret, type SecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import { RedshiftTarget, ServerlessWorkgroup } from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { propertiesOf } from '../helpers/readable.ts';
import { addTasker, newApp, newCheckedApp, newStack, synthesize } from '../helpers/synth.ts';

const PLACE = '${AWS::Region}:${AWS::AccountId}';
const ARN = 'arn:${AWS::Partition}';
const WORKGROUP_ARN = 'arn:aws:redshift-serverless:eu-west-1:111122223333:workgroup/1b2c-3d';
const CLUSTER = { clusterIdentifier: 'c1', database: 'dev' };

interface Statement {
  readonly Sid?: string;
}

/** Without the hashes at the ends of logical ids. */
const plain = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value).replaceAll(/(\$\{\w+?)[0-9A-F]{8}(?=[.}])/g, '$1')) as T;

const partOf = (template: Template, type: string, id: string) => plain(propertiesOf(template, type, id));

const statementsOf = (template: Template, id: string): readonly Statement[] =>
  (partOf(template, 'AWS::IAM::Policy', id)['PolicyDocument'] as { Statement: Statement[] }).Statement;

const allow = (Sid: string, Action: string | readonly string[], Resource: unknown, Condition?: unknown) => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition !== undefined && { Condition }),
});

type MakeTarget = (stack: Stack) => RedshiftTarget;

/** What a target adds to the role of the invoker: what stands after `StartStatements`, and before the dead-letter queue. */
const addedBy = (make: MakeTarget, stack = newStack()) => {
  const { template } = synthesize({ target: make(stack) }, stack);
  const statements = statementsOf(template, 'TaskerInvokerRoleDefaultPolicy');
  const first = statements.findIndex(({ Sid }) => Sid === 'StartStatements');
  const { Environment } = partOf(template, 'AWS::Lambda::Function', 'TaskerInvoker') as {
    Environment: { Variables: Record<string, string> };
  };
  const connection = Object.entries(Environment.Variables).flatMap(([name, value]) => {
    const short = /^SFN_REDSHIFT_(CLUSTER_.*|WORKGROUP_.*|DATABASE|DB_USER|SECRET_ARN|WAREHOUSE_.*|ASSUMES_.*)$/.exec(
      name,
    )?.[1];
    return short === undefined ? [] : [[short, value]];
  });
  return { statements: statements.slice(first, -1), connection: Object.fromEntries(connection) as object, template };
};

/** CDK's own types do not hold under exactOptionalPropertyTypes. */
const secretOf = (stack: Stack, props: SecretProps = {}) => new Secret(stack, 'Login', props) as ISecret;

const STARTS = ['redshift-data:BatchExecuteStatement', 'redshift-data:ExecuteStatement'];
const start = (resource: unknown) => allow('StartStatements', STARTS, resource);
const START_ON_CLUSTER = start(`${ARN}:redshift:${PLACE}:cluster:c1`);

describe('each way to connect needs exactly this, and tells the invoker no more:', () => {
  it('a cluster with a database user', () => {
    const { statements, connection } = addedBy(() => RedshiftTarget.cluster({ ...CLUSTER, dbUser: 'etl' }));
    expect(statements).toEqual([
      START_ON_CLUSTER,
      allow('EnterCluster', 'redshift:GetClusterCredentials', [
        `${ARN}:redshift:${PLACE}:dbname:c1/dev`,
        `${ARN}:redshift:${PLACE}:dbuser:c1/etl`,
      ]),
    ]);
    expect(connection).toEqual({ CLUSTER_IDENTIFIER: 'c1', DATABASE: 'dev', DB_USER: 'etl' });
  });

  it('a cluster with the IAM identity', () => {
    const { statements, connection } = addedBy(() => RedshiftTarget.clusterWithIamIdentity(CLUSTER));
    expect(statements).toEqual([
      START_ON_CLUSTER,
      allow('EnterCluster', 'redshift:GetClusterCredentialsWithIAM', `${ARN}:redshift:${PLACE}:dbname:c1/dev`),
    ]);
    expect(connection).toEqual({ CLUSTER_IDENTIFIER: 'c1', DATABASE: 'dev' });
  });

  it('a cluster with a secret', () => {
    const { statements, connection } = addedBy((stack) =>
      RedshiftTarget.clusterWithSecret({ ...CLUSTER, secret: secretOf(stack) }),
    );
    expect(statements).toEqual([START_ON_CLUSTER, allow('ReadSecret', 'secretsmanager:GetSecretValue', '${Login}')]);
    expect(connection).toEqual({ CLUSTER_IDENTIFIER: 'c1', DATABASE: 'dev', SECRET_ARN: '${Login}' });
  });

  it('a workgroup of the app', () => {
    const { statements, connection } = addedBy((stack) => {
      const workgroup = ServerlessWorkgroup.fromCfnWorkgroup(
        new CfnWorkgroup(stack, 'Group', { workgroupName: 'wg1' }),
      );
      return RedshiftTarget.serverless({ workgroup, database: 'dev' });
    });
    expect(statements).toEqual([
      start('${Group.Workgroup.WorkgroupArn}'),
      allow('EnterWorkgroup', 'redshift-serverless:GetCredentials', '${Group.Workgroup.WorkgroupArn}'),
    ]);
    expect(connection).toEqual({ WORKGROUP_NAME: '${Group}', DATABASE: 'dev' });
  });

  it('a workgroup by its ARN, with a secret', () => {
    const { statements, connection } = addedBy((stack) => {
      const workgroup = ServerlessWorkgroup.fromArn(WORKGROUP_ARN);
      return RedshiftTarget.serverlessWithSecret({ workgroup, database: 'My data', secret: secretOf(stack) });
    });
    expect(statements).toEqual([
      start(WORKGROUP_ARN),
      allow('ReadSecret', 'secretsmanager:GetSecretValue', '${Login}'),
    ]);
    expect(connection).toEqual({
      WORKGROUP_NAME: WORKGROUP_ARN,
      DATABASE: 'My data',
      SECRET_ARN: '${Login}',
    });
  });

  it('a workgroup by its name, which is wider and says so', () => {
    const stack = newStack();
    const workgroup = ServerlessWorkgroup.fromName('wg1');
    const { statements, connection } = addedBy(() => RedshiftTarget.serverless({ workgroup, database: 'dev' }), stack);

    const every = `${ARN}:redshift-serverless:${PLACE}:workgroup/*`;
    expect(statements).toEqual([start(every), allow('EnterWorkgroup', 'redshift-serverless:GetCredentials', every)]);
    expect(connection).toEqual({ WORKGROUP_NAME: 'wg1', DATABASE: 'dev' });
    Annotations.fromStack(stack).hasWarning(
      '/Stack/Tasker',
      Match.stringLikeRegexp('known by its name alone, wg1, so that .* every workgroup of the account and region'),
    );
  });
});

describe('a secret', () => {
  const withSecret = (make: (stack: Stack) => ISecret) =>
    addedBy((stack) => RedshiftTarget.clusterWithSecret({ ...CLUSTER, secret: make(stack) }));
  const arn = `${ARN}:secretsmanager:${PLACE}:secret`;
  const partial = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:etl-secret';

  it.each<[string, (stack: Stack) => ISecret, string, string]>([
    ['by name', (stack) => Secret.fromSecretNameV2(stack, 'S', 'etl/login'), 'etl/login', `${arn}:etl/login-??????`],
    [
      'by partial ARN, its last word as long as a suffix',
      (stack) => Secret.fromSecretPartialArn(stack, 'S', partial),
      'etl-secret',
      `${partial}-??????`,
    ],
    [
      'by complete ARN',
      (stack) => Secret.fromSecretCompleteArn(stack, 'S', `${partial}-AbCd12`),
      `${partial}-AbCd12`,
      `${partial}-AbCd12`,
    ],
  ])('is found and readable %s', (_how, make, told, readable) => {
    const { statements, connection } = withSecret(make);
    expect(connection).toMatchObject({ SECRET_ARN: told });
    expect(statements[1]).toEqual(allow('ReadSecret', 'secretsmanager:GetSecretValue', readable));
  });

  it('with a key of yours is decrypted, through Secrets Manager and this one only', () => {
    const { statements } = withSecret((stack) => secretOf(stack, { encryptionKey: new Key(stack, 'SecretKey') }));
    expect(statements.slice(2)).toEqual([
      allow('DecryptSecret', 'kms:Decrypt', '${SecretKey.Arn}', {
        StringLike: {
          'kms:EncryptionContext:SecretARN': '${Login}',
          'kms:ViaService': 'secretsmanager.${AWS::Region}.amazonaws.com*',
        },
      }),
    ]);
  });
});

describe('warehouseKey', () => {
  it('may be used by Redshift in the name of the role, for resources of AWS only', () => {
    const { statements, connection } = addedBy((stack) =>
      RedshiftTarget.clusterWithIamIdentity({ ...CLUSTER, warehouseKey: new Key(stack, 'Data') }),
    );
    const StringLike = { 'kms:ViaService': 'redshift*.${AWS::Region}.amazonaws.com*' };
    expect(statements.slice(2)).toEqual([
      allow('LookAtWarehouseKey', 'kms:DescribeKey', '${Data.Arn}', { StringLike }),
      allow('LetRedshiftUseWarehouseKey', 'kms:CreateGrant', '${Data.Arn}', {
        StringLike,
        Bool: { 'kms:GrantIsForAWSResource': 'true' },
      }),
    ]);
    expect(connection).toMatchObject({ WAREHOUSE_KEY_ARN: '${Data.Arn}' });
  });

  it('must not be an alias', () => {
    const warehouseKey = Alias.fromAliasName(newStack(), 'A', 'alias/data');
    expect(() => RedshiftTarget.clusterWithIamIdentity({ ...CLUSTER, warehouseKey })).toThrow(
      'warehouseKey: must be a key, not an alias of one',
    );
  });
});

describe('ownerRole', () => {
  const targetOf = (ownerRole: Role | ReturnType<typeof Role.fromRoleArn>) =>
    RedshiftTarget.cluster({ ...CLUSTER, dbUser: 'etl', ownerRole });
  const makeRole = (stack: Stack) =>
    new Role(stack, 'Owner', { assumedBy: new ServicePrincipal('glue.amazonaws.com') });

  it('has what the invoker would have, and trusts who acts as it', () => {
    const stack = newStack();
    const { template } = synthesize({ target: targetOf(makeRole(stack)) }, stack);

    expect(statementsOf(template, 'TaskerOwnerPolicy').map(({ Sid }) => Sid)).toEqual([
      'FollowOwnStatements',
      'StartStatements',
      'EnterCluster',
    ]);
    expect(partOf(template, 'AWS::IAM::Policy', 'TaskerOwnerPolicy')['Roles']).toEqual(['${Owner}']);
    const { AssumeRolePolicyDocument } = partOf(template, 'AWS::IAM::Role', 'Owner');
    expect(AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        { Principal: { Service: 'glue.amazonaws.com' } },
        {
          Action: 'sts:AssumeRole',
          Principal: {
            AWS: ['${TaskerInvokerRole.Arn}', '${TaskerDrainRole.Arn}', '${TaskerSweepRole.Arn}'],
          },
        },
      ],
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  it('leaves the invoker what open statements of its own need, and the way into the role', () => {
    const stack = newStack();
    const { template } = synthesize({ target: targetOf(makeRole(stack)) }, stack);
    const statements = statementsOf(template, 'TaskerInvokerRoleDefaultPolicy');

    expect(statements.filter(({ Sid }) => /^(Follow|Act|Start|Enter)/.test(Sid ?? ''))).toEqual([
      {
        Sid: 'FollowOwnStatements',
        Effect: 'Allow',
        Action: ['CancelStatement', 'DescribeStatement', 'GetStatementResult', 'ListStatements'].map(
          (call) => `redshift-data:${call}`,
        ),
        Resource: '*',
      },
      allow('ActAsOwnerOfStatements', 'sts:AssumeRole', '${Owner.Arn}'),
    ]);
    expect(addedBy((other) => targetOf(makeRole(other))).connection).toMatchObject({ ASSUMES_OWNER_ROLE: 'true' });
  });

  it.each(['Drain', 'Sweep'])('is open to %s, as is the role of the invoker for what that has started', (name) => {
    const stack = newStack();
    const { template } = synthesize({ target: targetOf(makeRole(stack)) }, stack);
    const statements = statementsOf(template, `Tasker${name}RoleDefaultPolicy`);
    expect(statements.find(({ Sid }) => Sid === 'ActAsOwnerOfStatements')).toEqual(
      allow('ActAsOwnerOfStatements', 'sts:AssumeRole', ['${TaskerInvokerRole.Arn}', '${Owner.Arn}']),
    );
  });

  it('serves two taskers', () => {
    const stack = newStack();
    const target = targetOf(makeRole(stack));
    const { template } = synthesize({ target }, stack);
    addTasker(stack, { target }, 'Second');

    expect(statementsOf(template, 'TaskerOwnerPolicy')).toHaveLength(3);
  });

  it('of another account brings the warehouse with it, and a warning with all that it must hold', () => {
    const stack = newStack('Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
    const ownerRole = Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::444455556666:role/etl');
    const { template } = synthesize({ target: targetOf(ownerRole) }, stack);

    expect(Object.keys(template.findResources('AWS::IAM::Policy')).some((id) => id.includes('OwnerPolicy'))).toBe(
      false,
    );
    const warnings = Annotations.fromStack(stack).findWarning('/Stack/Tasker', Match.anyValue());
    const text = warnings.map(({ entry }) => JSON.stringify(entry.data)).join();
    expect(text).toMatch(/trust of a role that is not of this stack .* must hold: \{\\"Action\\":\\"sts:AssumeRole/);
    expect(text).toContain(':redshift:eu-west-1:444455556666:cluster:c1');
    expect(text).not.toContain('111122223333');
    expect(text).toContain('events of its statements come to its account, 444455556666');
  });

  it('that is imported from this account gets the policy; its trust is printed', () => {
    const stack = newStack('Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
    const ownerRole = Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::111122223333:role/etl');
    const { template } = synthesize({ target: targetOf(ownerRole) }, stack);

    expect(partOf(template, 'AWS::IAM::Policy', 'TaskerOwnerPolicy')['Roles']).toEqual(['etl']);
    Annotations.fromStack(stack).hasWarning('/Stack/Tasker', Match.stringLikeRegexp('^ownerRole: the trust of a role'));
    Annotations.fromStack(stack).hasNoWarning('/Stack/Tasker', Match.stringLikeRegexp('its policy cannot be changed'));
  });

  it('that must not be changed has its policy printed', () => {
    const stack = newStack('Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
    const role = 'arn:aws:iam::111122223333:role/etl';
    synthesize({ target: targetOf(Role.fromRoleArn(stack, 'Imported', role, { mutable: false })) }, stack);

    Annotations.fromStack(stack).hasWarning(
      '/Stack/Tasker',
      Match.stringLikeRegexp('its policy cannot be changed from here. It must hold: .*GetClusterCredentials'),
    );
  });

  it('may be of another stack of the app', () => {
    const app = newApp();
    const ownerRole = makeRole(new Stack(app, 'Roles'));
    const stack = new Stack(app, 'Stack');
    addTasker(stack, { target: targetOf(ownerRole) });

    app.synth();

    Annotations.fromStack(stack).hasWarning('/Stack/Tasker', Match.stringLikeRegexp('trust of a role'));
  });
});

it('the template of a tasker alone passes the check of the CDK', () => {
  const app = newCheckedApp();
  addTasker(new Stack(app, 'Stack'));
  expect(() => app.synth()).not.toThrow();
});

it('templates of all targets pass the check of the CDK', () => {
  const stack = new Stack(newCheckedApp(), 'Stack');
  const group = new CfnWorkgroup(stack, 'Group', { workgroupName: 'wg1' });
  const workgroup = ServerlessWorkgroup.fromCfnWorkgroup(group);
  const [secret, warehouseKey] = [secretOf(stack), new Key(stack, 'Data')];
  const ownerRole = new Role(stack, 'Owner', { assumedBy: new ServicePrincipal('glue.amazonaws.com') });
  const targets = [
    RedshiftTarget.clusterWithIamIdentity({ ...CLUSTER, warehouseKey }),
    RedshiftTarget.clusterWithSecret({ ...CLUSTER, secret, ownerRole }),
    RedshiftTarget.serverless({ workgroup, database: 'dev', ownerRole, warehouseKey }),
    RedshiftTarget.serverless({ workgroup: ServerlessWorkgroup.fromName('wg1'), database: 'dev' }),
    RedshiftTarget.serverlessWithSecret({ workgroup, database: 'dev', secret }),
  ];
  for (const [index, target] of targets.entries()) addTasker(stack, { target }, `Tasker${index}`);

  expect(() => (stack.node.root as App).synth()).not.toThrow();
});

describe('values that cannot be', () => {
  const secret = secretOf(newStack());
  const workgroup = ServerlessWorkgroup.fromName('wg1');

  it.each<[() => unknown, string]>([
    [
      () => RedshiftTarget.clusterWithIamIdentity({ ...CLUSTER, clusterIdentifier: 'C1' }),
      'clusterIdentifier: must be the identifier of a cluster (1 to 63 lower-case letters, digits and single hyphens, a letter first); received "C1"',
    ],
    [
      () => RedshiftTarget.clusterWithIamIdentity({ ...CLUSTER, database: 'a/b' }),
      'database: must be 1 to 127 letters, digits or any of _ + . @ $ -; received "a/b"',
    ],
    [
      () => RedshiftTarget.clusterWithSecret({ ...CLUSTER, database: '', secret }),
      'database: must be 1 to 127 characters, none of them a control character; received ""',
    ],
    [
      () => RedshiftTarget.serverless({ workgroup, database: 'a\nb' }),
      'database: must be 1 to 127 characters, none of them a control character; received "a\\nb"',
    ],
    [
      () => RedshiftTarget.serverlessWithSecret({ workgroup, database: 'x'.repeat(128), secret }),
      'database: must be 1 to 127 characters',
    ],
    [
      () => ServerlessWorkgroup.fromName('WG'),
      'workgroupName: must be 3 to 63 lower-case letters, digits or hyphens; received "WG"',
    ],
    [
      () => ServerlessWorkgroup.fromArn('arn:aws:redshift:eu-west-1:111122223333:workgroup/1'),
      'workgroupArn: must be the ARN of a serverless workgroup (arn:PARTITION:redshift-serverless:REGION:ACCOUNT:workgroup/ID); received "arn:aws:redshift:eu-west-1:111122223333:workgroup/1"',
    ],
  ])('%s', (make, message) => {
    expect(make).toThrow(message);
  });

  it.each([
    [{ region: 'us-east-1', account: '111122223333' }, 'workgroup: must be in the region of the stack, us-east-1'],
    [
      { region: 'eu-west-1', account: '444455556666' },
      'workgroup: must be of the account of the role that runs statements, 444455556666',
    ],
  ])('a workgroup elsewhere than %j', (env, message) => {
    const target = RedshiftTarget.serverless({ workgroup: ServerlessWorkgroup.fromArn(WORKGROUP_ARN), database: 'd' });
    const stack = newStack('Stack', { env });
    expect(() => addTasker(stack, { target })).toThrow(message);
  });

  it('are let through as tokens', () => {
    const stack = newStack('Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
    const parameter = new CfnParameter(stack, 'P').valueAsString;
    const arn = new CfnParameter(stack, 'Arn').valueAsString;
    const targets = [
      RedshiftTarget.clusterWithIamIdentity({ clusterIdentifier: parameter, database: parameter }),
      RedshiftTarget.clusterWithSecret({ clusterIdentifier: parameter, database: parameter, secret: secretOf(stack) }),
      RedshiftTarget.serverless({ workgroup: ServerlessWorkgroup.fromArn(arn), database: parameter }),
      RedshiftTarget.serverless({ workgroup: ServerlessWorkgroup.fromName(parameter), database: parameter }),
    ];
    for (const [index, target] of targets.entries()) addTasker(stack, { target }, `Tasker${index}`);
    expect(JSON.stringify(Template.fromStack(stack))).toContain('"SFN_REDSHIFT_WORKGROUP_NAME":{"Ref":"P"}');
  });

  it('a namespace is none of its concern', () => {
    const stack = newStack();
    const namespace = new CfnNamespace(stack, 'Space', { namespaceName: 'space' });
    const group = new CfnWorkgroup(stack, 'Group', { workgroupName: 'wg1', namespaceName: namespace.ref });
    const target = RedshiftTarget.serverless({ workgroup: ServerlessWorkgroup.fromCfnWorkgroup(group), database: 'd' });
    expect(() => addTasker(stack, { target })).not.toThrow();
  });
});
