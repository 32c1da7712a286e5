import type { ServiceName } from '../../common/service.ts';
import type { ErrorNames } from './service-errors.ts';

/** A service as the SDK integration `aws-sdk:NAME` knows it. */
export interface SdkService extends ErrorNames {
  readonly service: ServiceName;
  /** Those that the stage performs, as the API names them. */
  readonly operations: readonly string[];
  /** The API's own names begin with a small letter: everywhere, or below the top level only. The task's never do. */
  readonly camelCase?: 'everywhere' | 'nested';
  /** Members whose own names are data, such as tags. */
  readonly maps?: readonly string[];
  /** Members that are points in time, which the API gives in epoch seconds and a task as text. */
  readonly times?: readonly string[];
  /** Members that are texts, and in which a task may put any JSON. */
  readonly jsonTexts?: readonly string[];
}

const DYNAMODB: SdkService = {
  service: 'dynamodb',
  prefix: 'DynamoDb',
  models: ['ThrottlingException'],
  operations: [
    'BatchGetItem',
    'BatchWriteItem',
    'CreateTable',
    'DeleteItem',
    'DeleteTable',
    'DescribeContinuousBackups',
    'DescribeTable',
    'DescribeTimeToLive',
    'GetItem',
    'ListTables',
    'ListTagsOfResource',
    'PutItem',
    'Query',
    'Scan',
    'TagResource',
    'UntagResource',
    'UpdateContinuousBackups',
    'UpdateItem',
    'UpdateTable',
    'UpdateTimeToLive',
  ],
  maps: ['Attributes', 'ExpressionAttributeNames', 'ExpressionAttributeValues', 'Item', 'Items', 'Key', 'Responses'],
  times: [
    'ArchivalDateTime',
    'CreationDateTime',
    'EarliestRestorableDateTime',
    'InaccessibleEncryptionDateTime',
    'LastDecreaseDateTime',
    'LastIncreaseDateTime',
    'LastUpdateDateTime',
    'LastUpdateToPayPerRequestDateTime',
    'LatestRestorableDateTime',
    'ReplicaInaccessibleDateTime',
    'RestoreDateTime',
  ],
};

const REDSHIFT_DATA: SdkService = {
  service: 'redshift-data',
  prefix: 'RedshiftData',
  models: ['ValidationException'],
  operations: [
    'BatchExecuteStatement',
    'CancelStatement',
    'DescribeStatement',
    'DescribeTable',
    'ExecuteStatement',
    'GetStatementResult',
    'GetStatementResultV2',
    'ListDatabases',
    'ListSchemas',
    'ListSessions',
    'ListStatements',
    'ListTables',
  ],
  camelCase: 'nested',
  times: ['CreatedAt', 'SessionTtl', 'UpdatedAt'],
};

const SFN: SdkService = {
  service: 'states',
  prefix: 'Sfn',
  models: ['ValidationException'],
  operations: [
    'DescribeExecution',
    'DescribeMapRun',
    'DescribeStateMachine',
    'DescribeStateMachineForExecution',
    'GetExecutionHistory',
    'ListExecutions',
    'ListMapRuns',
    'ListStateMachines',
    'RedriveExecution',
    'SendTaskFailure',
    'SendTaskHeartbeat',
    'SendTaskSuccess',
    'StartExecution',
    'StopExecution',
  ],
  camelCase: 'everywhere',
  maps: ['assignedVariables', 'variableReferences'],
  times: ['creationDate', 'redriveDate', 'startDate', 'stopDate', 'timestamp', 'updateDate'],
  jsonTexts: ['Input', 'Output'],
};

const LOGS: SdkService = {
  service: 'logs',
  prefix: 'CloudWatchLogs',
  models: ['AccessDeniedException', 'ThrottlingException', 'UnrecognizedClientException', 'ValidationException'],
  operations: [
    'CreateLogGroup',
    'CreateLogStream',
    'DeleteLogGroup',
    'DeleteRetentionPolicy',
    'DescribeLogGroups',
    'DescribeLogStreams',
    'FilterLogEvents',
    'GetLogEvents',
    'PutLogEvents',
    'PutRetentionPolicy',
  ],
  camelCase: 'everywhere',
  maps: ['attributes', 'keyAttributes', 'tags'],
};

const EVENT_BRIDGE: SdkService = {
  service: 'events',
  prefix: 'EventBridge',
  models: ['AccessDeniedException', 'ThrottlingException'],
  operations: [
    'DescribeRule',
    'DisableRule',
    'EnableRule',
    'ListRules',
    'ListTargetsByRule',
    'PutEvents',
    'TestEventPattern',
  ],
  times: ['Time'],
  jsonTexts: ['Detail', 'Event', 'EventPattern'],
};

const LAMBDA: SdkService = {
  service: 'lambda',
  prefix: 'Lambda',
  operations: ['GetFunction', 'GetFunctionConfiguration', 'Invoke', 'ListFunctions'],
  jsonTexts: ['Payload'],
};

const SQS: SdkService = {
  service: 'sqs',
  prefix: 'Sqs',
  operations: [
    'CancelMessageMoveTask',
    'ChangeMessageVisibility',
    'ChangeMessageVisibilityBatch',
    'CreateQueue',
    'DeleteMessage',
    'DeleteMessageBatch',
    'DeleteQueue',
    'GetQueueAttributes',
    'GetQueueUrl',
    'ListMessageMoveTasks',
    'ListQueueTags',
    'ListQueues',
    'PurgeQueue',
    'ReceiveMessage',
    'SendMessage',
    'SendMessageBatch',
    'SetQueueAttributes',
    'StartMessageMoveTask',
    'TagQueue',
    'UntagQueue',
  ],
  maps: ['Attributes', 'MessageAttributes', 'MessageSystemAttributes', 'Tags'],
  jsonTexts: ['MessageBody'],
};

const KMS: SdkService = {
  service: 'kms',
  prefix: 'Kms',
  operations: ['DescribeKey', 'ListAliases'],
  times: ['CreationDate', 'DeletionDate', 'LastUpdatedDate', 'ValidTo'],
};

const STS: SdkService = {
  service: 'sts',
  prefix: 'Sts',
  operations: ['AssumeRole', 'GetCallerIdentity'],
  times: ['Expiration'],
};

/** By their name in `arn:aws:states:::aws-sdk:NAME:operation`. */
export const SDK_SERVICES: ReadonlyMap<string, SdkService> = new Map([
  ['cloudwatchlogs', LOGS],
  ['dynamodb', DYNAMODB],
  ['eventbridge', EVENT_BRIDGE],
  ['kms', KMS],
  ['lambda', LAMBDA],
  ['redshiftdata', REDSHIFT_DATA],
  ['sfn', SFN],
  ['sqs', SQS],
  ['sts', STS],
]);
