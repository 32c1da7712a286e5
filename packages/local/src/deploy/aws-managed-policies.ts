import type { PolicyDocument } from '../common/service.ts';

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const QUEUE = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];

const allow = (...actions: readonly string[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
});

/** The policies of AWS's own that functions are commonly given, by what follows `policy/` in their ARN. */
const POLICIES: ReadonlyMap<string, PolicyDocument> = new Map([
  ['service-role/AWSLambdaBasicExecutionRole', allow(...LOGS)],
  ['service-role/AWSLambdaSQSQueueExecutionRole', allow(...QUEUE, ...LOGS)],
]);

/** Undefined for one that the stage does not know. */
export const awsManagedPolicy = (arn: string): PolicyDocument | undefined =>
  POLICIES.get(/^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1] ?? '');
