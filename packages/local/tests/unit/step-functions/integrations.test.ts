import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/common/aws-error.ts';
import { only, returned, StepFunctionsStage, threw } from '../../helpers/step-functions.ts';

let stage: StepFunctionsStage;
beforeEach(() => {
  stage = new StepFunctionsStage();
});
afterEach(() => stage.close());

const task = (Resource: string, Parameters?: unknown, more: Record<string, unknown> = {}) =>
  only({ Type: 'Task', Resource, ...(Parameters === undefined ? {} : { Parameters }), ...more });

const answering = (answer: (input: Readonly<Record<string, unknown>>) => unknown) => {
  stage.services.answer = ({ input }) => answer(input);
};

const refusing = (code: string, message = 'why', status = 400) =>
  answering(() => {
    throw new AwsError(code, message, { status });
  });

describe("A function's ARN as the resource", () => {
  const FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:fn';

  it('has the answer of the function itself as its result', async () => {
    stage.lambda.answer = () => returned({ rows: 3 });
    const ended = await stage.run(task(FUNCTION, { 'n.$': '$.n' }), { n: 7 });

    expect(ended.output).toEqual({ rows: 3 });
    expect((await stage.lambda.nth(1)).input).toEqual({ FunctionName: FUNCTION, Payload: '{"n":7}' });
  });

  it('has events of its own in the history', async () => {
    stage.lambda.answer = () => threw('Broken', 'no');
    const arn = await stage.start(task(FUNCTION, undefined, { TimeoutSeconds: 9 }));

    expect(await stage.ended(arn)).toMatchObject({ status: 'FAILED', error: 'Broken' });
    expect((await stage.history(arn)).slice(2, 5)).toMatchObject([
      {
        type: 'LambdaFunctionScheduled',
        lambdaFunctionScheduledEventDetails: { resource: FUNCTION, input: '{}', timeoutInSeconds: 9 },
      },
      { type: 'LambdaFunctionStarted' },
      {
        type: 'LambdaFunctionFailed',
        lambdaFunctionFailedEventDetails: { error: 'Broken', cause: '{"errorType":"Broken","errorMessage":"no"}' },
      },
    ]);
  });

  it('is timed out with an event of its own', async () => {
    stage.lambda.answer = () => new Promise(() => undefined);
    const arn = await stage.start(task(FUNCTION, undefined, { TimeoutSeconds: 9 }));
    await stage.clock.waits(9000);
    stage.clock.advance(9000);

    expect(await stage.ended(arn)).toMatchObject({ error: 'States.Timeout' });
    expect(await stage.eventTypes(arn)).toContain('LambdaFunctionTimedOut');
  });

  it('names the function when its answer is too large', async () => {
    stage.lambda.answer = () => returned('x'.repeat(262_144));

    expect((await stage.run(task(FUNCTION))).cause).toContain(`The state/task '${FUNCTION}' returned`);
  });
});

describe('aws-sdk', () => {
  it('passes parameters on under the names of the API, and gives the answer under names with a capital', async () => {
    answering(() => ({
      Id: 'q',
      CreatedAt: 1_700_000_000.25,
      ColumnMetadata: [{ name: 'n', typeName: 'int8', isCaseSensitive: false }],
      Records: [[{ longValue: 12n }, { isNull: true }]],
    }));
    const parameters = { Sql: 'SELECT :n', Parameters: [{ Name: 'n', Value: '1' }], ClientToken: null };
    const ended = await stage.run(task('arn:aws:states:::aws-sdk:redshiftdata:executeStatement', parameters));

    expect(await stage.services.nth(1)).toMatchObject({
      service: 'redshift-data',
      operation: 'ExecuteStatement',
      input: { Sql: 'SELECT :n', Parameters: [{ name: 'n', value: '1' }] },
      caller: { type: 'role', roleArn: 'arn:aws:iam::123456789012:role/machine' },
    });
    expect((await stage.services.nth(1)).input).not.toHaveProperty('ClientToken');
    expect(ended.output).toEqual({
      Id: 'q',
      CreatedAt: '2023-11-14T22:13:20.250Z',
      ColumnMetadata: [{ Name: 'n', TypeName: 'int8', IsCaseSensitive: false }],
      Records: [[{ LongValue: 12 }, { IsNull: true }]],
    });
  });

  it('leaves names that are data as they are', async () => {
    answering(() => ({ Item: { id: { S: 'x' }, CreationDateTime: { N: '1' } } }));
    const key = { id: { S: 'x' } };
    const ended = await stage.run(
      task('arn:aws:states:::aws-sdk:dynamodb:getItem', { TableName: 't', Key: key, ExpressionAttributeNames: null }),
    );

    expect((await stage.services.nth(1)).input).toEqual({ TableName: 't', Key: key });
    expect(ended.output).toEqual({ Item: { id: { S: 'x' }, CreationDateTime: { N: '1' } } });
  });

  it('is noted in the history under its service', async () => {
    const arn = await stage.start(task('arn:aws:states:::aws-sdk:sqs:deleteMessage', { QueueUrl: 'q' }));
    await stage.ended(arn);

    expect((await stage.history(arn))[4]).toMatchObject({
      type: 'TaskSucceeded',
      taskSucceededEventDetails: { resource: 'deleteMessage', resourceType: 'aws-sdk:sqs', output: '{}' },
    });
  });

  it.each([
    ['dynamodb:putItem', 'ConditionalCheckFailedException', 'DynamoDb.ConditionalCheckFailedException', 'DynamoDb'],
    ['dynamodb:putItem', 'ValidationException', 'DynamoDb.DynamoDbException', 'DynamoDb'],
    ['redshiftdata:describeStatement', 'ValidationException', 'RedshiftData.ValidationException', 'RedshiftData'],
    ['redshiftdata:describeStatement', 'ThrottlingException', 'RedshiftData.RedshiftDataException', 'RedshiftData'],
    ['sfn:sendTaskSuccess', 'InvalidToken', 'Sfn.InvalidTokenException', 'Sfn'],
    ['sqs:sendMessage', 'QueueDoesNotExist', 'Sqs.QueueDoesNotExistException', 'Sqs'],
    ['cloudwatchlogs:putLogEvents', 'AccessDeniedException', 'CloudWatchLogs.AccessDeniedException', 'CloudWatchLogs'],
    ['kms:describeKey', 'AccessDeniedException', 'Kms.KmsException', 'Kms'],
  ])('%s names %s as %s', async (operation, code, error, service) => {
    const fail = () => {
      throw new AwsError(code, 'why', { status: 400 });
    };
    stage.services.answer = fail;
    stage.lambda.answer = fail;
    const parameters = code === 'InvalidToken' ? { TaskToken: 'none', Output: '{}' } : {};

    const ended = await stage.run(task(`arn:aws:states:::aws-sdk:${operation}`, parameters));

    expect(ended).toMatchObject({ status: 'FAILED', error });
    expect(ended.cause).toMatch(
      new RegExp(`\\(Service: ${service}, Status Code: 400, Request ID: [0-9a-f-]{36}\\) \\(SDK Attempt Count: 1\\)$`),
    );
  });

  it('waits for the token of a call that hands it on', async () => {
    const state = task('arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken', {
      QueueUrl: 'q',
      MessageBody: { 'token.$': '$$.Task.Token' },
    });
    const arn = await stage.start(state);
    const { input } = await stage.services.nth(1);
    const { token } = JSON.parse(String(input.MessageBody)) as { token: string };
    await stage.call('SendTaskSuccess', { taskToken: token, output: '"done"' });

    expect((await stage.ended(arn)).output).toBe('done');
  });
});

describe('sqs:sendMessage', () => {
  const RESOURCE = 'arn:aws:states:::sqs:sendMessage';

  it('sends a body that is no text as JSON', async () => {
    answering(() => ({ MessageId: 'm', MD5OfMessageBody: 'x' }));
    const ended = await stage.run(task(RESOURCE, { QueueUrl: 'q', MessageBody: { 'a.$': '$' } }), [1]);

    expect(await stage.services.nth(1)).toMatchObject({
      operation: 'SendMessage',
      input: { MessageBody: '{"a":[1]}' },
    });
    expect(ended.output).toEqual({ MessageId: 'm', MD5OfMessageBody: 'x' });
  });

  it('completes with its token, not before', async () => {
    answering(() => ({ MessageId: 'm' }));
    const body = { 'token.$': '$$.Task.Token' };
    const arn = await stage.start(
      task(`${RESOURCE}.waitForTaskToken`, { QueueUrl: 'q', MessageBody: body }, { HeartbeatSeconds: 30 }),
    );
    const { input } = await stage.services.nth(1);
    await stage.clock.waits(30_000);
    const { token } = JSON.parse(String(input.MessageBody)) as { token: string };
    await stage.call('SendTaskFailure', { taskToken: token, error: 'E', cause: 'c' });

    expect(await stage.ended(arn)).toMatchObject({ status: 'FAILED', error: 'E', cause: 'c' });
    expect((await stage.history(arn)).slice(2, 6)).toMatchObject([
      { taskScheduledEventDetails: { resource: 'sendMessage.waitForTaskToken', resourceType: 'sqs' } },
      { type: 'TaskStarted' },
      { taskSubmittedEventDetails: { output: '{"MessageId":"m"}' } },
      { type: 'TaskFailed' },
    ]);
  });

  it.each([
    ['QueueDoesNotExist', 'SQS.QueueDoesNotExistException'],
    ['AccessDeniedException', 'SQS.AmazonSQSException'],
  ])('names %s as %s', async (code, error) => {
    refusing(code, 'no', 403);
    const ended = await stage.run(task(RESOURCE, { QueueUrl: 'q', MessageBody: 'b' }));

    expect(ended).toMatchObject({ status: 'FAILED', error });
    expect(ended.cause).toContain(`no (Service: AmazonSQS; Status Code: 403; Error Code: ${code}; Request ID: `);
  });
});

describe('dynamodb', () => {
  it.each([
    ['getItem', 'GetItem', { TableName: 't', Key: {} }],
    ['putItem', 'PutItem', { TableName: 't', Item: {} }],
    ['updateItem', 'UpdateItem', { TableName: 't', Key: {} }],
    ['deleteItem', 'DeleteItem', { TableName: 't', Key: {} }],
  ])('%s calls %s', async (operation, apiOperation, input) => {
    await stage.run(task(`arn:aws:states:::dynamodb:${operation}`, input));

    expect(await stage.services.nth(1)).toMatchObject({ service: 'dynamodb', operation: apiOperation, input });
  });

  it.each([
    ['ConditionalCheckFailedException', 'DynamoDB.ConditionalCheckFailedException'],
    ['ValidationException', 'DynamoDB.AmazonDynamoDBException'],
  ])('names %s as %s', async (code, error) => {
    refusing(code);
    const ended = await stage.run(task('arn:aws:states:::dynamodb:putItem', { TableName: 't', Item: {} }));

    expect(ended).toMatchObject({ status: 'FAILED', error });
    expect(ended.cause).toContain('(Service: AmazonDynamoDBv2; Status Code: 400; ');
  });
});

describe('Credentials', () => {
  const state = task(
    'arn:aws:states:::sqs:sendMessage',
    { QueueUrl: 'q', MessageBody: 'b' },
    { Credentials: { 'RoleArn.$': '$.role' } },
  );

  it('make the call as the role that they name, which the role of the state machine takes on', async () => {
    const arn = 'arn:aws:sts::123456789012:assumed-role/other/s';
    stage.services.answer = ({ service }) => (service === 'sts' ? { AssumedRoleUser: { Arn: arn } } : {});
    const executionArn = await stage.start(state, { role: 'arn:aws:iam::123456789012:role/other' });
    await stage.ended(executionArn);

    expect(await stage.services.nth(1)).toMatchObject({
      service: 'sts',
      operation: 'AssumeRole',
      caller: { roleArn: 'arn:aws:iam::123456789012:role/machine' },
    });
    expect((await stage.services.nth(2)).caller).toMatchObject({
      arn,
      roleArn: 'arn:aws:iam::123456789012:role/other',
    });
    expect((await stage.history(executionArn))[2]).toMatchObject({
      taskScheduledEventDetails: { taskCredentials: { roleArn: 'arn:aws:iam::123456789012:role/other' } },
    });
  });

  it('fail the task when that role lets nobody in', async () => {
    refusing('AccessDenied', 'not authorized to perform: sts:AssumeRole', 403);

    expect(await stage.run(state, { role: 'arn:aws:iam::123456789012:role/other' })).toMatchObject({
      error: 'States.Permissions',
      cause: 'not authorized to perform: sts:AssumeRole',
    });
  });

  it('fail the task when they name no role', async () => {
    expect(await stage.run(state, { role: 7 })).toMatchObject({ error: 'States.Runtime' });
  });
});

describe('events:putEvents', () => {
  const RESOURCE = 'arn:aws:states:::events:putEvents';
  const entry = { Source: 's', DetailType: 't', Detail: { a: 1 }, Resources: ['r'], Time: '2026-01-01T00:00:00Z' };

  it('names execution and state machine among the resources of every event', async () => {
    answering(() => ({ Entries: [{ EventId: 'e' }], FailedEntryCount: 0 }));
    const arn = await stage.start(task(RESOURCE, { Entries: [entry] }));

    expect((await stage.ended(arn)).output).toEqual({ Entries: [{ EventId: 'e' }], FailedEntryCount: 0 });
    const machine = 'arn:aws:states:eu-central-1:123456789012:stateMachine:machine-1';
    expect(await stage.services.nth(1)).toMatchObject({
      service: 'events',
      operation: 'PutEvents',
      input: { Entries: [{ ...entry, Detail: '{"a":1}', Resources: ['r', arn, machine], Time: 1_767_225_600 }] },
    });
  });

  it('fails when an entry was refused', async () => {
    const output = { Entries: [{ ErrorCode: 'MalformedDetail', ErrorMessage: 'no' }], FailedEntryCount: 1 };
    answering(() => output);

    expect(await stage.run(task(RESOURCE, { Entries: [entry] }))).toMatchObject({
      error: 'EventBridge.FailedEntry',
      cause: JSON.stringify(output),
    });
  });
});
