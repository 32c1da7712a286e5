import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { encodeTaskRequest } from '@sfn-redshift/shared';
import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataApi } from '../../src/data-api.ts';
import { makeHandler } from '../../src/make-handler.ts';
import { statementTable } from '../../src/statement-table.ts';
import { type AwsServer, startAwsServer } from '../helpers/aws-server.ts';
import { START, type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { sdkError } from '../helpers/fake-data-api.ts';
import { EXECUTION, REQUEST, SECRETS, STATEMENT_ID } from '../helpers/requests.ts';

const CONTEXT = { awsRequestId: 'lambda-request-1', getRemainingTimeInMillis: () => 30_000 } as Context;
const PAYLOAD = encodeTaskRequest(REQUEST);

let dependencies: TestDependencies;
beforeEach(() => {
  dependencies = testDependencies();
});

const handle = (payload: unknown) => makeHandler(dependencies)(payload, CONTEXT);

/** What Lambda reports of an error: its name, its text and every property that it carries. */
const reported = async (payload: unknown) => {
  const error = await handle(payload).then(
    () => undefined,
    (thrown: unknown) => thrown as Error,
  );
  if (!error) throw new Error('the request was answered');
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: String(error.stack).split('\n'),
    all: `${JSON.stringify(error)} ${String(error.stack)} ${String(error.cause)}`,
  };
};

describe('the handler', () => {
  it('starts a statement with the deadline and request id of its invocation', async () => {
    expect(await handle(PAYLOAD)).toMatchObject({ statementId: dependencies.dataApi.running[0] });

    expect(dependencies.table.only.startDeadline).toBe(START + 30_000);
    expect(dependencies.telemetry.published).toBe(1);
  });

  it('follows a statement', async () => {
    dependencies.dataApi.answer = { Id: STATEMENT_ID, Status: 'FINISHED' };

    expect(await handle({ action: 'describeStatement', statementId: STATEMENT_ID })).toEqual({
      Id: STATEMENT_ID,
      Status: 'FINISHED',
    });
  });

  it('refuses what is no request under a name that can be caught, and publishes all the same', async () => {
    expect(await reported({ action: 'dropTables' })).toMatchObject({
      errorType: 'InvalidRequest',
      errorMessage: expect.stringMatching(/^action: /) as string,
      trace: [expect.stringMatching(/^InvalidRequest: action: /) as string],
    });
    expect(dependencies.telemetry.published).toBe(1);
    expect(dependencies.telemetry.lines).toEqual([
      {
        level: 'error',
        message: 'request failed',
        fields: { error: 'InvalidRequest', awsRequestId: undefined, invocationId: 'lambda-request-1' },
      },
    ]);
  });

  it.each([
    ['arn:aws:states:eu-central-1:123456789012:execution:load:7a10', '7a10'],
    ['a-secret-in-the-wrong-place', undefined],
    [7, undefined],
  ])('logs whose the request was that it has refused: of %s', async (executionArn, executionName) => {
    await reported({ action: 'dropTables', executionArn });

    expect(dependencies.telemetry.lines.map(({ fields }) => fields)).toMatchObject([
      { error: 'InvalidRequest', executionName },
    ]);
  });

  it('refuses an empty payload', async () => {
    expect(await reported(undefined)).toMatchObject({ errorType: 'InvalidRequest' });
  });

  it.each(['ValidationException', 'ActiveStatementsExceededException'])('reports %s of the Data API', async (name) => {
    dependencies.dataApi.failures.push({ error: sdkError(name, 'text of AWS', 400) });

    expect(await reported(PAYLOAD)).toMatchObject({ errorType: name, errorMessage: 'text of AWS' });
    expect(dependencies.telemetry.published).toBe(1);
  });

  it.each(['describeStatement', 'cancelStatement', 'getStatementResult'])(
    'keeps the exception names of AWS for %s',
    async (action) => {
      dependencies.dataApi.answer = sdkError('ResourceNotFoundException', 'Query does not exist.', 404);

      expect(await reported({ action, statementId: STATEMENT_ID })).toMatchObject({
        errorType: 'ResourceNotFoundException',
        errorMessage: 'Query does not exist.',
      });
    },
  );

  it('reports PreviousExecutionNotFound', async () => {
    const payload = { action: 'describeStatement', statementId: 'LATEST', executionArn: EXECUTION };

    expect(await reported(payload)).toMatchObject({ errorType: 'PreviousExecutionNotFound' });
  });

  it('keeps what an exception of the SDK carries from what Lambda logs', async () => {
    const error = Object.assign(sdkError('ProvisionedThroughputExceededException', 'slower', 400), {
      Item: { callback: SECRETS.taskToken },
      $response: { body: SECRETS.parameter },
    });
    dependencies.table.claim = () => Promise.reject(error);

    const report = await reported(PAYLOAD);

    expect(report).toMatchObject({ errorType: 'ProvisionedThroughputExceededException', errorMessage: 'slower' });
    for (const secret of Object.values(SECRETS)) expect(report.all).not.toContain(secret);
  });

  it('passes on a fault of its own under its own name', async () => {
    dependencies.dataApi.answer = new TypeError('a bug');

    expect(await reported({ action: 'describeStatement', statementId: STATEMENT_ID })).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'a bug',
      trace: expect.arrayContaining([expect.stringMatching(/^ +at /) as string]) as string[],
    });
  });

  it('ignores fields of a newer sender, and logs their names only', async () => {
    await handle({ ...PAYLOAD, contractVersion: 2, priority: 'value-of-a-field', taskTokens: SECRETS.taskToken });

    expect(dependencies.telemetry.lines[0]).toEqual({
      level: 'warn',
      message: 'fields of a newer sender ignored',
      fields: { fields: 'priority, taskTokens' },
    });
    expect(JSON.stringify(dependencies.telemetry.lines)).not.toContain('value-of-a-field');
  });

  it('logs no secret of its payload', async () => {
    dependencies.dataApi.failures.push({ error: sdkError('ValidationException', JSON.stringify(PAYLOAD), 400) });
    await reported(PAYLOAD);
    await handle(PAYLOAD);

    const logged = JSON.stringify(dependencies.telemetry.lines);
    for (const secret of Object.values(SECRETS)) expect(logged).not.toContain(secret);
  });
});

describe('the handler on the wire', () => {
  let aws: AwsServer;
  let clients: [DynamoDBClient, RedshiftDataClient];

  beforeEach(async () => {
    aws = await startAwsServer(({ target }) => ({
      body: target === 'RedshiftData.ExecuteStatement' ? { Id: STATEMENT_ID } : {},
    }));
    clients = [new DynamoDBClient(aws.client), new RedshiftDataClient(aws.client)];
  });

  afterEach(async () => {
    for (const client of clients) client.destroy();
    await aws.close();
  });

  it('makes exactly PutItem, ExecuteStatement and UpdateItem on the plain success path', async () => {
    const [dynamoDb, redshiftData] = clients;
    const live = {
      ...dependencies,
      table: statementTable(dynamoDb, 'tracking'),
      dataApi: dataApi(redshiftData, dependencies.config.target),
    };

    await makeHandler(live)(PAYLOAD, CONTEXT);

    expect(aws.calls.map(({ target }) => target)).toEqual([
      'DynamoDB_20120810.PutItem',
      'RedshiftData.ExecuteStatement',
      'DynamoDB_20120810.UpdateItem',
    ]);
    expect(aws.calls[0]?.body).toMatchObject({ ConditionExpression: 'attribute_not_exists(#owner)' });
    expect(aws.calls[2]?.body).toMatchObject({
      ConditionExpression: '#generation = :generation AND #status = :starting',
      ExpressionAttributeValues: { ':generation': { N: '1' }, ':starting': { S: 'starting' } },
    });
  });
});
