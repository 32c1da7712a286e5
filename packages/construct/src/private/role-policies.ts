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

export interface DrainResources extends HandlerResources {
  readonly completionQueue: sqs.IQueue;
  readonly ownerRole: IRole;
  /** Whether there is a rule that tells of executions that have ended. */
  readonly hearsOfExecutions: boolean;
}

export const invokerStatements = (stack: Stack, resources: HandlerResources): PolicyStatement[] => [
  writeLogs(resources.logGroup),
  allow('ClaimStatements', ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], resources.table.tableArn),
  findByStart('FindLatestStatement', resources),
  // These know no resource. What holds the role to its own statements is the Data API: it shows a role no others.
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshiftdataapi.html
  allow(
    'FollowOwnStatements',
    ['redshift-data:CancelStatement', 'redshift-data:DescribeStatement', 'redshift-data:GetStatementResult'],
    '*',
  ),
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
  // Which state machine a token belongs to is known only when it answers; a token is valid in its own account only.
  allow('AnswerTasks', ['states:SendTaskFailure', 'states:SendTaskSuccess'], stateMachinesOf(stack)),
  // Only the role that started a statement may read its error or cancel it.
  allow('ActAsOwnerOfStatements', ['sts:AssumeRole'], resources.ownerRole.roleArn),
  ...useKey(stack, resources.encryptionKey),
];

/** The statements of an execution, by their start. */
const findByStart = (sid: string, { table }: HandlerResources): PolicyStatement =>
  allow(sid, ['dynamodb:Query'], `${table.tableArn}/index/${TABLE.startedAtIndex}`);

/** All state machines of the account in the stack's region. */
const stateMachinesOf = (stack: Stack): string =>
  stack.formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

const allow = (sid: string, actions: string[], resource: string): PolicyStatement =>
  new PolicyStatement({ sid, actions, resources: [resource] });

const writeLogs = ({ logGroupArn }: logs.ILogGroup): PolicyStatement =>
  allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], logGroupArn);

/**
 * DynamoDB decrypts the table's key in the caller's name, whether it reads or writes; SQS also generates data keys in the
 * sender's name and decrypts them in the receiver's. Neither role can use the key directly.
 */
const useKey = (stack: Stack, key: kms.IKey | undefined): PolicyStatement[] =>
  key
    ? [
        useKeyThrough(stack, 'dynamodb', 'UseTable', key, ['kms:Decrypt']),
        useKeyThrough(stack, 'sqs', 'UseQueues', key, ['kms:Decrypt', 'kms:GenerateDataKey']),
      ]
    : [];

const useKeyThrough = (stack: Stack, service: string, sid: string, key: kms.IKey, actions: string[]) =>
  new PolicyStatement({
    sid,
    actions,
    resources: [key.keyArn],
    // The last asterisk is for China, whose service names end in .cn.
    conditions: { StringLike: { 'kms:ViaService': `${service}.${stack.region}.amazonaws.com*` } },
  });
