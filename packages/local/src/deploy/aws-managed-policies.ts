import type { PolicyDocument } from '../common/service.ts';

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const QUEUE = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];
const NETWORK = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];
const READ_QUEUES = [
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ListDeadLetterSourceQueues',
  'sqs:ListMessageMoveTasks',
  'sqs:ListQueues',
  'sqs:ListQueueTags',
];
const TRACE = [
  'xray:GetSamplingRules',
  'xray:GetSamplingStatisticSummaries',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

const policy = (...Statement: readonly object[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const allow = (...actions: readonly string[]) => ({ Effect: 'Allow', Action: actions, Resource: '*' });

/**
 * The policies of AWS's own that roles and boundaries here are commonly given, by what follows `policy/` in their ARN; of their actions those
 * of services that run here, and all of the shorter ones.
 */
const POLICIES: ReadonlyMap<string, PolicyDocument> = new Map([
  ['AdministratorAccess', policy(allow('*'))],
  ['AmazonS3FullAccess', policy(allow('s3:*', 's3-object-lambda:*'))],
  ['AmazonS3ReadOnlyAccess', policy(allow('s3:Describe*', 's3:Get*', 's3:List*'))],
  ['AmazonSQSFullAccess', policy(allow('sqs:*'))],
  ['AmazonSQSReadOnlyAccess', policy(allow(...READ_QUEUES))],
  ['AWSStepFunctionsFullAccess', policy(allow('states:*'))],
  ['AWSXRayDaemonWriteAccess', policy(allow(...TRACE))],
  ['CloudWatchLogsFullAccess', policy(allow('logs:*'))],
  ['PowerUserAccess', policy({ Effect: 'Allow', NotAction: ['account:*', 'iam:*', 'organizations:*'], Resource: '*' })],
  ['service-role/AWSLambdaBasicExecutionRole', policy(allow(...LOGS))],
  ['service-role/AWSLambdaRole', policy(allow('lambda:InvokeFunction'))],
  ['service-role/AWSLambdaSQSQueueExecutionRole', policy(allow(...QUEUE, ...LOGS))],
  ['service-role/AWSLambdaVPCAccessExecutionRole', policy(allow(...LOGS, ...NETWORK))],
]);

/** Undefined for one that the stage does not know. */
export const awsManagedPolicy = (arn: string): PolicyDocument | undefined =>
  POLICIES.get(/^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1] ?? '');
