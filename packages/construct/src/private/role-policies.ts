import { ArnFormat, type Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { TABLE } from './contract.generated';

/**
 * Every statement that the roles hold, save for two of the invoker's: how it reaches Redshift, which its target says, and
 * sending to its dead-letter queue, which `lambda.Function` adds.
 */

export interface HandlerResources {
  readonly logGroup: logs.ILogGroup;
  readonly table: dynamodb.ITable;
  readonly encryptionKey?: kms.IKey;
}

export interface CompleterResources extends HandlerResources {
  /** The roles that own statements. */
  readonly ownerRoles: readonly IRole[];
}

export interface DrainResources extends CompleterResources {
  readonly completionQueue: sqs.IQueue;
  /** Whether there is a rule that tells of executions that have ended. */
  readonly hearsOfExecutions: boolean;
}

export interface InvokerResources extends HandlerResources {
  readonly completionQueue: sqs.IQueue;
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
  ...useKey(stack, resources.encryptionKey),
];

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
  ...useKey(stack, resources.encryptionKey),
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
  ...(resources.encryptionKey ? [useTableKey(stack, resources.encryptionKey)] : []),
];

const answerTasks = (stack: Stack, { ownerRoles }: CompleterResources): PolicyStatement[] => [
  // Which state machine a token belongs to is known only when it answers; a token is valid in its own account only.
  allow('AnswerTasks', ['states:SendTaskFailure', 'states:SendTaskSuccess'], stateMachinesOf(stack)),
  actAsOwner(ownerRoles),
];

/** Only the role that started a statement may see or cancel it. */
const actAsOwner = (ownerRoles: readonly IRole[]): PolicyStatement =>
  allow('ActAsOwnerOfStatements', ['sts:AssumeRole'], ...ownerRoles.map(({ roleArn }) => roleArn));

/** ListStatements is for the sweep, which looks for half-done starts in the owner's name. */
export const AS_OWNER = ['CancelStatement', 'DescribeStatement', 'GetStatementResult', 'ListStatements'];

/** What the completers need for statements that the invoker has started before its target was given an owner role. */
const AS_FORMER_OWNER = ['CancelStatement', 'DescribeStatement', 'ListStatements'];

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

/**
 * DynamoDB decrypts the table's key in the caller's name, whether it reads or writes; SQS also generates data keys in the
 * sender's name and decrypts them in the receiver's. Neither role can use the key directly.
 */
const useKey = (stack: Stack, key: kms.IKey | undefined): PolicyStatement[] =>
  key
    ? [useTableKey(stack, key), useKeyThrough(stack, 'sqs', 'UseQueues', key, ['kms:Decrypt', 'kms:GenerateDataKey'])]
    : [];

const useTableKey = (stack: Stack, key: kms.IKey): PolicyStatement =>
  useKeyThrough(stack, 'dynamodb', 'UseTable', key, ['kms:Decrypt']);

const useKeyThrough = (stack: Stack, service: string, sid: string, key: kms.IKey, actions: string[]) =>
  new PolicyStatement({
    sid,
    actions,
    resources: [key.keyArn],
    // The last asterisk is for China, whose service names end in .cn.
    conditions: { StringLike: { 'kms:ViaService': `${service}.${stack.region}.amazonaws.com*` } },
  });
