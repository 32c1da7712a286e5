import type { ResourceType } from '../resource.ts';
import { cdkMetadata } from './cdk-metadata.ts';
import { customResource } from './custom-resource.ts';
import { dynamoDbTable } from './dynamodb-table.ts';
import { eventsRule } from './events-rule.ts';
import { iamManagedPolicy } from './iam-managed-policy.ts';
import { iamPolicy } from './iam-policy.ts';
import { iamRole } from './iam-role.ts';
import { kmsAlias } from './kms-alias.ts';
import { kmsKey } from './kms-key.ts';
import { lambdaAlias } from './lambda-alias.ts';
import { lambdaEventInvokeConfig } from './lambda-event-invoke-config.ts';
import { lambdaEventSourceMapping } from './lambda-event-source-mapping.ts';
import { lambdaFunction } from './lambda-function.ts';
import { lambdaPermission } from './lambda-permission.ts';
import { lambdaVersion } from './lambda-version.ts';
import { logsLogGroup } from './logs-log-group.ts';
import { redshiftCluster } from './redshift-cluster.ts';
import { redshiftServerlessNamespace, redshiftServerlessWorkgroup } from './redshift-serverless.ts';
import { s3Bucket } from './s3-bucket.ts';
import { s3BucketPolicy } from './s3-bucket-policy.ts';
import { secretsManagerSecret } from './secretsmanager-secret.ts';
import { sqsQueue } from './sqs-queue.ts';
import { sqsQueuePolicy } from './sqs-queue-policy.ts';
import { statesStateMachine } from './states-state-machine.ts';

/** Every resource type that the stage knows; SUPPORTED.md says how far. */
export const RESOURCE_TYPES: ReadonlyMap<string, ResourceType> = new Map([
  ['AWS::CDK::Metadata', cdkMetadata],
  ['AWS::CloudFormation::CustomResource', customResource],
  ['AWS::DynamoDB::Table', dynamoDbTable],
  ['AWS::Events::Rule', eventsRule],
  ['AWS::IAM::ManagedPolicy', iamManagedPolicy],
  ['AWS::IAM::Policy', iamPolicy],
  ['AWS::IAM::Role', iamRole],
  ['AWS::KMS::Alias', kmsAlias],
  ['AWS::KMS::Key', kmsKey],
  ['AWS::Lambda::Alias', lambdaAlias],
  ['AWS::Lambda::EventInvokeConfig', lambdaEventInvokeConfig],
  ['AWS::Lambda::EventSourceMapping', lambdaEventSourceMapping],
  ['AWS::Lambda::Function', lambdaFunction],
  ['AWS::Lambda::Permission', lambdaPermission],
  ['AWS::Lambda::Version', lambdaVersion],
  ['AWS::Logs::LogGroup', logsLogGroup],
  ['AWS::Redshift::Cluster', redshiftCluster],
  ['AWS::RedshiftServerless::Namespace', redshiftServerlessNamespace],
  ['AWS::RedshiftServerless::Workgroup', redshiftServerlessWorkgroup],
  ['AWS::S3::Bucket', s3Bucket],
  ['AWS::S3::BucketPolicy', s3BucketPolicy],
  ['AWS::SecretsManager::Secret', secretsManagerSecret],
  ['AWS::SQS::Queue', sqsQueue],
  ['AWS::SQS::QueuePolicy', sqsQueuePolicy],
  ['AWS::StepFunctions::StateMachine', statesStateMachine],
]);

/** Custom resources whose handlers make calls of S3 that are not answered here, and only when the stack is deleted. */
const UNPLAYED = ['Custom::S3AutoDeleteObjects'];

/** Undefined for one that the stage does not know. */
export const resourceType = (name: string): ResourceType | undefined => {
  if (UNPLAYED.includes(name)) return undefined;
  return name.startsWith('Custom::') ? customResource : RESOURCE_TYPES.get(name);
};
