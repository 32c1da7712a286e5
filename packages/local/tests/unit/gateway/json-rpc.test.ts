import { ExecuteStatementCommand, GetStatementResultCommand, RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { afterEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/common/aws-error.ts';
import { recordingService, startGateway, type TestGateway } from '../../helpers/gateway.ts';

let stage: TestGateway;
afterEach(() => stage.close());

describe('AWS JSON over the gateway', () => {
  it('hands the input of an SDK call to the service and its output back', async () => {
    // Prepare
    const service = recordingService('redshift-data', () => ({ Id: 'abc', CreatedAt: 1598323175.823 }));
    stage = await startGateway(service);
    const client = new RedshiftDataClient(stage.client());

    // Act
    const output = await client.send(
      new ExecuteStatementCommand({ Sql: 'select 1', Database: 'dev', ClientToken: 'token' }),
    );

    // Assess
    expect(service.received[0]).toMatchObject({
      operation: 'ExecuteStatement',
      input: { Sql: 'select 1', Database: 'dev', ClientToken: 'token' },
      caller: { type: 'administrator', arn: 'arn:aws:iam::123456789012:root' },
    });
    expect(output).toMatchObject({ Id: 'abc', CreatedAt: new Date(1598323175823) });
  });

  it('keeps whole numbers beyond 2^53 exact', async () => {
    // Prepare
    stage = await startGateway(
      recordingService('redshift-data', () => ({ Records: [[{ longValue: 9007199254740993n }]] })),
    );

    // Act
    const reply = await post(stage, { target: 'RedshiftData.GetStatementResult', body: '{"Id":"x"}' });

    // Assess
    expect(await reply.text()).toContain('"longValue":9007199254740993}');
  });

  it('gives a modelled exception its name, message and members', async () => {
    // Prepare
    const refusal = new AwsError('ResourceNotFoundException', 'Query does not exist.', {
      members: { ResourceId: 'x' },
    });
    stage = await startGateway(
      recordingService('redshift-data', () => {
        throw refusal;
      }),
    );
    const client = new RedshiftDataClient(stage.client());

    // Act
    const error = await client.send(new GetStatementResultCommand({ Id: 'x' })).catch((reason: unknown) => reason);

    // Assess
    expect(error).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Query does not exist.',
      ResourceId: 'x',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('answers malformed JSON with a SerializationException', async () => {
    // Prepare
    stage = await startGateway(recordingService('dynamodb', () => ({})));

    // Act
    const reply = await post(stage, { target: 'DynamoDB_20120810.GetItem', body: '{"TableName":' });

    // Assess
    expect(reply.status).toBe(400);
    expect(reply.headers.get('x-amzn-errortype')).toBe('SerializationException');
    expect(await reply.json()).toEqual({
      __type: 'SerializationException',
      message: 'The request body is not valid JSON.',
    });
  });

  it.each([
    ['AmazonSSM.GetParameter', 'AmazonSSM'],
    ['PutEvents', 'PutEvents'],
  ])('refuses the target %s by name', async (target, named) => {
    // Prepare
    stage = await startGateway();

    // Act
    const reply = await post(stage, { target, body: '{}' });

    // Assess
    expect(reply.status).toBe(404);
    expect(await reply.json()).toMatchObject({
      __type: 'UnknownOperationException',
      message: expect.stringContaining(`does not serve ${named};`),
    });
  });

  it('answers in the JSON version it was asked in', async () => {
    // Prepare
    stage = await startGateway(recordingService('states', () => ({})));

    // Act
    const reply = await post(stage, {
      target: 'AWSStepFunctions.ListExecutions',
      body: '',
      type: 'application/x-amz-json-1.0',
    });

    // Assess
    expect(reply.headers.get('content-type')).toBe('application/x-amz-json-1.0');
    expect(reply.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

const post = (
  { endpoint }: TestGateway,
  { target, body, type = 'application/x-amz-json-1.1' }: { target: string; body: string; type?: string },
) => fetch(endpoint, { method: 'POST', headers: { 'x-amz-target': target, 'content-type': type }, body });
