import { SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendHeartbeat } from '../../src/send-heartbeat.ts';
import { type TaskTokens, taskTokens } from '../../src/task-tokens.ts';
import { type AwsServer, type Reply, startAwsServer } from '../helpers/aws-server.ts';

let reply: Reply;
let server: AwsServer;
let client: SFNClient;
let tasks: TaskTokens;

beforeEach(async () => {
  reply = { body: {} };
  server = await startAwsServer(() => reply);
  client = new SFNClient({ ...server.client, maxAttempts: 1 });
  tasks = taskTokens(() => Promise.resolve(sendHeartbeat(client)));
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

const refuse = (type: string, status = 400) => {
  reply = { status, body: { __type: type, message: 'no' } };
};

describe('a task', () => {
  it('waits that takes a heartbeat', async () => {
    expect(await tasks.isGone('token')).toBe(false);
    expect(server.calls).toMatchObject([
      { target: 'AWSStepFunctions.SendTaskHeartbeat', body: { taskToken: 'token' } },
    ]);
  });

  it('is gone whose heartbeat is answered TaskTimedOut', async () => {
    refuse('TaskTimedOut');

    expect(await tasks.isGone('token')).toBe(true);
  });

  it.each(['TaskDoesNotExist', 'InvalidToken'])('is not proven to be gone by %s', async (name) => {
    refuse(name);

    expect(await tasks.isGone('token')).toBe(false);
  });

  it.each([
    ['ThrottlingException', 400],
    ['AccessDeniedException', 400],
    ['InternalFailure', 500],
  ])('may or may not wait after %s: nobody knows', async (name, status) => {
    refuse(name, status);

    await expect(tasks.isGone('token')).rejects.toMatchObject({ name });
  });
});
