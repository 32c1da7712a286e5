import { allow, arnOf, openToEvents, roleFor } from './template-parts.ts';

const functionWith = (code: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { ZipFile: code },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: arnOf('FunctionRole'),
    Timeout: 30,
  },
});

/** Writes what it gets into its log. */
const LISTENER = 'exports.handler = async (event) => { console.log("got", JSON.stringify(event)); };';
/** Processes what is not bad. */
const WORKER = `exports.handler = async ({ Records }) => {
  const isBad = ({ body }) => JSON.parse(body).detail.bad;
  for (const record of Records) if (!isBad(record)) console.log("done", JSON.parse(record.body).detail.id);
  return { batchItemFailures: Records.filter(isBad).map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;

/** Orders: rules bring them to a function, a state machine and a queue, and a schedule asks for them every night. */
export const eventsApp = {
  Resources: {
    FunctionRole: roleFor('lambda.amazonaws.com', allow(['logs:*', 'sqs:*'])),
    StartRole: roleFor('events.amazonaws.com', allow('states:StartExecution')),
    MachineRole: roleFor('states.amazonaws.com', allow('logs:*')),
    Listener: functionWith(LISTENER),
    Worker: functionWith(WORKER),
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: arnOf('MachineRole'),
        DefinitionString: '{"StartAt":"Keep","States":{"Keep":{"Type":"Pass","End":true}}}',
      },
    },
    DeadLetters: { Type: 'AWS::SQS::Queue' },
    LostEvents: { Type: 'AWS::SQS::Queue' },
    LostEventsPolicy: openToEvents('LostEvents'),
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 60,
        RedrivePolicy: { deadLetterTargetArn: arnOf('DeadLetters'), maxReceiveCount: 1 },
      },
    },
    QueuePolicy: openToEvents('Queue'),
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'Worker' },
        EventSourceArn: arnOf('Queue'),
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        FilterCriteria: { Filters: [{ Pattern: '{"body":{"detail":{"test":[{"exists":false}]}}}' }] },
      },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: arnOf('Listener'),
        Principal: 'events.amazonaws.com',
        SourceArn: arnOf('Orders'),
      },
    },
    NightlyPermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: arnOf('Listener'),
        Principal: 'events.amazonaws.com',
        SourceArn: arnOf('Nightly'),
      },
    },
    Orders: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['shop'], 'detail-type': [{ prefix: 'Order' }] },
        Targets: [
          { Id: 'Listener', Arn: arnOf('Listener'), InputPath: '$.detail' },
          {
            Id: 'Machine',
            Arn: arnOf('Machine'),
            RoleArn: arnOf('StartRole'),
            InputTransformer: {
              InputPathsMap: { id: '$.detail.id' },
              InputTemplate: '{"order": <id>, "text": "order <id> by <aws.events.rule-name>"}',
            },
          },
          { Id: 'Queue', Arn: arnOf('Queue') },
        ],
      },
    },
    Forbidden: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['shop'], detail: { bad: [true] } },
        Targets: [{ Id: 'Listener', Arn: arnOf('Listener'), DeadLetterConfig: { Arn: arnOf('LostEvents') } }],
      },
    },
    Nightly: {
      Type: 'AWS::Events::Rule',
      Properties: {
        ScheduleExpression: 'cron(30 2 * * ? *)',
        Targets: [{ Id: 'Listener', Arn: arnOf('Listener') }],
      },
    },
  },
};
