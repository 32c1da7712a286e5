import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DurableCallbacks, liveDurableCallbacks } from '../../src/durable-callbacks.ts';
import { durableCallbacks } from '../../src/lambda-callbacks.ts';
import { type AwsServer, type Reply, startAwsServer } from '../helpers/aws-server.ts';
import { CANARIES } from '../helpers/fixtures.ts';

const SUCCESS = { type: 'success', output: { detail: { state: 'FINISHED' }, text: 'ä' } } as const;
const FAILURE = { type: 'failure', error: 'FAILED', cause: '{"message":"no","state":"FAILED"}' } as const;
const { callbackId } = CANARIES;

let server: AwsServer;
let client: LambdaClient;
let callbacks: DurableCallbacks;
let reply: Reply;

const refuse = (name: string, status = 400): Reply => ({ status, body: { __type: name, Message: `${name}: no` } });

beforeEach(async () => {
  reply = { body: {} };
  server = await startAwsServer(() => reply);
  client = new LambdaClient(server.client);
  callbacks = durableCallbacks(client);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  client.destroy();
  await server.close();
});

describe('a callback of a durable function', () => {
  it('is completed with the output as JSON, its id whole in the path', async () => {
    expect(await callbacks.answer(callbackId, SUCCESS)).toEqual({ type: 'delivered' });

    expect(server.calls).toMatchObject([
      { operation: 'SendDurableExecutionCallbackSuccess', body: { CallbackId: callbackId, told: SUCCESS.output } },
    ]);
  });

  it.each([
    [FAILURE.cause, 'no', { error: 'FAILED', message: 'no', state: 'FAILED' }],
    ['a text', 'a text', { error: 'FAILED', message: 'a text' }],
    ['"a text"', '"a text"', { error: 'FAILED', message: '"a text"' }],
    ['[1]', '[1]', { error: 'FAILED', message: '[1]' }],
    ['{"reason":1}', '{"reason":1}', { error: 'FAILED', reason: 1 }],
    ['null', 'null', { error: 'FAILED', message: 'null' }],
  ])('fails with the error, its text, and all that is known: %s', async (cause, ErrorMessage, data) => {
    expect(await callbacks.answer(callbackId, { ...FAILURE, cause })).toEqual({ type: 'delivered' });

    const { operation, body } = server.calls[0] ?? {};
    const told = body?.['told'] as Record<string, string>;
    expect(operation).toBe('SendDurableExecutionCallbackFailure');
    expect(told).toEqual({ ErrorType: 'FAILED', ErrorMessage, ErrorData: expect.any(String) as unknown });
    expect(JSON.parse(String(told['ErrorData']))).toEqual(data);
  });

  it.each([
    ['CallbackTimeoutException', 400],
    ['ResourceNotFoundException', 404],
  ])('is of no use any more: %s', async (name, status) => {
    reply = refuse(name, status);

    expect(await callbacks.answer(callbackId, SUCCESS)).toEqual({ type: 'gone', reason: name });
    expect(await callbacks.answer(callbackId, FAILURE)).toEqual({ type: 'gone', reason: name });
  });

  it('may refuse an output; where it refuses a failure, too, it is the id that is wrong', async () => {
    reply = refuse('InvalidParameterValueException');

    expect(await callbacks.answer(callbackId, SUCCESS)).toEqual({ type: 'invalidOutput' });
    expect(await callbacks.answer(callbackId, FAILURE)).toEqual({
      type: 'gone',
      reason: 'InvalidParameterValueException',
    });
  });

  it.each([
    ['TooManyRequestsException', 429],
    ['AccessDeniedException', 403],
    ['ServiceException', 500],
    ['KMSAccessDeniedException', 502],
    ['KMSDisabledException', 502],
  ])('throws %s: another try may succeed', async (name, status) => {
    reply = refuse(name, status);

    await expect(callbacks.answer(callbackId, SUCCESS)).rejects.toMatchObject({ name });
    await expect(callbacks.beat(callbackId)).rejects.toMatchObject({ name });
  });

  it('that takes a heartbeat is waited for', async () => {
    expect(await callbacks.beat(callbackId)).toBe('waits');

    expect(server.calls).toMatchObject([
      { operation: 'SendDurableExecutionCallbackHeartbeat', body: { CallbackId: callbackId } },
    ]);
  });

  it.each([
    ['CallbackTimeoutException', 400, 'gone'],
    ['ResourceNotFoundException', 404, 'unknown'],
    ['InvalidParameterValueException', 400, 'unknown'],
  ])('answered for by %s (%d) is %s', async (name, status, fate) => {
    reply = refuse(name, status);

    expect(await callbacks.beat(callbackId)).toBe(fate);
  });

  it('is reached by a client that is made when first needed', async () => {
    const { accessKeyId, secretAccessKey } = server.client.credentials;
    vi.stubEnv('AWS_ENDPOINT_URL', server.client.endpoint);
    vi.stubEnv('AWS_REGION', server.client.region);
    vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
    const live = liveDurableCallbacks();

    expect([await live.answer(callbackId, SUCCESS), await live.beat(callbackId)]).toEqual([
      { type: 'delivered' },
      'waits',
    ]);
    expect(server.operations).toEqual(['SendDurableExecutionCallbackSuccess', 'SendDurableExecutionCallbackHeartbeat']);
  });
});
