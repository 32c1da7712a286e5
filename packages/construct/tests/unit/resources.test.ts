import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { TaskerEncryption, WatchedExecutions } from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { propertiesOf, resourceOf } from '../helpers/readable.ts';
import { addTasker, newStack, synthesize } from '../helpers/synth.ts';

const { template } = synthesize();
const KEY = '${TaskerKeyAC13F5CA.Arn}';

describe('the tracking table', () => {
  const table = propertiesOf(template, 'AWS::DynamoDB::Table', 'TaskerTrackingTable');

  it('has owner and invocation key as its key', () => {
    expect(table['KeySchema']).toEqual([
      { AttributeName: 'owner', KeyType: 'HASH' },
      { AttributeName: 'invocationKey', KeyType: 'RANGE' },
    ]);
    expect(table['AttributeDefinitions']).toEqual([
      { AttributeName: 'owner', AttributeType: 'S' },
      { AttributeName: 'invocationKey', AttributeType: 'S' },
      { AttributeName: 'startedAt', AttributeType: 'N' },
      { AttributeName: 'open', AttributeType: 'S' },
    ]);
  });

  it('has a local index by start time with all attributes, for LATEST', () => {
    expect(table['LocalSecondaryIndexes']).toEqual([
      {
        IndexName: 'byStartedAt',
        KeySchema: [
          { AttributeName: 'owner', KeyType: 'HASH' },
          { AttributeName: 'startedAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ]);
  });

  it('has a sparse index of open statements with keys only', () => {
    expect(table['GlobalSecondaryIndexes']).toEqual([
      {
        IndexName: 'byOpen',
        KeySchema: [
          { AttributeName: 'open', KeyType: 'HASH' },
          { AttributeName: 'startedAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
  });

  it('is billed on demand, expires rows and is encrypted with the key', () => {
    expect(table).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      SSESpecification: { KMSMasterKeyId: KEY, SSEEnabled: true, SSEType: 'KMS' },
    });
  });
});

describe('the completion queue', () => {
  it('hides a message for six times the timeout of the drain and keeps it for four days', () => {
    expect(propertiesOf(template, 'AWS::SQS::Queue', 'TaskerCompletionQueue')).toEqual({
      KmsMasterKeyId: KEY,
      MessageRetentionPeriod: 345_600,
      RedrivePolicy: {
        deadLetterTargetArn: '${TaskerCompletionDeadLetterQueueD93756B7.Arn}',
        maxReceiveCount: 20,
      },
      VisibilityTimeout: 180,
    });
  });

  it('follows the timeout and receive count of the completer', () => {
    const changed = synthesize({ completer: { timeout: Duration.minutes(2), maxReceiveCount: 7 } }).template;
    expect(propertiesOf(changed, 'AWS::SQS::Queue', 'TaskerCompletionQueue')).toMatchObject({
      VisibilityTimeout: 720,
      RedrivePolicy: { maxReceiveCount: 7 },
    });
  });
});

describe('the dead-letter queues', () => {
  it.each(['TaskerCompletionDeadLetterQueue', 'TaskerInvokerDeadLetterQueue', 'TaskerRuleDeadLetterQueue'])(
    '%s keeps messages for fourteen days under the key',
    (id) => {
      expect(propertiesOf(template, 'AWS::SQS::Queue', id)).toEqual({
        KmsMasterKeyId: KEY,
        MessageRetentionPeriod: 1_209_600,
      });
    },
  );
});

describe('the queue policies', () => {
  const statementsOf = (id: string) => {
    const { PolicyDocument } = propertiesOf(template, 'AWS::SQS::QueuePolicy', id) as {
      PolicyDocument: { Statement: unknown[] };
    };
    return PolicyDocument.Statement;
  };
  const tlsOnly = (queue: string) => ({
    Action: 'sqs:*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Resource: `\${${queue}.Arn}`,
  });
  const ruleSends = (queue: string, rule: string) => ({
    Sid: `${rule.slice('Tasker'.length, -8)}Sends`,
    Action: 'sqs:SendMessage',
    Condition: { ArnEquals: { 'aws:SourceArn': `\${${rule}.Arn}` } },
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Resource: `\${${queue}.Arn}`,
  });

  it.each([
    ['TaskerCompletionQueuePolicy', 'TaskerCompletionQueue26D8B803'],
    ['TaskerRuleDeadLetterQueuePolicy', 'TaskerRuleDeadLetterQueue235EA9D4'],
  ])('%s lets the rules send, and them alone', (policy, queue) => {
    expect(statementsOf(policy)).toEqual([
      tlsOnly(queue),
      ruleSends(queue, 'TaskerCompletionRule87C65C27'),
      ruleSends(queue, 'TaskerExecutionRule916CB765'),
    ]);
  });

  it.each([
    ['TaskerCompletionDeadLetterQueuePolicy', 'TaskerCompletionDeadLetterQueueD93756B7'],
    ['TaskerInvokerDeadLetterQueuePolicy', 'TaskerInvokerDeadLetterQueue026A206C'],
  ])('%s lets no service send', (policy, queue) => {
    expect(statementsOf(policy)).toEqual([tlsOnly(queue)]);
  });
});

describe('the completion rule', () => {
  it('takes the end states of statements whose name begins with the prefix, to the queue, with a dead-letter queue', () => {
    expect(propertiesOf(template, 'AWS::Events::Rule', 'TaskerCompletionRule')).toEqual({
      Description: 'Stack/Tasker: statements that ended',
      EventPattern: {
        source: ['aws.redshift-data'],
        'detail-type': ['Redshift Data Statement Status Change'],
        detail: {
          statementName: [{ prefix: '90f1837689-${Select 2 of Split ${AWS::StackId} at /}/' }],
          state: ['FINISHED', 'FAILED', 'ABORTED'],
        },
      },
      State: 'ENABLED',
      Targets: [
        {
          Arn: '${TaskerCompletionQueue26D8B803.Arn}',
          DeadLetterConfig: { Arn: '${TaskerRuleDeadLetterQueue235EA9D4.Arn}' },
          Id: 'Target0',
        },
      ],
    });
  });
});

describe('the schedule of the sweep', () => {
  it('invokes it every minute, each time once', () => {
    expect(propertiesOf(template, 'AWS::Events::Rule', 'TaskerSweepSchedule')).toEqual({
      Description: 'Stack/Tasker: runs the sweep',
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [{ Arn: '${TaskerSweepB36639FE.Arn}', Id: 'Target0', RetryPolicy: { MaximumRetryAttempts: 0 } }],
    });
    expect(propertiesOf(template, 'AWS::Lambda::Permission', 'TaskerSweepSweepScheduleInvokes')).toEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: '${TaskerSweepB36639FE.Arn}',
      Principal: 'events.amazonaws.com',
      SourceArn: '${TaskerSweepSchedule968ED03E.Arn}',
    });
  });

  it.each([
    [1, 'rate(1 minute)'],
    [5, 'rate(5 minutes)'],
    [60, 'rate(1 hour)'],
  ])('follows an interval of %d minutes', (minutes, expression) => {
    const changed = synthesize({ sweep: { interval: Duration.minutes(minutes) } }).template;
    expect(propertiesOf(changed, 'AWS::Events::Rule', 'TaskerSweepSchedule')).toMatchObject({
      ScheduleExpression: expression,
    });
  });

  it('is there, but does nothing, where the sweep is switched off', () => {
    const off = synthesize({ sweep: { enabled: false } }).template;
    expect(propertiesOf(off, 'AWS::Events::Rule', 'TaskerSweepSchedule')).toMatchObject({ State: 'DISABLED' });
  });
});

describe('the execution rule', () => {
  const ACCOUNT = '${AWS::Region}:${AWS::AccountId}';
  const patternOf = (watchedExecutions: WatchedExecutions) =>
    propertiesOf(synthesize({ watchedExecutions }).template, 'AWS::Events::Rule', 'TaskerExecutionRule')[
      'EventPattern'
    ] as { detail: Record<string, unknown> };

  it('takes executions of the account that were stopped, timed out or failed, to the queue, without their data', () => {
    expect(propertiesOf(template, 'AWS::Events::Rule', 'TaskerExecutionRule')).toEqual({
      Description: 'Stack/Tasker: executions that were stopped, timed out or failed',
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        account: ['${AWS::AccountId}'],
        detail: { status: ['ABORTED', 'TIMED_OUT', 'FAILED'] },
      },
      State: 'ENABLED',
      Targets: [
        {
          Arn: '${TaskerCompletionQueue26D8B803.Arn}',
          DeadLetterConfig: { Arn: '${TaskerRuleDeadLetterQueue235EA9D4.Arn}' },
          Id: 'Target0',
          InputTransformer: {
            InputPathsMap: {
              'detail-executionArn': '$.detail.executionArn',
              'detail-status': '$.detail.status',
              'detail-redriveCount': '$.detail.redriveCount',
              'detail-stopDate': '$.detail.stopDate',
            },
            InputTemplate:
              '{"type":"executionEnded","executionArn":<detail-executionArn>,"status":<detail-status>,"redriveCount":<detail-redriveCount>,"stopDate":<detail-stopDate>}',
          },
        },
      ],
    });
  });

  it('is narrowed to state machines by their names, or by how their names begin', () => {
    const arn = `arn:\${AWS::Partition}:states:${ACCOUNT}:stateMachine:`;

    expect(patternOf(WatchedExecutions.ofStateMachines('load', 'nightly-*')).detail).toEqual({
      status: ['ABORTED', 'TIMED_OUT', 'FAILED'],
      stateMachineArn: [`${arn}load`, { prefix: `${arn}load/` }, { prefix: `${arn}nightly-` }],
    });
  });

  it('is left out where no execution is watched, and then may not send either', () => {
    const { template: alone, tasker } = synthesize({ watchedExecutions: WatchedExecutions.none() });

    alone.resourceCountIs('AWS::Events::Rule', 2);
    expect(tasker.executionRule).toBeUndefined();
    expect(JSON.stringify(alone.toJSON())).not.toContain('ExecutionRule');
  });
});

describe('the event source mapping', () => {
  it('hands over batches at once, bounded, and takes partial failures', () => {
    expect(propertiesOf(template, 'AWS::Lambda::EventSourceMapping', 'TaskerDrainCompletionEventSource')).toEqual({
      BatchSize: 10,
      EventSourceArn: '${TaskerCompletionQueue26D8B803.Arn}',
      FunctionName: '${TaskerDrainE88B8A1D}',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumBatchingWindowInSeconds: 0,
      ScalingConfig: { MaximumConcurrency: 5 },
    });
  });

  it('follows the options of the completer', () => {
    const changed = synthesize({ completer: { batchSize: 1, maxConcurrency: 2 } }).template;
    expect(propertiesOf(changed, 'AWS::Lambda::EventSourceMapping', 'TaskerDrainCompletionEventSource')).toMatchObject({
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });
});

describe('the functions', () => {
  const platform = { Architectures: ['arm64'], Handler: 'index.handler', Runtime: 'nodejs24.x' };

  it('runs the drain on Node 24 under its own role and log group, allowed to write to the queue it reads', () => {
    expect(propertiesOf(template, 'AWS::Lambda::Function', 'TaskerDrain')).toMatchObject({
      ...platform,
      Role: '${TaskerDrainRoleDAC58A97.Arn}',
      LoggingConfig: { LogGroup: '${TaskerDrainLogGroupC252C592}' },
      RecursiveLoop: 'Allow',
      MemorySize: 256,
      Timeout: 30,
    });
  });

  it('runs the invoker on Node 24 under its own role and log group, with a dead-letter queue', () => {
    const invoker = propertiesOf(template, 'AWS::Lambda::Function', 'TaskerInvoker');
    expect(invoker).toMatchObject({
      ...platform,
      Role: '${TaskerInvokerRoleACD144BD.Arn}',
      LoggingConfig: { LogGroup: '${TaskerInvokerLogGroup1B4C2845}' },
      DeadLetterConfig: { TargetArn: '${TaskerInvokerDeadLetterQueue026A206C.Arn}' },
      MemorySize: 256,
      Timeout: 30,
    });
    expect(invoker).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  it('runs the sweep on Node 24 under its own role and log group, without repeats', () => {
    expect(propertiesOf(template, 'AWS::Lambda::Function', 'TaskerSweep')).toMatchObject({
      ...platform,
      Role: '${TaskerSweepRole13C5001C.Arn}',
      LoggingConfig: { LogGroup: '${TaskerSweepLogGroup8826F2AA}' },
      MemorySize: 256,
      Timeout: 60,
    });
    expect(propertiesOf(template, 'AWS::Lambda::EventInvokeConfig', 'TaskerSweepEventInvokeConfig')).toEqual({
      FunctionName: '${TaskerSweepB36639FE}',
      MaximumRetryAttempts: 0,
      Qualifier: '$LATEST',
    });
  });

  it('follows their options', () => {
    const changed = synthesize({
      sweep: { memorySize: 384, timeout: Duration.seconds(45) },
      invoker: { memorySize: 512, timeout: Duration.seconds(20), reservedConcurrency: 3 },
      completer: { memorySize: 1024, timeout: Duration.minutes(1) },
    }).template;
    expect(propertiesOf(changed, 'AWS::Lambda::Function', 'TaskerInvoker')).toMatchObject({
      MemorySize: 512,
      Timeout: 20,
      ReservedConcurrentExecutions: 3,
    });
    expect(propertiesOf(changed, 'AWS::Lambda::Function', 'TaskerDrain')).toMatchObject({
      MemorySize: 1024,
      Timeout: 60,
    });
    expect(propertiesOf(changed, 'AWS::Lambda::Function', 'TaskerSweep')).toMatchObject({
      MemorySize: 384,
      Timeout: 45,
    });
  });

  it('lets nobody invoke the invoker before the way of a completion is in place', () => {
    const { DependsOn } = resourceOf(template, 'AWS::Lambda::Function', 'TaskerInvoker');
    expect(DependsOn).toEqual(
      expect.arrayContaining([
        'TaskerCompletionRule87C65C27',
        'TaskerExecutionRule916CB765',
        'TaskerCompletionQueuePolicyFC4C73B8',
        'TaskerDrainCompletionEventSource627BE6FF',
        'TaskerDrainE88B8A1D',
        'TaskerRuleDeadLetterQueuePolicy5115FF2C',
        'TaskerInvokerRoleDefaultPolicyD8066213',
      ]),
    );
  });

  it('has no description longer than Lambda accepts, however deep and in whatever script the path', () => {
    const deep = newStack();
    addTasker(deep, {}, `Отчёт${'x'.repeat(230)}`);
    const functions = Object.values(Template.fromStack(deep).findResources('AWS::Lambda::Function'));
    const descriptions = functions.map((resource) => String(resource['Properties'].Description));
    expect(descriptions).toHaveLength(3);
    for (const description of descriptions) {
      expect(description.length).toBeLessThanOrEqual(256);
      expect(description).toMatch(/^[\x20-\x7E]+x: (answers|starts)/);
    }
  });
});

describe('the log groups', () => {
  it.each(['TaskerDrainLogGroup', 'TaskerInvokerLogGroup', 'TaskerSweepLogGroup'])(
    '%s keeps lines for a month under the key',
    (id) => {
      expect(propertiesOf(template, 'AWS::Logs::LogGroup', id)).toEqual({ KmsKeyId: KEY, RetentionInDays: 30 });
    },
  );

  it('follows logRetention', () => {
    const changed = synthesize({ logRetention: RetentionDays.ONE_WEEK }).template;
    expect(propertiesOf(changed, 'AWS::Logs::LogGroup', 'TaskerDrainLogGroup')).toMatchObject({ RetentionInDays: 7 });
  });
});

describe('removal', () => {
  const policyOf = (of: Template, type: string, id: string) => resourceOf(of, type, id)['DeletionPolicy'];
  const kept: [string, string][] = [
    ['AWS::KMS::Key', 'TaskerKey'],
    ['AWS::DynamoDB::Table', 'TaskerTrackingTable'],
    ['AWS::Logs::LogGroup', 'TaskerDrainLogGroup'],
    ['AWS::Logs::LogGroup', 'TaskerInvokerLogGroup'],
    ['AWS::Logs::LogGroup', 'TaskerSweepLogGroup'],
  ];

  it.each(kept)('%s %s stays behind by default and goes when told to', (type, id) => {
    const destroyed = synthesize({ removalPolicy: RemovalPolicy.DESTROY }).template;
    expect(policyOf(template, type, id)).toBe('Retain');
    expect(policyOf(destroyed, type, id)).toBe('Delete');
  });

  it('always deletes the queues', () => {
    const queues = Object.values(template.findResources('AWS::SQS::Queue'));
    expect(queues.map((queue) => String(queue['DeletionPolicy']))).toEqual(['Delete', 'Delete', 'Delete', 'Delete']);
  });
});

describe('encryption', () => {
  it('makes no key where AWS-owned keys are chosen, and still encrypts the queues', () => {
    const { template: owned, tasker } = synthesize({ encryption: TaskerEncryption.AWS_OWNED });
    expect(tasker.encryptionKey).toBeUndefined();
    owned.resourceCountIs('AWS::KMS::Key', 0);
    for (const queue of Object.values(owned.findResources('AWS::SQS::Queue'))) {
      expect(queue['Properties']).toMatchObject({ SqsManagedSseEnabled: true });
    }
    expect(propertiesOf(owned, 'AWS::DynamoDB::Table', 'TaskerTrackingTable')).toMatchObject({
      SSESpecification: { SSEEnabled: false },
    });
    expect(JSON.stringify(owned.toJSON())).not.toContain('kms:');
  });

  it('uses a key that is supplied', () => {
    const stack = newStack();
    const encryptionKey = new Key(stack, 'Own');
    const { template: own, tasker } = synthesize({ encryptionKey }, stack);
    own.resourceCountIs('AWS::KMS::Key', 1);
    expect(tasker.encryptionKey).toBe(encryptionKey);
    expect(propertiesOf(own, 'AWS::SQS::Queue', 'TaskerRuleDeadLetterQueue')).toMatchObject({
      KmsMasterKeyId: expect.stringMatching(/^\$\{Own\w+\.Arn\}$/) as string,
    });
  });
});

describe('the whole template', () => {
  it('holds these resources and no others', () => {
    const types = Object.values(template.toJSON()['Resources'] as Record<string, { Type: string }>).map(
      ({ Type }) => Type,
    );
    expect(
      Object.fromEntries([...new Set(types)].sort().map((type) => [type, types.filter((t) => t === type).length])),
    ).toEqual({
      'AWS::DynamoDB::Table': 1,
      'AWS::Events::Rule': 3,
      'AWS::IAM::Policy': 3,
      'AWS::IAM::Role': 3,
      'AWS::KMS::Key': 1,
      'AWS::Lambda::EventInvokeConfig': 2,
      'AWS::Lambda::EventSourceMapping': 1,
      'AWS::Lambda::Function': 3,
      'AWS::Lambda::Permission': 1,
      'AWS::Logs::LogGroup': 3,
      'AWS::SQS::Queue': 4,
      'AWS::SQS::QueuePolicy': 4,
    });
  });

  it('fixes no name, except that of inline policies', () => {
    const names = /^(TableName|QueueName|FunctionName|RoleName|LogGroupName|AliasName|Name)$/;
    const resources = template.toJSON()['Resources'] as Record<string, { Type: string; Properties: object }>;
    // They refer to a function by its name.
    const REFERRING = ['EventInvokeConfig', 'EventSourceMapping', 'Permission'].map((type) => `AWS::Lambda::${type}`);
    const named = Object.values(resources).filter(
      ({ Type, Properties }) =>
        !REFERRING.includes(Type) && Object.keys(Properties).some((property) => names.test(property)),
    );
    expect(named).toEqual([]);
  });
});
