import { describe, expect, it } from 'vitest';
import { account, plan, refusalsOf, stackOf } from '../../helpers/assembly.ts';

const queue = (Properties: object = {}, more: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties, ...more });
const outputsOf = (template: object) => plan(stackOf('Stack', template))[0]?.outputs;
const resourcesOf = (template: object) => plan(stackOf('Stack', template))[0]?.resources ?? [];

describe('planAssembly', () => {
  it('gives every refusal of all stacks at once, each with path, type and property', () => {
    const first = {
      Resources: { Topic: { Type: 'AWS::SNS::Topic' }, Jobs: queue({ FifoQueue: true, Colour: 'red' }) },
    };
    const second = { Resources: { Api: { Type: 'Custom::Api', Properties: { ServiceToken: 'x' } } }, Hooks: {} };
    expect(refusalsOf(stackOf('One', first), stackOf('Two', second))).toEqual([
      'One/Topic (AWS::SNS::Topic): resource type is not supported',
      'One/Jobs (AWS::SQS::Queue): property FifoQueue is supported as false only, not true',
      'One/Jobs (AWS::SQS::Queue): property Colour is not supported',
      'Two: template section Hooks is not supported',
      'Two/Api (Custom::Api): property ServiceToken is supported as the ARN of a Lambda function only, not x',
    ]);
  });

  it('does not refuse a resource for referring to one that is refused', () => {
    const template = {
      Resources: { Topic: { Type: 'AWS::SNS::Topic' }, Jobs: queue({ QueueName: { Ref: 'Topic' } }) },
    };
    expect(refusalsOf(stackOf('Stack', template))).toEqual([
      'Stack/Topic (AWS::SNS::Topic): resource type is not supported',
    ]);
  });

  it('refuses each property that cannot be resolved, and goes on with the others', () => {
    const Properties = {
      QueueName: { 'Fn::Transform': {} },
      KmsMasterKeyId: { Ref: 'Nobody' },
      DelaySeconds: 'soon',
    };
    expect(refusalsOf(stackOf('Stack', { Resources: { Jobs: queue(Properties) } }))).toEqual([
      'Stack/Jobs (AWS::SQS::Queue): property QueueName: intrinsic function Fn::Transform',
      'Stack/Jobs (AWS::SQS::Queue): property KmsMasterKeyId: refers to Nobody, which the template does not define or its conditions leave out',
      'Stack/Jobs (AWS::SQS::Queue): property DelaySeconds must be an integer from 0 to 900, got soon',
    ]);
  });

  it('refuses an attribute that the resource does not have on the stage', () => {
    const Table = {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        AttributeDefinitions: [{ AttributeName: 'a', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'a', KeyType: 'HASH' }],
      },
    };
    const template = { Resources: { Table }, Outputs: { Stream: { Value: { 'Fn::GetAtt': ['Table', 'StreamArn'] } } } };
    expect(refusalsOf(stackOf('Stack', template))).toEqual([
      'Stack output Stream: attribute Table.StreamArn is not supported',
    ]);
  });

  it('refuses resource attributes that would have to be honoured', () => {
    const template = { Resources: { Jobs: queue({}, { CreationPolicy: {}, DeletionPolicy: 'Retain' }) } };
    expect(refusalsOf(stackOf('Stack', template))).toEqual([
      'Stack/Jobs (AWS::SQS::Queue): attribute CreationPolicy is not supported',
    ]);
  });

  it('refuses resources that need each other', () => {
    const template = { Resources: { A: queue({}, { DependsOn: 'B' }), B: queue({}, { DependsOn: ['A'] }) } };
    expect(refusalsOf(stackOf('Stack', template))).toEqual(['Stack: circular dependency: A -> B -> A']);
  });

  it('refuses a name that is taken in another stack', () => {
    const template = { Resources: { Jobs: queue({ QueueName: 'jobs' }) } };
    expect(refusalsOf(stackOf('One', template), stackOf('Two', template))).toEqual([
      'Two/Jobs (AWS::SQS::Queue): http://127.0.0.1:4566/123456789012/jobs already exists',
    ]);
  });

  it('orders resources by what they refer to and by DependsOn', () => {
    const Resources = {
      A: queue({}, { DependsOn: ['B'] }),
      B: queue({ QueueName: { 'Fn::Sub': 'before-${C.QueueName}' } }),
      C: queue({ QueueName: 'c' }),
    };
    expect(resourcesOf({ Resources }).map(({ logicalId }) => logicalId)).toEqual(['C', 'B', 'A']);
  });

  it('gives unnamed resources the same name each time, in the form of CloudFormation', () => {
    const ids = () => resourcesOf({ Resources: { Jobs: queue() } }).map(({ ids }) => ids?.attributes.QueueName);
    expect(ids()).toEqual(ids());
    expect(ids()[0]).toMatch(/^Stack-Jobs-[0-9A-F]{12}$/);
  });

  it('leaves out what its condition does, and gives its own value where AWS::NoValue stands', () => {
    const template = {
      Conditions: { Never: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'mars-1'] } },
      Resources: {
        Gone: queue({}, { Condition: 'Never' }),
        Jobs: queue({ DelaySeconds: { 'Fn::If': ['Never', 'nonsense', { Ref: 'AWS::NoValue' }] } }),
      },
      Outputs: { None: { Value: 'x', Condition: 'Never' }, Some: { Value: 'y' } },
    };
    expect(resourcesOf(template).map(({ logicalId }) => logicalId)).toEqual(['Jobs']);
    expect(outputsOf(template)).toEqual({ Some: 'y' });
  });

  it('knows the pseudo parameters', () => {
    const names = ['AccountId', 'Partition', 'Region', 'StackName', 'URLSuffix', 'StackId'];
    const Outputs = Object.fromEntries(names.map((name) => [name, { Value: { Ref: `AWS::${name}` } }]));
    expect(outputsOf({ Outputs })).toEqual({
      AccountId: account.accountId,
      Partition: 'aws',
      Region: account.region,
      StackName: 'Stack',
      URLSuffix: 'amazonaws.com',
      StackId: expect.stringMatching(
        /^arn:aws:cloudformation:eu-central-1:123456789012:stack\/Stack\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
    });
  });

  it('takes parameters by their default and refuses those that have none', () => {
    const template = {
      Parameters: {
        BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk/version' },
        Size: { Type: 'Number', Default: 3 },
        Zones: { Type: 'CommaDelimitedList', Default: 'a, b' },
        Secret: { Type: 'String' },
        Image: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/image' },
      },
      Outputs: { Size: { Value: { Ref: 'Size' } }, Zone: { Value: { 'Fn::Select': [1, { Ref: 'Zones' }] } } },
    };
    const { Secret: _secret, Image: _image, ...Parameters } = template.Parameters;
    expect(outputsOf({ ...template, Parameters })).toEqual({ Size: '3', Zone: 'b' });
    expect(refusalsOf(stackOf('Stack', template))).toEqual([
      'Stack: parameter Secret has no default, and the stage takes no parameter values',
      'Stack: parameter Image has the type AWS::SSM::Parameter::Value<String>, which is not supported',
    ]);
  });

  it('imports what a stack before it exports, and refuses what none does', () => {
    const exporting = {
      Outputs: { Jobs: { Value: 'jobs', Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Jobs' } } } },
    };
    const importing = { Resources: { Jobs: queue({ QueueName: { 'Fn::ImportValue': 'One:Jobs' } }) } };
    const plans = plan(stackOf('One', exporting), stackOf('Two', importing));
    expect(plans[1]?.resources[0]?.ids?.attributes.QueueName).toBe('jobs');
    expect(refusalsOf(stackOf('Two', importing))).toEqual([
      'Two/Jobs (AWS::SQS::Queue): property QueueName: no stack deployed before exports One:Jobs',
    ]);
  });
});
