import { MAX_RECEIVE_COUNT } from '../../src/account/queue.ts';
import type { TaskCase } from './task-cases.ts';

const ACCOUNT = '123456789012';

const statement = (Action: string, Principal?: object) => ({
  Effect: 'Allow',
  Action,
  ...(Principal ? { Principal } : { Resource: '*' }),
});

const role = (RoleName: string, action: string, principal: object) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName,
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [statement('sts:AssumeRole', principal)] },
    Policies: [{ PolicyName: 'inline', PolicyDocument: { Version: '2012-10-17', Statement: [statement(action)] } }],
  },
});

export const roleArnOf = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const output = (Value: object) => ({ Value });

/** Hands what it is given to the test, and answers what that says. */
const RELAY = `exports.handler = async (event) => {
  const response = await fetch(process.env.TEST_URL, { method: 'POST', body: JSON.stringify(event) });
  if (!response.ok) throw new Error('the test wants it to fail');
  return response.json();
};`;

/** As the construct deploys its own. */
const VISIBILITY_SECONDS = 180;

/** What the cases need of an account: roles, queues, a function that reads one of them, a machine for each task case. */
export const stageTemplate = (testUrl: string, taskCases: readonly TaskCase[]): object => ({
  Resources: {
    OwnerRole: role('owner', '*', { AWS: ACCOUNT }),
    OtherRole: role('other', '*', { AWS: ACCOUNT }),
    FunctionRole: role('function', '*', { Service: 'lambda.amazonaws.com' }),
    MachineRole: role('machine', '*', { Service: 'states.amazonaws.com' }),
    ...completionEvents(),
    ...messages(testUrl),
    Tokens: { Type: 'AWS::SQS::Queue', Properties: {} },
    ...Object.fromEntries(taskCases.map((taskCase, index) => [`Machine${index}`, machine(taskCase)])),
  },
  Outputs: {
    EventsUrl: output({ Ref: 'Events' }),
    MessagesUrl: output({ Ref: 'Messages' }),
    DeadLettersUrl: output({ Ref: 'DeadLetters' }),
    TokensUrl: output({ Ref: 'Tokens' }),
    ...Object.fromEntries(taskCases.map((_, index) => [`Machine${index}Arn`, output({ Ref: `Machine${index}` })])),
  },
});

const completionEvents = () => ({
  Events: { Type: 'AWS::SQS::Queue', Properties: {} },
  EventsPolicy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: 'Events' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { ...statement('sqs:SendMessage', { Service: 'events.amazonaws.com' }), Resource: arnOf('Events') },
        ],
      },
    },
  },
  EventRule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.redshift-data'] },
      Targets: [{ Id: 'queue', Arn: arnOf('Events') }],
    },
  },
});

const messages = (testUrl: string) => ({
  DeadLetters: { Type: 'AWS::SQS::Queue', Properties: {} },
  Messages: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      VisibilityTimeout: VISIBILITY_SECONDS,
      RedrivePolicy: { deadLetterTargetArn: arnOf('DeadLetters'), maxReceiveCount: MAX_RECEIVE_COUNT },
    },
  },
  Relay: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { ZipFile: RELAY },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: arnOf('FunctionRole'),
      Timeout: 30,
      Environment: { Variables: { TEST_URL: testUrl } },
    },
  },
  Mapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: arnOf('Messages'),
      FunctionName: { Ref: 'Relay' },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    },
  },
});

/** Each state hands its token to the test. */
const machine = ({ timeoutSeconds, retries, retryAfterSeconds = 1, siblings }: TaskCase) => {
  const load = {
    Type: 'Task',
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    Parameters: {
      QueueUrl: '${TokensUrl}',
      MessageBody: { 'token.$': '$$.Task.Token', 'task.$': '$.task', 'execution.$': '$$.Execution.Id' },
    },
    ...(timeoutSeconds !== undefined && { TimeoutSeconds: timeoutSeconds }),
    ...(retries && {
      Retry: [
        { ErrorEquals: ['States.ALL'], MaxAttempts: retries, IntervalSeconds: retryAfterSeconds, BackoffRate: 2 },
      ],
    }),
    End: true,
  };
  const flow = { StartAt: 'Load', States: { Load: load } };
  const map = {
    StartAt: 'Each',
    States: { Each: { Type: 'Map', ItemsPath: '$.items', ItemProcessor: flow, End: true } },
  };
  return {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      RoleArn: arnOf('MachineRole'),
      DefinitionString: JSON.stringify(siblings ? map : flow),
      DefinitionSubstitutions: { TokensUrl: { Ref: 'Tokens' } },
    },
  };
};
