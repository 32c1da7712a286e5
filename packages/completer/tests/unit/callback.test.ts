import { SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TaskCallback, taskCallback } from '../../src/callback.ts';
import { type AwsServer, type Reply, startAwsServer } from '../helpers/aws-server.ts';

const SUCCESS = { type: 'success', output: { detail: { state: 'FINISHED' } } } as const;
const FAILURE = { type: 'failure', error: 'FAILED', cause: '{"message":"no"}' } as const;

let server: AwsServer;
let client: SFNClient;
let callback: TaskCallback;
let reply: Reply;

const refuse = (name: string, status = 400): Reply => ({
  status,
  body: { __type: `com.amazonaws.swf.service.v2.model#${name}`, message: `${name}: no` },
});

beforeEach(async () => {
  reply = { body: {} };
  server = await startAwsServer(() => reply);
  client = new SFNClient(server.client);
  callback = taskCallback(client);
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

describe('a callback to Step Functions', () => {
  it('sends a success with its output as JSON', async () => {
    expect(await callback.answer('token', SUCCESS)).toEqual({ type: 'delivered' });

    expect(server.calls).toMatchObject([
      { operation: 'SendTaskSuccess', body: { taskToken: 'token', output: '{"detail":{"state":"FINISHED"}}' } },
    ]);
  });

  it('sends a failure with error and cause', async () => {
    expect(await callback.answer('token', FAILURE)).toEqual({ type: 'delivered' });

    expect(server.calls).toMatchObject([
      { operation: 'SendTaskFailure', body: { taskToken: 'token', error: 'FAILED', cause: '{"message":"no"}' } },
    ]);
  });

  it.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])('tells that a token is of no use: %s', async (name) => {
    reply = refuse(name);

    expect(await callback.answer('token', SUCCESS)).toEqual({ type: 'gone', reason: name });
    expect(await callback.answer('token', FAILURE)).toEqual({ type: 'gone', reason: name });
  });

  it('tells that an output is not taken', async () => {
    reply = refuse('InvalidOutput');

    expect(await callback.answer('token', SUCCESS)).toEqual({ type: 'invalidOutput' });
  });

  it.each([
    ['KmsAccessDeniedException', 400],
    ['KmsThrottlingException', 400],
    ['ThrottlingException', 400],
    ['AccessDeniedException', 400],
    ['InternalFailure', 500],
  ])('throws %s: another try may succeed', async (name, status) => {
    reply = refuse(name, status);

    await expect(callback.answer('token', SUCCESS)).rejects.toMatchObject({ name });
  });

  it('throws where the answer does not come', async () => {
    reply = 'hang';
    client.destroy();
    client = new SFNClient({ ...server.client, requestHandler: { requestTimeout: 100, throwOnRequestTimeout: true } });
    callback = taskCallback(client);

    await expect(callback.answer('token', SUCCESS)).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
