import { ArnFormat, type Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';

/**
 * What AWS services that act for themselves need in the key's policy. The roles need nothing in it: the policy leaves
 * them to IAM. ARNs are built from strings, since a reference from the key to what it encrypts would be a cycle.
 */
export const serviceKeyStatements = (stack: Stack): PolicyStatement[] => [
  eventBridgeMayUse(stack),
  cloudWatchLogs(stack),
];

/**
 * EventBridge writes to the encrypted queue and dead-letter queue. Narrowed by account only: of the rule's ARN it is not
 * certain that KMS gets to see it (for topics AWS says that it does not), and a condition that fails loses every event.
 * Which rule may send is in the queues' own policies.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export const eventBridgeMayUse = (stack: Stack): PolicyStatement =>
  new PolicyStatement({
    sid: 'EventBridgeSendsToQueues',
    principals: [new ServicePrincipal('events.amazonaws.com')],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
  });

/**
 * CloudWatch Logs encrypts the log groups. CloudFormation names these after the stack, as no name is fixed.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
const cloudWatchLogs = (stack: Stack): PolicyStatement =>
  new PolicyStatement({
    sid: 'CloudWatchLogsEncryptsLogGroups',
    principals: [new ServicePrincipal(`logs.${stack.region}.${stack.urlSuffix}`)],
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    resources: ['*'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroupArns(stack) } },
  });

const logGroupArns = (stack: Stack): string =>
  stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `${outermost(stack).stackName}-*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** The name of a nested stack is a token that refers to it, and begins with the name of the stack it is nested in. */
const outermost = (stack: Stack): Stack => (stack.nestedStackParent ? outermost(stack.nestedStackParent) : stack);
