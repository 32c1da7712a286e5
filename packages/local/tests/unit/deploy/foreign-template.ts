/** A shop on AWS, in three stacks: what most applications have and this stage mostly has not. */
type Resource = readonly [constructPath: string, type: string, properties?: Readonly<Record<string, unknown>>];

const ref = (path: string) => ({ Ref: logicalId(path) });
const arnOf = (path: string) => ({ 'Fn::GetAtt': [logicalId(path), 'Arn'] });
const logicalId = (path: string) => path.replaceAll(/[^A-Za-z0-9]/g, '');

const trust = (service: string) => ({
  AssumeRolePolicyDocument: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  },
});

const NETWORK: readonly Resource[] = [
  ['Vpc', 'AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16', EnableDnsHostnames: true }],
  ['Vpc/PublicSubnet1/Subnet', 'AWS::EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24' }],
  ['Vpc/PrivateSubnet1/Subnet', 'AWS::EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.0.1.0/24' }],
  ['Vpc/PublicSubnet1/RouteTable', 'AWS::EC2::RouteTable', { VpcId: ref('Vpc') }],
  [
    'Vpc/PublicSubnet1/DefaultRoute',
    'AWS::EC2::Route',
    { RouteTableId: ref('Vpc/PublicSubnet1/RouteTable'), GatewayId: ref('Vpc/IGW') },
  ],
  ['Vpc/IGW', 'AWS::EC2::InternetGateway'],
  ['Vpc/VPCGW', 'AWS::EC2::VPCGatewayAttachment', { VpcId: ref('Vpc'), InternetGatewayId: ref('Vpc/IGW') }],
  ['Vpc/PublicSubnet1/EIP', 'AWS::EC2::EIP', { Domain: 'vpc' }],
  ['Vpc/PublicSubnet1/NATGateway', 'AWS::EC2::NatGateway', { SubnetId: ref('Vpc/PublicSubnet1/Subnet') }],
  ['Vpc/S3', 'AWS::EC2::VPCEndpoint', { VpcId: ref('Vpc'), ServiceName: 'com.amazonaws.us-east-1.s3' }],
  ['Vpc/FlowLog/Logs', 'AWS::Logs::LogGroup', { RetentionInDays: 30 }],
  ['Vpc/FlowLog/Role', 'AWS::IAM::Role', trust('vpc-flow-logs.amazonaws.com')],
  ['Vpc/FlowLog', 'AWS::EC2::FlowLog', { ResourceId: ref('Vpc'), ResourceType: 'VPC', TrafficType: 'ALL' }],
  ['ServiceGroup', 'AWS::EC2::SecurityGroup', { GroupDescription: 'service', VpcId: ref('Vpc') }],
  ['ServiceGroup/from LB', 'AWS::EC2::SecurityGroupIngress', { GroupId: ref('ServiceGroup'), IpProtocol: 'tcp' }],
  ['Zone', 'AWS::Route53::HostedZone', { Name: 'shop.example.com.' }],
  ['Alias', 'AWS::Route53::RecordSet', { HostedZoneId: ref('Zone'), Name: 'www.shop.example.com.', Type: 'A' }],
  ['Certificate', 'AWS::CertificateManager::Certificate', { DomainName: 'shop.example.com' }],
  ['CDKMetadata/Default', 'AWS::CDK::Metadata', { Analytics: 'v2:deflate64:abc' }],
];

const DATA: readonly Resource[] = [
  ['Key', 'AWS::KMS::Key', { KeyPolicy: { Version: '2012-10-17', Statement: [] } }],
  ['Key/Alias', 'AWS::KMS::Alias', { AliasName: 'alias/shop', TargetKeyId: arnOf('Key') }],
  ['Orders/Subnets/Default', 'AWS::RDS::DBSubnetGroup', { DBSubnetGroupDescription: 'orders', SubnetIds: [] }],
  ['Orders/SecretPolicy', 'AWS::SecretsManager::ResourcePolicy', { SecretId: 'orders', ResourcePolicy: {} }],
  ['Orders/Secret/Attachment', 'AWS::SecretsManager::SecretTargetAttachment', { SecretId: 'orders' }],
  ['Orders', 'AWS::RDS::DBCluster', { Engine: 'aurora-postgresql', KmsKeyId: arnOf('Key') }],
  ['Orders/writer', 'AWS::RDS::DBInstance', { DBClusterIdentifier: ref('Orders'), DBInstanceClass: 'db.t4g.medium' }],
  ['Cache', 'AWS::ElastiCache::ReplicationGroup', { ReplicationGroupDescription: 'sessions' }],
  ['Search', 'AWS::OpenSearchService::Domain', { EngineVersion: 'OpenSearch_2.19' }],
  ['Clicks', 'AWS::Kinesis::Stream', { ShardCount: 1 }],
  ['ClicksToLake', 'AWS::KinesisFirehose::DeliveryStream', { DeliveryStreamType: 'KinesisStreamAsSource' }],
  ['Lake', 'AWS::S3::Bucket', {}],
  ['Catalog', 'AWS::Glue::Database', { CatalogId: { Ref: 'AWS::AccountId' }, DatabaseInput: { Name: 'shop' } }],
  ['Catalog/Clicks', 'AWS::Glue::Table', { CatalogId: { Ref: 'AWS::AccountId' }, DatabaseName: ref('Catalog') }],
  ['Nightly', 'AWS::Glue::Job', { Command: { Name: 'glueetl' }, Role: arnOf('NightlyRole') }],
  ['NightlyRole', 'AWS::IAM::Role', trust('glue.amazonaws.com')],
  ['Analysts', 'AWS::Athena::WorkGroup', { Name: 'analysts' }],
  ['Files', 'AWS::EFS::FileSystem', { Encrypted: true, KmsKeyId: arnOf('Key') }],
  ['Backups', 'AWS::Backup::BackupVault', { BackupVaultName: 'shop' }],
  ['Carts', 'AWS::DynamoDB::GlobalTable', { TableName: 'carts' }],
  ['Warehouse', 'AWS::Redshift::Cluster', { ClusterType: 'single-node', DBName: 'dev', NodeType: 'ra3.large' }],
  ['Warehouse/Subnets', 'AWS::Redshift::ClusterSubnetGroup', { Description: 'warehouse', SubnetIds: [] }],
];

const WEB: readonly Resource[] = [
  ['Cluster', 'AWS::ECS::Cluster'],
  ['Service/TaskDef', 'AWS::ECS::TaskDefinition', { Family: 'shop', ContainerDefinitions: [] }],
  ['Service', 'AWS::ECS::Service', { Cluster: ref('Cluster'), TaskDefinition: ref('Service/TaskDef') }],
  ['Service/Scaling', 'AWS::ApplicationAutoScaling::ScalableTarget', { ServiceNamespace: 'ecs' }],
  ['Service/Scaling/Cpu', 'AWS::ApplicationAutoScaling::ScalingPolicy', { PolicyName: 'cpu' }],
  ['Images', 'AWS::ECR::Repository', {}],
  ['LB', 'AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'application' }],
  ['LB/Https', 'AWS::ElasticLoadBalancingV2::Listener', { LoadBalancerArn: ref('LB'), Port: 443 }],
  ['LB/Https/Targets', 'AWS::ElasticLoadBalancingV2::TargetGroup', { Port: 8080 }],
  ['Firewall', 'AWS::WAFv2::WebACL', { Scope: 'CLOUDFRONT' }],
  ['Cdn', 'AWS::CloudFront::Distribution', { DistributionConfig: { WebACLId: arnOf('Firewall') } }],
  ['Cdn/OAC', 'AWS::CloudFront::OriginAccessControl', { OriginAccessControlConfig: {} }],
  ['Users', 'AWS::Cognito::UserPool', { UserPoolName: 'shop' }],
  ['Users/Web', 'AWS::Cognito::UserPoolClient', { UserPoolId: ref('Users') }],
  ['Api', 'AWS::ApiGateway::RestApi', { Name: 'shop' }],
  ['Api/Default/GET', 'AWS::ApiGateway::Method', { RestApiId: ref('Api'), HttpMethod: 'GET' }],
  ['Api/Deployment', 'AWS::ApiGateway::Deployment', { RestApiId: ref('Api') }],
  ['Api/DeploymentStage.prod', 'AWS::ApiGateway::Stage', { RestApiId: ref('Api'), StageName: 'prod' }],
  ['Socket', 'AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET', Name: 'shop' }],
  ['Alerts', 'AWS::SNS::Topic', { DisplayName: 'alerts' }],
  ['Alerts/Mail', 'AWS::SNS::Subscription', { TopicArn: ref('Alerts'), Protocol: 'email' }],
  ['Jobs', 'AWS::SQS::Queue', { VisibilityTimeout: 60 }],
  [
    'Jobs/Policy',
    'AWS::SQS::QueuePolicy',
    { PolicyDocument: { Version: '2012-10-17', Statement: [] }, Queues: [ref('Jobs')] },
  ],
  ['Late', 'AWS::CloudWatch::Alarm', { AlarmActions: [ref('Alerts')], EvaluationPeriods: 1 }],
  ['Board', 'AWS::CloudWatch::Dashboard', { DashboardBody: '{}' }],
  ['Flag', 'AWS::SSM::Parameter', { Type: 'String', Value: 'on' }],
  ['Features', 'AWS::AppConfig::Application', { Name: 'shop' }],
  ['Mails', 'AWS::SES::EmailIdentity', { EmailIdentity: 'shop.example.com' }],
  ['Pipeline', 'AWS::CodePipeline::Pipeline', { RoleArn: 'arn:aws:iam::000000000000:role/pipeline' }],
  ['Build', 'AWS::CodeBuild::Project', { ServiceRole: 'arn:aws:iam::000000000000:role/build' }],
  ['Nested.NestedStack/Nested', 'AWS::CloudFormation::Stack', { TemplateURL: 'https://example.com/nested' }],
];

const templateOf = (stack: string, resources: readonly Resource[]) => ({
  Resources: Object.fromEntries(
    resources.map(([path, Type, Properties = {}]) => [
      logicalId(path),
      { Type, Properties, Metadata: { 'aws:cdk:path': `${stack}/${path}/Resource` } },
    ]),
  ),
});

const STACKS = { ShopNetwork: NETWORK, ShopData: DATA, ShopWeb: WEB };

/** As CloudFormation templates, by the name of the stack. */
export const foreignTemplates = Object.fromEntries(
  Object.entries(STACKS).map(([stack, resources]) => [stack, templateOf(stack, resources)]),
);

/** Everything in them, as errors name it. */
export const foreignResources = Object.entries(STACKS).flatMap(([stack, resources]) =>
  resources.map(([path, type]) => ({ type, where: `${stack}/${path} (${type})` })),
);
