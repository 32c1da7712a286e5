import { ArnFormat, type Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { TABLE } from './contract.generated';

/** Every statement that the roles hold, save for how the invoker reaches Redshift: its target says that. */

export interface HandlerResources {
  readonly logGroup: logs.ILogGroup;
  readonly table: dynamodb.ITable;
  /** Whether the function works in a VPC. */
  readonly inVpc: boolean;
}

export interface CompleterResources extends HandlerResources {
  /** Lets the role act as the owners of statements. */
  readonly actAsOwners: PolicyStatement;
}

export interface DrainResources extends CompleterResources {
  readonly completionQueue: sqs.IQueue;
  /** Whether there is a rule that tells of executions that have ended. */
  readonly hearsOfExecutions: boolean;
}

export interface InvokerResources extends HandlerResources {
  readonly completionQueue: sqs.IQueue;
  readonly deadLetterQueue: sqs.IQueue;
  /** The role that owns the statements; undefined where it is the invoker's own. */
  readonly ownerRole?: IRole;
}

export const invokerStatements = (stack: Stack, resources: InvokerResources): PolicyStatement[] => [
  writeLogs(resources.logGroup),
  allow('ClaimStatements', ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], resources.table.tableArn),
  findByStart('FindLatestStatement', resources),
  ...(resources.ownerRole
    ? [followStatements(AS_FORMER_OWNER), actAsOwner([resources.ownerRole])]
    : [followStatements(AS_OWNER)]),
  // A retry adopts a statement only if nobody waits for it any more.
  askForTasks(stack),
  // The end of a statement that a retry has adopted too late is told once more: by the drain, who alone answers.
  allow('ReportCompletions', ['sqs:SendMessage'], resources.completionQueue.queueArn),
  ...useTableKey(stack, resources.table),
  ...useQueueKeys(stack, resources.completionQueue, resources.deadLetterQueue),
  ...attachToVpc(resources),
];

/** Lambda sends there in the name of the invoker's role. */
export const keepFailedInvocations = ({
  deadLetterQueue,
}: Pick<InvokerResources, 'deadLetterQueue'>): PolicyStatement =>
  allow('KeepFailedInvocations', ['sqs:SendMessage'], deadLetterQueue.queueArn);

export const drainStatements = (stack: Stack, resources: DrainResources): PolicyStatement[] => [
  writeLogs(resources.logGroup),
  allow('CloseStatements', ['dynamodb:GetItem', 'dynamodb:UpdateItem'], resources.table.tableArn),
  ...(resources.hearsOfExecutions ? [findByStart('FindOpenStatements', resources)] : []),
  // SendMessage, because a message that must wait is put back as a copy with a delay.
  allow(
    'ReceiveCompletions',
    ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:SendMessage'],
    resources.completionQueue.queueArn,
  ),
  ...answerTasks(stack, resources),
  ...useTableKey(stack, resources.table),
  ...useQueueKeys(stack, resources.completionQueue),
  ...attachToVpc(resources),
];

export const sweepStatements = (stack: Stack, resources: CompleterResources): PolicyStatement[] => [
  writeLogs(resources.logGroup),
  // UpdateItem also writes how far the sweep has come.
  allow('CloseStatements', ['dynamodb:GetItem', 'dynamodb:UpdateItem'], resources.table.tableArn),
  allow('FindOpenStatements', ['dynamodb:Query'], `${resources.table.tableArn}/index/${TABLE.openIndex}`),
  ...answerTasks(stack, resources),
  // Who runs a statement for nobody is found out by a heartbeat or, where those are the state machine's own affair, by
  // the end of the execution.
  askForTasks(stack),
  allow('FollowExecutions', ['states:DescribeExecution'], executionsOf(stack)),
  ...useTableKey(stack, resources.table),
  ...attachToVpc(resources),
];

const answerTasks = (stack: Stack, { actAsOwners }: CompleterResources): PolicyStatement[] => [
  // Which state machine a token belongs to is known only when it answers; a token is valid in its own account only.
  allow('AnswerTasks', ['states:SendTaskFailure', 'states:SendTaskSuccess'], stateMachinesOf(stack)),
  actAsOwners,
];

/** Only the role that started a statement may see or cancel it. */
export const actAsOwner = (ownerRoles: readonly IRole[]): PolicyStatement =>
  allow('ActAsOwnerOfStatements', ['sts:AssumeRole'], ...ownerRoles.map(({ roleArn }) => roleArn));

/** The same for one more target. It has no name, which may come only once in a policy. */
export const actAsFurtherOwner = (ownerRoles: readonly IRole[]): PolicyStatement =>
  new PolicyStatement({ actions: ['sts:AssumeRole'], resources: ownerRoles.map(({ roleArn }) => roleArn) });

/**
 * What the completers need for statements that the invoker has started before its target was given an owner role. ListStatements is
 * for the sweep, which looks for half-done starts in the owner's name.
 */
const AS_FORMER_OWNER = ['CancelStatement', 'DescribeStatement', 'GetStatementResult', 'ListStatements'];

/** ListSessions is for the invoker, which must tell a session that is busy from one that is gone, or from another target's. */
export const AS_OWNER = [
  'CancelStatement',
  'DescribeStatement',
  'GetStatementResult',
  'ListSessions',
  'ListStatements',
];

/**
 * These know no resource. What holds a role to its own statements is the Data API: it shows a role no others.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshiftdataapi.html
 */
export const followStatements = (operations: readonly string[]): PolicyStatement =>
  allow(
    'FollowOwnStatements',
    operations.map((operation) => `redshift-data:${operation}`),
    '*',
  );

/** A heartbeat tells whether a task still waits. */
const askForTasks = (stack: Stack): PolicyStatement =>
  allow('AskForTasks', ['states:SendTaskHeartbeat'], stateMachinesOf(stack));

/** The statements of an execution, by their start. */
const findByStart = (sid: string, { table }: HandlerResources): PolicyStatement =>
  allow(sid, ['dynamodb:Query'], `${table.tableArn}/index/${TABLE.startedAtIndex}`);

/** All state machines of the account in the stack's region. */
const stateMachinesOf = (stack: Stack): string => everyOf(stack, 'stateMachine');

/** All their Standard executions, the children of Distributed Maps included. */
const executionsOf = (stack: Stack): string => everyOf(stack, 'execution');

const everyOf = (stack: Stack, resource: string): string =>
  stack.formatArn({ service: 'states', resource, resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });

const allow = (sid: string, actions: string[], ...resources: string[]): PolicyStatement =>
  new PolicyStatement({ sid, actions, resources });

const writeLogs = ({ logGroupArn }: logs.ILogGroup): PolicyStatement =>
  allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], logGroupArn);

/** Lambda attaches the function to its network in the name of the role. These know no resource before it is made. */
const attachToVpc = ({ inVpc }: HandlerResources): PolicyStatement[] =>
  inVpc
    ? [
        allow(
          'AttachToVpc',
          [
            'ec2:AssignPrivateIpAddresses',
            'ec2:CreateNetworkInterface',
            'ec2:DeleteNetworkInterface',
            'ec2:DescribeNetworkInterfaces',
            'ec2:DescribeSubnets',
            'ec2:UnassignPrivateIpAddresses',
          ],
          '*',
        ),
      ]
    : [];

// Neither role can use a key directly: only a service can, in its name.

/** DynamoDB decrypts the table's key in the caller's name, whether it reads or writes. */
const useTableKey = (stack: Stack, { encryptionKey }: dynamodb.ITable): PolicyStatement[] =>
  encryptionKey ? [useKeysThrough(stack, 'dynamodb', 'UseTable', [encryptionKey], ['kms:Decrypt'])] : [];

/** SQS also generates data keys in the sender's name and decrypts them in the receiver's. */
const useQueueKeys = (stack: Stack, ...queues: sqs.IQueue[]): PolicyStatement[] => {
  const keys = [...new Set(queues.flatMap(({ encryptionMasterKey }) => encryptionMasterKey ?? []))];
  if (keys.length === 0) return [];
  return [useKeysThrough(stack, 'sqs', 'UseQueues', keys, ['kms:Decrypt', 'kms:GenerateDataKey'])];
};

const useKeysThrough = (stack: Stack, service: string, sid: string, keys: readonly kms.IKey[], actions: string[]) =>
  new PolicyStatement({
    sid,
    actions,
    resources: keys.map(({ keyArn }) => keyArn),
    // The last asterisk is for China, whose service names end in .cn.
    conditions: { StringLike: { 'kms:ViaService': `${service}.${stack.region}.amazonaws.com*` } },
  });
