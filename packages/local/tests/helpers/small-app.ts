import { allow, arnOf, openToEvents, roleFor } from './template-parts.ts';

export const FUNCTION_KEY = 'greeter.zip';
export const FUNCTION_CODE =
  'export const handler = async ({ name }) => ({ greeting: `hello ${name}`, table: process.env.TABLE });';

/** One of each: a state machine that invokes a function, and a rule that brings the end of its executions to a queue. */
export const smallApp = {
  Parameters: {
    BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' },
  },
  Rules: { CheckBootstrapVersion: { Assertions: [] } },
  Resources: {
    Key: {
      Type: 'AWS::KMS::Key',
      Properties: {
        KeyPolicy: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } },
              Action: 'kms:*',
              Resource: '*',
            },
            {
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
              Resource: '*',
            },
          ],
        },
        EnableKeyRotation: true,
      },
    },
    KeyAlias: {
      Type: 'AWS::KMS::Alias',
      Properties: { AliasName: 'alias/small-app', TargetKeyId: arnOf('Key') },
    },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'N' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: arnOf('Key') },
        TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      },
      DeletionPolicy: 'Delete',
    },
    DeadLetters: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1_209_600 } },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        KmsMasterKeyId: arnOf('Key'),
        VisibilityTimeout: 60,
        RedrivePolicy: { deadLetterTargetArn: arnOf('DeadLetters'), maxReceiveCount: 3 },
      },
    },
    QueuePolicy: openToEvents('Queue'),
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['aws.states'], detail: { status: ['SUCCEEDED'] } },
        State: 'ENABLED',
        Targets: [{ Id: 'Queue', Arn: arnOf('Queue') }],
      },
      DependsOn: 'QueuePolicy',
    },
    LogGroup: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 30 } },
    FunctionRole: roleFor(
      'lambda.amazonaws.com',
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arnOf('LogGroup')),
    ),
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: { 'Fn::Sub': 'assets-${AWS::AccountId}' }, S3Key: FUNCTION_KEY },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Role: arnOf('FunctionRole'),
        Environment: { Variables: { TABLE: { Ref: 'Table' } } },
        LoggingConfig: { LogGroup: { Ref: 'LogGroup' } },
      },
    },
    MachineRole: roleFor('states.amazonaws.com', allow('lambda:InvokeFunction', arnOf('Function'))),
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: arnOf('MachineRole'),
        DefinitionString: {
          'Fn::Join': [
            '',
            [
              '{"StartAt":"Greet","States":{"Greet":{"Type":"Task","End":true,"Resource":"arn:aws:states:::lambda:invoke",',
              '"Parameters":{"FunctionName":"${Greeter}","Payload.$":"$"},"OutputPath":"$.Payload"}}}',
            ],
          ],
        },
        DefinitionSubstitutions: { Greeter: arnOf('Function') },
      },
    },
    Bucket: { Type: 'AWS::S3::Bucket' },
    Cluster: {
      Type: 'AWS::Redshift::Cluster',
      Properties: { ClusterIdentifier: 'c1', DBName: 'dev', NodeType: 'ra3.large', ClusterType: 'single-node' },
    },
    CDKMetadata: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'v2:deflate64:abc' } },
  },
  Outputs: {
    QueueUrl: { Value: { Ref: 'Queue' } },
    QueueArn: { Value: arnOf('Queue') },
    Machine: { Value: { Ref: 'Machine' } },
  },
};
