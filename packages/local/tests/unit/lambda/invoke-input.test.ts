import { InvokeCommand, type InvokeCommandInput, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRole, sessionOf } from '../../helpers/gateway.ts';
import { type LambdaStage, startLambdaStage } from '../../helpers/lambda.ts';

const MB = 2 ** 20;

let stage: LambdaStage;
let client: LambdaClient;
beforeAll(async () => {
  stage = await startLambdaStage();
  client = new LambdaClient(stage.client());
  stage.put(
    `export const handler = async (event, context) => event.bytes ? 'x'.repeat(event.bytes) : (context.clientContext ?? event);`,
  );
});
afterAll(async () => {
  client.destroy();
  await stage.close();
});

const invoke = (input: Partial<InvokeCommandInput>) => client.send(new InvokeCommand({ FunctionName: 'f', ...input }));
const refusal = (input: Partial<InvokeCommandInput>) => invoke(input).catch((reason: unknown) => reason);
const text = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));

describe('Invoke', () => {
  it.each([
    ['RequestResponse', 6 * MB],
    ['Event', MB],
  ] as const)('takes no more than %s may have', async (InvocationType, limit) => {
    // Act
    const taken = await invoke({ InvocationType, Payload: text(limit) });
    const error = await refusal({ InvocationType, Payload: text(limit + 1) });

    // Assess
    expect(taken.StatusCode).toBe(InvocationType === 'Event' ? 202 : 200);
    expect(error).toMatchObject({
      name: 'RequestTooLargeException',
      message: `${limit + 1} byte payload is too large for the ${InvocationType} invocation type (limit ${limit} bytes)`,
      $metadata: { httpStatusCode: 413 },
    });
  });

  it('answers with an error where the response is too large', async () => {
    const { FunctionError, Payload } = await invoke({ Payload: JSON.stringify({ bytes: 6 * MB + 99 }) });
    expect({ FunctionError, ...JSON.parse(Payload?.transformToString() ?? '') }).toMatchObject({
      FunctionError: 'Unhandled',
      errorType: 'Function.ResponseSizeTooLarge',
    });
  });

  it('runs nothing for a dry run, but checks whether the caller may', async () => {
    // Prepare
    const weak = new LambdaClient(stage.client(sessionOf(stage, addRole(stage, 'weak'))));
    const command = new InvokeCommand({ FunctionName: 'f', InvocationType: 'DryRun' });
    const before = stage.metrics.sum('AWS/Lambda', 'Invocations');

    // Act
    const { StatusCode } = await client.send(command);
    const error = await weak.send(command).catch((reason: unknown) => reason);
    weak.destroy();

    // Assess
    expect(StatusCode).toBe(204);
    expect(error).toMatchObject({ name: 'AccessDeniedException' });
    expect(stage.metrics.sum('AWS/Lambda', 'Invocations')).toBe(before);
  });

  it.each([
    ['a payload that is no JSON', { Payload: '{' }, 'InvalidRequestContentException'],
    ['a client context that is no JSON', { ClientContext: 'bm8=' }, 'InvalidRequestContentException'],
    ['an unknown type', { InvocationType: 'Later' as never }, 'InvalidParameterValueException'],
    ['a version that there is not', { Qualifier: '1' }, 'ResourceNotFoundException'],
  ])('refuses %s', async (_case, input, name) => {
    expect(await refusal(input)).toMatchObject({ name });
  });

  it('hands the client context over', async () => {
    const ClientContext = Buffer.from('{"a":1}').toString('base64');
    expect((await invoke({ ClientContext })).Payload?.transformToString()).toBe('{"a":1}');
  });
});
