import { Aspects, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnRole, ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RedshiftTarget, TaskerEncryption, WatchedExecutions } from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { propertiesOf } from '../helpers/readable.ts';
import { addTasker, newApp, newStack, recommendedFlags, synthesize } from '../helpers/synth.ts';

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: unknown;
}

const statementsOf = (template: Template, id: string): Statement[] => {
  const { PolicyDocument } = propertiesOf(template, 'AWS::IAM::Policy', id) as {
    PolicyDocument: { Statement: Statement[] };
  };
  return PolicyDocument.Statement;
};

const { template } = synthesize();
const KEY = '${TaskerKeyAC13F5CA.Arn}';
const TABLE = '${TaskerTrackingTable629A6F13.Arn}';
const ACCOUNT = '${AWS::Region}:${AWS::AccountId}';
const USE_KEY = [
  {
    Sid: 'UseTable',
    Effect: 'Allow',
    Action: 'kms:Decrypt',
    Resource: KEY,
    Condition: { StringLike: { 'kms:ViaService': 'dynamodb.${AWS::Region}.amazonaws.com*' } },
  },
  {
    Sid: 'UseQueues',
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Resource: KEY,
    Condition: { StringLike: { 'kms:ViaService': 'sqs.${AWS::Region}.amazonaws.com*' } },
  },
];

describe('the role of the invoker', () => {
  it('holds exactly this policy', () => {
    expect(statementsOf(template, 'TaskerInvokerRoleDefaultPolicy')).toEqual([
      {
        Sid: 'WriteLogs',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: '${TaskerInvokerLogGroup1B4C2845.Arn}',
      },
      {
        Sid: 'ClaimStatements',
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        Resource: TABLE,
      },
      {
        Sid: 'FindLatestStatement',
        Effect: 'Allow',
        Action: 'dynamodb:Query',
        Resource: `${TABLE}/index/byStartedAt`,
      },
      {
        Sid: 'FollowOwnStatements',
        Effect: 'Allow',
        Action: [
          'redshift-data:CancelStatement',
          'redshift-data:DescribeStatement',
          'redshift-data:GetStatementResult',
          'redshift-data:ListSessions',
          'redshift-data:ListStatements',
        ],
        Resource: '*',
      },
      {
        Sid: 'AskForTasks',
        Effect: 'Allow',
        Action: 'states:SendTaskHeartbeat',
        Resource: `arn:\${AWS::Partition}:states:${ACCOUNT}:stateMachine:*`,
      },
      {
        Sid: 'ReportCompletions',
        Effect: 'Allow',
        Action: 'sqs:SendMessage',
        Resource: '${TaskerCompletionQueue26D8B803.Arn}',
      },
      ...USE_KEY,
      {
        Sid: 'StartStatements',
        Effect: 'Allow',
        Action: ['redshift-data:BatchExecuteStatement', 'redshift-data:ExecuteStatement'],
        Resource: `arn:\${AWS::Partition}:redshift:${ACCOUNT}:cluster:c1`,
      },
      {
        Sid: 'EnterCluster',
        Effect: 'Allow',
        Action: 'redshift:GetClusterCredentials',
        Resource: [
          `arn:\${AWS::Partition}:redshift:${ACCOUNT}:dbname:c1/dev`,
          `arn:\${AWS::Partition}:redshift:${ACCOUNT}:dbuser:c1/etl`,
        ],
      },
      {
        Sid: 'KeepFailedInvocations',
        Effect: 'Allow',
        Action: 'sqs:SendMessage',
        Resource: '${TaskerInvokerDeadLetterQueue026A206C.Arn}',
      },
    ]);
  });

  it('is trusted to Lambda and to the roles of drain and sweep, and to no one else', () => {
    expect(propertiesOf(template, 'AWS::IAM::Role', 'TaskerInvokerRole')).toEqual({
      Description: 'Stack/Tasker: starts statements and owns them',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
          { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '${TaskerDrainRoleDAC58A97.Arn}' } },
          { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '${TaskerSweepRole13C5001C.Arn}' } },
        ],
      },
    });
  });
});

describe('the role of the drain', () => {
  it('holds exactly this policy', () => {
    expect(statementsOf(template, 'TaskerDrainRoleDefaultPolicy')).toEqual([
      {
        Sid: 'WriteLogs',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: '${TaskerDrainLogGroupC252C592.Arn}',
      },
      {
        Sid: 'CloseStatements',
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
        Resource: TABLE,
      },
      {
        Sid: 'FindOpenStatements',
        Effect: 'Allow',
        Action: 'dynamodb:Query',
        Resource: `${TABLE}/index/byStartedAt`,
      },
      {
        Sid: 'ReceiveCompletions',
        Effect: 'Allow',
        Action: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:SendMessage'],
        Resource: '${TaskerCompletionQueue26D8B803.Arn}',
      },
      {
        Sid: 'AnswerTasks',
        Effect: 'Allow',
        Action: ['states:SendTaskFailure', 'states:SendTaskSuccess'],
        Resource: `arn:\${AWS::Partition}:states:${ACCOUNT}:stateMachine:*`,
      },
      {
        Sid: 'ActAsOwnerOfStatements',
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Resource: '${TaskerInvokerRoleACD144BD.Arn}',
      },
      ...USE_KEY,
    ]);
  });

  it('may look for open statements only where it hears of executions', () => {
    const { template: alone } = synthesize({ watchedExecutions: WatchedExecutions.none() });
    const sids = (of: Template) => statementsOf(of, 'TaskerDrainRoleDefaultPolicy').map(({ Sid }) => Sid);
    expect(sids(alone)).toEqual(sids(template).filter((sid) => sid !== 'FindOpenStatements'));
  });

  it('is trusted to Lambda only', () => {
    expect(propertiesOf(template, 'AWS::IAM::Role', 'TaskerDrainRole')).toEqual({
      Description: 'Stack/Tasker: answers the tasks whose statements have ended',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
    });
  });
});

describe('the role of the sweep', () => {
  it('holds exactly this policy', () => {
    expect(statementsOf(template, 'TaskerSweepRoleDefaultPolicy')).toEqual([
      {
        Sid: 'WriteLogs',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: '${TaskerSweepLogGroup8826F2AA.Arn}',
      },
      {
        Sid: 'CloseStatements',
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
        Resource: TABLE,
      },
      { Sid: 'FindOpenStatements', Effect: 'Allow', Action: 'dynamodb:Query', Resource: `${TABLE}/index/byOpen` },
      {
        Sid: 'AnswerTasks',
        Effect: 'Allow',
        Action: ['states:SendTaskFailure', 'states:SendTaskSuccess'],
        Resource: `arn:\${AWS::Partition}:states:${ACCOUNT}:stateMachine:*`,
      },
      {
        Sid: 'ActAsOwnerOfStatements',
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Resource: '${TaskerInvokerRoleACD144BD.Arn}',
      },
      {
        Sid: 'AskForTasks',
        Effect: 'Allow',
        Action: 'states:SendTaskHeartbeat',
        Resource: `arn:\${AWS::Partition}:states:${ACCOUNT}:stateMachine:*`,
      },
      {
        Sid: 'FollowExecutions',
        Effect: 'Allow',
        Action: 'states:DescribeExecution',
        Resource: `arn:\${AWS::Partition}:states:${ACCOUNT}:execution:*`,
      },
      USE_KEY[0],
    ]);
  });

  it('is trusted to Lambda only', () => {
    expect(propertiesOf(template, 'AWS::IAM::Role', 'TaskerSweepRole')).toEqual({
      Description:
        'Stack/Tasker: answers the tasks of statements whose end no event told; cancels what nobody waits for',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
    });
  });
});

describe('every role', () => {
  const roles = ['TaskerInvokerRoleDefaultPolicy', 'TaskerDrainRoleDefaultPolicy', 'TaskerSweepRoleDefaultPolicy'];

  it.each(roles)('%s allows no action by wildcard', (id) => {
    const actions = statementsOf(template, id).flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(5);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  it.each(roles)('%s is the same with every feature flag of a new app', (id) => {
    const stack = new Stack(newApp({ context: recommendedFlags() }), 'Stack');
    expect(statementsOf(synthesize({}, stack).template, id)).toEqual(statementsOf(template, id));
  });

  it.each(roles)('%s needs no key where AWS-owned keys are chosen', (id) => {
    const owned = synthesize({ encryption: TaskerEncryption.AWS_OWNED }).template;
    const withKey = statementsOf(template, id).map(({ Sid }) => Sid);
    expect(statementsOf(owned, id).map(({ Sid }) => Sid)).toEqual(
      withKey.filter((sid) => sid !== 'UseTable' && sid !== 'UseQueues'),
    );
  });

  it.each(roles)('%s names a key that is supplied, from another stack too', (id) => {
    const app = newApp();
    const encryptionKey = new Key(new Stack(app, 'Keys'), 'Key');
    const stack = new Stack(app, 'Stack');
    addTasker(stack, { encryptionKey });
    const useTable = statementsOf(Template.fromStack(stack), id).find(({ Sid }) => Sid === 'UseTable');
    expect(JSON.stringify(useTable?.Resource)).toMatch(/Keys:ExportsOutputFnGetAttKey/);
  });

  it('works under a permissions boundary', () => {
    const stack = newStack();
    const boundary = ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary');
    PermissionsBoundary.of(stack).apply(boundary);
    const { template: bounded } = synthesize({}, stack);
    for (const id of ['TaskerInvokerRole', 'TaskerDrainRole', 'TaskerSweepRole']) {
      expect(propertiesOf(bounded, 'AWS::IAM::Role', id)).toMatchObject({
        PermissionsBoundary: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/boundary',
      });
    }
  });

  it('takes the path that an Aspect gives them', () => {
    const stack = newStack();
    Aspects.of(stack).add({ visit: (node) => void (node instanceof CfnRole && (node.path = '/taskers/')) });
    const { template: moved } = synthesize({}, stack);
    expect(propertiesOf(moved, 'AWS::IAM::Role', 'TaskerDrainRole')).toMatchObject({ Path: '/taskers/' });
  });
});

describe('RedshiftTarget.cluster', () => {
  it('narrows the role of the invoker to its cluster, database and user', () => {
    const target = RedshiftTarget.cluster({ clusterIdentifier: 'sales-1', database: 'Prod$1', dbUser: 'u.x@y' });
    const statements = statementsOf(synthesize({ target }).template, 'TaskerInvokerRoleDefaultPolicy');
    const arn = `arn:\${AWS::Partition}:redshift:${ACCOUNT}`;
    expect(statements.find(({ Sid }) => Sid === 'StartStatements')?.Resource).toBe(`${arn}:cluster:sales-1`);
    expect(statements.find(({ Sid }) => Sid === 'EnterCluster')?.Resource).toEqual([
      `${arn}:dbname:sales-1/Prod$1`,
      `${arn}:dbuser:sales-1/u.x@y`,
    ]);
  });
});
