import { describe, expect, it } from 'vitest';
import { RESOURCE_TYPES } from '../../../src/deploy/resources/index.ts';
import { refusalsOf, stackOf } from '../../helpers/assembly.ts';

const key = {
  AttributeDefinitions: [{ AttributeName: 'a', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'a', KeyType: 'HASH' }],
};
const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
const odd = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*', Mood: 'good' }] };
const resourcePolicy = (statement: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', ...statement }],
});
const fn = { Code: { ZipFile: 'x' }, Handler: 'index.handler', Runtime: 'nodejs24.x', Role: 'arn:aws:iam::1:role/r' };
const queueArn = 'arn:aws:sqs:eu-central-1:123456789012:jobs';
const machine = {
  RoleArn: 'arn:aws:iam::1:role/r',
  DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}',
};

type Row = readonly [type: string, properties: object, refusal?: string];

/** Type, properties, and the one refusal that they meet; none: they are accepted. */
const ROWS: readonly Row[] = [
  ['AWS::CDK::Metadata', { Analytics: 'v2' }],
  ['AWS::DynamoDB::Table', { ...key, DeletionProtectionEnabled: true, TableClass: 'STANDARD' }],
  ['AWS::DynamoDB::Table', { ...key, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: 'true' } }],
  [
    'AWS::DynamoDB::Table',
    { ...key, StreamSpecification: { StreamViewType: 'NEW_IMAGE' } },
    'property StreamSpecification is not supported',
  ],
  [
    'AWS::DynamoDB::Table',
    { ...key, SSESpecification: { SSEEnabled: true, Mode: 'x' } },
    'property SSESpecification.Mode is not supported',
  ],
  [
    'AWS::DynamoDB::Table',
    { ...key, GlobalSecondaryIndexes: [{ IndexName: 'i', KeySchema: key.KeySchema, Warm: 1 }] },
    'property GlobalSecondaryIndexes[0].Warm is not supported',
  ],
  ['AWS::DynamoDB::Table', { ...key, BillingMode: {} }, 'property BillingMode must be a text, got {}'],
  [
    'AWS::Events::Rule',
    {
      EventPattern: { source: ['a'] },
      Targets: [
        { Id: 'a', Arn: queueArn, DeadLetterConfig: { Arn: queueArn }, RetryPolicy: { MaximumRetryAttempts: 2 } },
      ],
    },
  ],
  ['AWS::Events::Rule', { EventPattern: { source: 'a' } }, 'property EventPattern is not accepted'],
  [
    'AWS::Events::Rule',
    { EventPattern: { source: ['a'] }, EventBusName: 'own' },
    'property EventBusName is supported as default only, not own',
  ],
  ['AWS::IAM::ManagedPolicy', { PolicyDocument: policy, Description: 'x' }],
  [
    'AWS::IAM::ManagedPolicy',
    { PolicyDocument: odd },
    'property PolicyDocument is not accepted: The policy statement element Mood is not supported.',
  ],
  ['AWS::IAM::Policy', { PolicyName: 'p', PolicyDocument: policy, Roles: ['r'] }],
  [
    'AWS::IAM::Policy',
    { PolicyName: 'p', PolicyDocument: policy },
    'property Roles is required: the stage knows neither users nor groups',
  ],
  ['AWS::IAM::Policy', { PolicyName: 'p', Roles: ['r'] }, 'property PolicyDocument is required'],
  [
    'AWS::IAM::Role',
    {
      AssumeRolePolicyDocument: trust,
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
    },
  ],
  [
    'AWS::IAM::Role',
    { AssumeRolePolicyDocument: trust, ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
    'property ManagedPolicyArns names arn:aws:iam::aws:policy/ReadOnlyAccess, which neither the assembly nor the stage knows',
  ],
  [
    'AWS::IAM::Role',
    { AssumeRolePolicyDocument: trust, PermissionsBoundary: 'arn:aws:iam::1:policy/x' },
    'property PermissionsBoundary names arn:aws:iam::1:policy/x, which neither the assembly nor the stage knows',
  ],
  [
    'AWS::IAM::Role',
    {
      AssumeRolePolicyDocument: trust,
      PermissionsBoundary: 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
      Tags: [{ Key: 'team', Value: 'a' }],
    },
  ],
  [
    'AWS::IAM::Role',
    { AssumeRolePolicyDocument: trust, Policies: [{ PolicyName: 'p', PolicyDocument: odd }] },
    'property Policies[0].PolicyDocument is not accepted',
  ],
  ['AWS::KMS::Alias', { AliasName: 'alias/a', TargetKeyId: 'k' }],
  [
    'AWS::KMS::Alias',
    { AliasName: 'a', TargetKeyId: 'k' },
    'property AliasName must be alias/NAME and not begin with alias/aws/, got a',
  ],
  ['AWS::KMS::Key', { EnableKeyRotation: true, Description: 'x' }],
  ['AWS::KMS::Key', { KeySpec: 'RSA_2048' }, 'property KeySpec is supported as SYMMETRIC_DEFAULT only, not RSA_2048'],
  ['AWS::KMS::Key', { KeyPolicy: odd }, 'property KeyPolicy is not accepted'],
  ['AWS::Lambda::Alias', { FunctionName: 'f', Name: 'live', FunctionVersion: '1' }],
  [
    'AWS::Lambda::Alias',
    { FunctionName: 'f', Name: '7', FunctionVersion: '1' },
    'property Name must be a name and no number, got 7',
  ],
  [
    'AWS::Lambda::Alias',
    { FunctionName: 'f', Name: 'live', FunctionVersion: '1', RoutingConfig: {} },
    'property RoutingConfig is not supported',
  ],
  [
    'AWS::Lambda::EventInvokeConfig',
    {
      FunctionName: 'f',
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: queueArn } },
    },
  ],
  [
    'AWS::Lambda::EventInvokeConfig',
    { FunctionName: 'f', Qualifier: '$LATEST', MaximumRetryAttempts: 3 },
    'property MaximumRetryAttempts must be an integer from 0 to 2, got 3',
  ],
  [
    'AWS::Lambda::EventInvokeConfig',
    {
      FunctionName: 'f',
      Qualifier: '$LATEST',
      DestinationConfig: { OnSuccess: { Destination: 'arn:aws:sns:r:1:topic' } },
    },
    'property DestinationConfig.OnSuccess.Destination is supported for SQS queues, functions and the default event bus only',
  ],
  [
    'AWS::Lambda::EventSourceMapping',
    { FunctionName: 'f', EventSourceArn: queueArn, MaximumBatchingWindowInSeconds: 0 },
  ],
  [
    'AWS::Lambda::EventSourceMapping',
    { FunctionName: 'f', EventSourceArn: queueArn, FunctionResponseTypes: ['Other'] },
    'property FunctionResponseTypes holds Other, which is not supported',
  ],
  [
    'AWS::Lambda::EventSourceMapping',
    { FunctionName: 'f', EventSourceArn: 'arn:aws:kinesis:r:1:stream/s' },
    'property EventSourceArn is supported for SQS queues only',
  ],
  [
    'AWS::Lambda::Function',
    {
      ...fn,
      Timeout: '30',
      DeadLetterConfig: { TargetArn: queueArn },
      RecursiveLoop: 'Allow',
      Architectures: ['arm64'],
    },
  ],
  [
    'AWS::Lambda::Function',
    { ...fn, Runtime: 'python3.13' },
    'property Runtime is supported as nodejs22.x or nodejs24.x only, not python3.13',
  ],
  [
    'AWS::Lambda::Function',
    { ...fn, LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'WARN', SystemLogLevel: 'WARN' } },
  ],
  [
    'AWS::Lambda::Function',
    { ...fn, LoggingConfig: { ApplicationLogLevel: 'WARN' } },
    'property LoggingConfig.LogFormat must be JSON where there are log levels',
  ],
  [
    'AWS::Lambda::Function',
    { ...fn, LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'ERROR' } },
    'property LoggingConfig.SystemLogLevel is supported as DEBUG or INFO or WARN only, not ERROR',
  ],
  ['AWS::Lambda::Function', { ...fn, Layers: ['x'] }, 'property Layers is not supported'],
  ['AWS::Lambda::Function', { ...fn, VpcConfig: { Vpc: 'vpc-1' } }, 'property VpcConfig.Vpc is not supported'],
  [
    'AWS::Lambda::Function',
    { ...fn, MemorySize: 64 },
    'property MemorySize must be an integer from 128 to 10240, got 64',
  ],
  [
    'AWS::Lambda::Function',
    { ...fn, Code: { S3Bucket: 'b', S3Key: 'k' } },
    'property Code.S3Key names k, which is no asset of the assembly',
  ],
  [
    'AWS::Lambda::Function',
    { ...fn, Environment: { Variables: { AWS_REGION: 'x' } } },
    'property Environment.Variables.AWS_REGION is a variable that Lambda reserves for itself',
  ],
  [
    'AWS::Lambda::Function',
    { ...fn, Environment: { Variables: { 'A-B': 'x' } } },
    'property Environment.Variables.A-B is no name of a variable',
  ],
  [
    'AWS::Lambda::Function',
    { ...fn, Environment: { Variables: { LONG: 'x'.repeat(4093) } } },
    'property Environment has 4097 bytes of variables, and Lambda takes 4096',
  ],
  [
    'AWS::Lambda::Function',
    { ...fn, DeadLetterConfig: { TargetArn: 'arn:aws:sns:r:1:t' } },
    'property DeadLetterConfig.TargetArn is supported for SQS queues only',
  ],
  [
    'AWS::Lambda::Permission',
    {
      FunctionName: 'f',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: 'arn:aws:events:r:1:rule/x',
    },
  ],
  [
    'AWS::Lambda::Permission',
    { FunctionName: 'f', Action: 'lambda:InvokeFunction', Principal: 'nobody' },
    'property Principal is not accepted: The provided principal was invalid.',
  ],
  [
    'AWS::Lambda::Permission',
    { FunctionName: 'f', Action: 'sqs:SendMessage', Principal: '*' },
    'property Action must be lambda:OPERATION, lambda:* or *, got sqs:SendMessage',
  ],
  [
    'AWS::Lambda::Permission',
    { FunctionName: 'f', Action: 'lambda:InvokeFunction', Principal: '*', FunctionUrlAuthType: 'NONE' },
    'property FunctionUrlAuthType is not supported',
  ],
  ['AWS::Lambda::Version', { FunctionName: 'f', Description: 'x' }],
  [
    'AWS::Lambda::Version',
    { FunctionName: 'f', ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 } },
    'property ProvisionedConcurrencyConfig is not supported',
  ],
  ['AWS::Logs::LogGroup', { RetentionInDays: 731 }],
  [
    'AWS::Logs::LogGroup',
    { LogGroupClass: 'INFREQUENT_ACCESS' },
    'property LogGroupClass is supported as STANDARD only',
  ],
  ['AWS::Redshift::Cluster', { ClusterIdentifier: 'c1', DBName: 'dev', Encrypted: true, KmsKeyId: 'k' }],
  [
    'AWS::Redshift::Cluster',
    { ClusterIdentifier: 'c1', SnapshotIdentifier: 's' },
    'property SnapshotIdentifier is not supported',
  ],
  ['AWS::RedshiftServerless::Namespace', { NamespaceName: 'n', KmsKeyId: 'k' }],
  ['AWS::RedshiftServerless::Workgroup', { WorkgroupName: 'w', NamespaceName: 'n' }],
  [
    'AWS::RedshiftServerless::Workgroup',
    { WorkgroupName: 'w', ConfigParameters: [] },
    'property ConfigParameters is not supported',
  ],
  [
    'AWS::S3::Bucket',
    {
      PublicAccessBlockConfiguration: { BlockPublicAcls: true },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    },
  ],
  [
    'AWS::S3::Bucket',
    {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
    },
    'property BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.SSEAlgorithm is supported as AES256 only',
  ],
  [
    'AWS::S3::Bucket',
    { VersioningConfiguration: { Status: 'Enabled' } },
    'property VersioningConfiguration.Status is supported as Suspended only',
  ],
  [
    'AWS::S3::BucketPolicy',
    {
      Bucket: 'b',
      PolicyDocument: resourcePolicy({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    },
  ],
  [
    'AWS::S3::BucketPolicy',
    { Bucket: 'b', PolicyDocument: resourcePolicy({ Condition: { StringEquals: { 's3:x-amz-acl': 'private' } } }) },
    'property PolicyDocument is not accepted: The condition key s3:x-amz-acl is not supported.',
  ],
  ['AWS::SQS::Queue', { VisibilityTimeout: 60, SqsManagedSseEnabled: true, Tags: [{ Key: 'a', Value: 'b' }] }],
  [
    'AWS::SQS::Queue',
    { VisibilityTimeout: 50_000 },
    'property VisibilityTimeout must be an integer from 0 to 43200, got 50000',
  ],
  ['AWS::SQS::Queue', { FifoQueue: true }, 'property FifoQueue is supported as false only, not true'],
  [
    'AWS::SQS::QueuePolicy',
    { Queues: ['http://127.0.0.1:4566/123456789012/jobs'], PolicyDocument: resourcePolicy({}) },
  ],
  ['AWS::SQS::QueuePolicy', { Queues: [], PolicyDocument: policy }, 'property PolicyDocument is not accepted'],
  ['AWS::StepFunctions::StateMachine', machine],
  [
    'AWS::StepFunctions::StateMachine',
    { ...machine, StateMachineType: 'EXPRESS' },
    'property StateMachineType is supported as STANDARD only, not EXPRESS',
  ],
  [
    'AWS::StepFunctions::StateMachine',
    { RoleArn: 'r', DefinitionS3Location: { Bucket: 'b', Key: 'k' } },
    'property DefinitionS3Location is not supported',
  ],
  [
    'AWS::SecretsManager::Secret',
    { Description: 'a', Name: 'a', SecretString: '{}', KmsKeyId: 'alias/aws/x', Tags: [] },
  ],
  [
    'AWS::SecretsManager::Secret',
    {
      GenerateSecretString: {
        SecretStringTemplate: '{"username":"etl"}',
        GenerateStringKey: 'password',
        ExcludeCharacters: '"@/',
        ExcludePunctuation: true,
        PasswordLength: 20,
        IncludeSpace: false,
        RequireEachIncludedType: true,
      },
    },
  ],
  [
    'AWS::SecretsManager::Secret',
    { SecretString: 'a', GenerateSecretString: {} },
    'property GenerateSecretString cannot be given together with SecretString',
  ],
  [
    'AWS::SecretsManager::Secret',
    { GenerateSecretString: { PasswordLength: 3 } },
    'property GenerateSecretString.PasswordLength is not accepted: a password of 3 characters cannot have one of each of 4 types',
  ],
  [
    'AWS::SecretsManager::Secret',
    { GenerateSecretString: { SecretStringTemplate: '{', GenerateStringKey: 'p' } },
    'property GenerateSecretString.SecretStringTemplate is not accepted',
  ],
  [
    'AWS::SecretsManager::Secret',
    { GenerateSecretString: { SecretStringTemplate: '{}' } },
    'property GenerateSecretString.SecretStringTemplate needs the other one',
  ],
  [
    'AWS::SecretsManager::Secret',
    { ReplicaRegions: [{ Region: 'eu-west-1' }] },
    'property ReplicaRegions is not supported',
  ],
  [
    'AWS::StepFunctions::StateMachine',
    { ...machine, DefinitionString: '{"StartAt":"A"}' },
    'property DefinitionString is not accepted',
  ],
];

const accepted = ROWS.filter(([, , refusal]) => refusal === undefined);
const refused = ROWS.filter(([, , refusal]) => refusal !== undefined);

const refusalsOfOne = ([Type, Properties]: Row): readonly string[] =>
  refusalsOf(stackOf('Stack', { Resources: { It: { Type, Properties } } }));

describe('RESOURCE_TYPES', () => {
  for (const row of accepted)
    it(`accepts ${row[0]} with ${JSON.stringify(row[1])}`, () => {
      expect(refusalsOfOne(row)).toEqual([]);
    });

  for (const row of refused)
    it(`refuses ${row[0]} with ${JSON.stringify(row[1])}`, () => {
      expect(refusalsOfOne(row)).toContainEqual(expect.stringContaining(`Stack/It (${row[0]}): ${row[2]}`));
    });

  it('refuses a property it does not know, whatever the type', () => {
    // What a custom resource takes is between the template and its function.
    const types = [...RESOURCE_TYPES.keys()].filter((type) => type !== 'AWS::CloudFormation::CustomResource');
    for (const Type of types)
      expect(refusalsOfOne([Type, { NobodyKnowsThis: 1 }])).toContain(
        `Stack/It (${Type}): property NobodyKnowsThis is not supported`,
      );
  });
});
