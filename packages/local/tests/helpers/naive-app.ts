import { allow, arnOf, openToEvents, roleFor } from './template-parts.ts';

/**
 * A tasker without any protection: no retry, no idempotency, no look at what came before. A state machine waits for a statement, whose
 * completion event a second function answers. It does right as long as nothing goes wrong.
 */
const CALL = `
const call = async (service, target, input) => {
  const { AWS_ACCESS_KEY_ID: key, AWS_REGION: region, AWS_ENDPOINT_URL: endpoint } = process.env;
  const credential = key + '/20260101/' + region + '/' + service + '/aws4_request';
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': target,
    authorization: 'AWS4-HMAC-SHA256 Credential=' + credential + ', SignedHeaders=host, Signature=0',
  };
  const reply = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input) });
  const output = await reply.json();
  if (reply.ok) return output;
  throw Object.assign(new Error(output.message ?? output.Message), { name: output.__type.split('#').at(-1) });
};
const table = (operation, input) =>
  call('dynamodb', 'DynamoDB_20120810.' + operation, { TableName: process.env.TABLE, ...input });
`;

/** Starts the statement of an order once: who has claimed the order starts it. With \`retries\`, by a loop around it. */
const STARTER = `${CALL}
const execute = async ({ order, retries = 0 }) => {
  const target = { ClusterIdentifier: 'c1', Database: 'dev', DbUser: 'etl' };
  for (let attempt = 0; ; attempt++) {
    try {
      const input = { ...target, Sql: 'select 1', StatementName: order, WithEvent: true };
      return await call('redshift-data', 'RedshiftData.ExecuteStatement', input);
    } catch (error) {
      if (attempt >= retries) throw error;
    }
  }
};
export const handler = async (event) => {
  const Key = { id: { S: event.order } };
  const claimed = await table('UpdateItem', {
    Key,
    UpdateExpression: 'SET #token = :token, claims = if_not_exists(claims, :zero) + :one',
    ExpressionAttributeNames: { '#token': 'token' },
    ExpressionAttributeValues: { ':token': { S: event.token }, ':zero': { N: '0' }, ':one': { N: '1' } },
    ReturnValues: 'UPDATED_NEW',
  });
  if (claimed.Attributes.claims.N !== '1') return 'claimed before';
  return (await execute(event)).Id;
};
`;

/** Counts what has ended, notes what ended last, and tells the state machine. */
const COMPLETER = `${CALL}
export const handler = async ({ Records }) => {
  for (const { body } of Records) {
    const { statementName: order, state } = JSON.parse(body).detail;
    await table('UpdateItem', {
      Key: { id: { S: 'total' } },
      UpdateExpression: 'SET latest = :order ADD ended :one',
      ExpressionAttributeValues: { ':one': { N: '1' }, ':order': { S: order } },
    });
    const { Item } = await table('GetItem', { Key: { id: { S: order } }, ConsistentRead: true });
    const output = JSON.stringify({ state });
    await call('states', 'AWSStepFunctions.SendTaskSuccess', { taskToken: Item.token.S, output });
  }
};
`;

export const NAIVE_ASSETS = { 'starter.zip': STARTER, 'completer.zip': COMPLETER };

const functionOf = (name: string, more: Record<string, unknown> = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: name,
    Code: { S3Bucket: { 'Fn::Sub': 'assets-${AWS::AccountId}' }, S3Key: `${name}.zip` },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: arnOf('FunctionRole'),
    Timeout: 10,
    Environment: { Variables: { TABLE: { Ref: 'Table' } } },
    ...more,
  },
});

const definition = {
  StartAt: 'Run',
  States: {
    Run: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: {
        FunctionName: 'starter',
        Payload: { 'order.$': '$.order', 'retries.$': '$.retries', 'token.$': '$$.Task.Token' },
      },
      TimeoutSeconds: 3600,
      Retry: [{ ErrorEquals: ['Runtime.ExitError'], IntervalSeconds: 1, MaxAttempts: 1 }],
      End: true,
    },
  },
};

export const naiveApp = {
  Resources: {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
    },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'completions', VisibilityTimeout: 600 } },
    QueuePolicy: openToEvents('Queue'),
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        Name: 'completions',
        EventPattern: { source: ['aws.redshift-data'] },
        Targets: [{ Id: 'Queue', Arn: arnOf('Queue') }],
      },
      DependsOn: 'QueuePolicy',
    },
    FunctionRole: roleFor('lambda.amazonaws.com', allow('*')),
    Starter: functionOf('starter'),
    // One at a time: what it is given first is done first.
    Completer: functionOf('completer', { ReservedConcurrentExecutions: 1 }),
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: arnOf('Queue'),
        FunctionName: { Ref: 'Completer' },
        BatchSize: 1,
        ScalingConfig: { MaximumConcurrency: 2 },
      },
    },
    MachineRole: roleFor('states.amazonaws.com', allow('*')),
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: 'waiter',
        RoleArn: arnOf('MachineRole'),
        DefinitionString: JSON.stringify(definition),
      },
      DependsOn: 'Starter',
    },
  },
  Outputs: {
    Machine: { Value: { Ref: 'Machine' } },
    Table: { Value: { Ref: 'Table' } },
    QueueUrl: { Value: { Ref: 'Queue' } },
  },
};
