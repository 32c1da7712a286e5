import { SFNClient } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HeldBack } from '../../../src/errors.ts';
import { type WaitingTasks, waitingTasks } from '../../../src/sweep/waiting-tasks.ts';
import { type AwsServer, type Reply, startAwsServer } from '../../helpers/aws-server.ts';

const EXECUTION = 'arn:aws:states:eu-central-1:123456789012:execution:load:7a10';

let server: AwsServer;
let client: SFNClient;
let tasks: WaitingTasks;
let reply: Reply;

const refuse = (name: string, status = 400): Reply => ({ status, body: { __type: name, message: `${name}: no` } });

beforeEach(async () => {
  reply = { body: {} };
  server = await startAwsServer(() => reply);
  client = new SFNClient(server.client);
  tasks = waitingTasks(client);
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

describe('a task', () => {
  it('that takes a heartbeat waits', async () => {
    expect(await tasks.beat('token')).toBe('waits');

    expect(server.calls).toMatchObject([{ operation: 'SendTaskHeartbeat', body: { taskToken: 'token' } }]);
  });

  it.each([
    ['TaskTimedOut', 'gone'],
    ['TaskDoesNotExist', 'unknown'],
    ['InvalidToken', 'unknown'],
  ])('answered for by %s is %s', async (name, fate) => {
    reply = refuse(name);

    expect(await tasks.beat('token')).toBe(fate);
  });

  it.each([
    ['ThrottlingException', 400],
    ['AccessDeniedException', 400],
    ['InternalFailure', 500],
  ])('is not known of where %s is answered', async (name, status) => {
    reply = refuse(name, status);

    await expect(tasks.beat('token')).rejects.toMatchObject({ name });
  });
});

describe('an execution', () => {
  it.each([
    ['RUNNING', false],
    ['PENDING_REDRIVE', false],
    ['SUCCEEDED', true],
    ['FAILED', true],
    ['TIMED_OUT', true],
    ['ABORTED', true],
  ])('that is %s is over: %s', async (status, isOver) => {
    reply = { body: { status } };

    expect(await tasks.isOver(EXECUTION)).toBe(isOver);

    expect(server.calls).toMatchObject([
      { operation: 'DescribeExecution', body: { executionArn: EXECUTION, includedData: 'METADATA_ONLY' } },
    ]);
  });

  it.each(['ExecutionDoesNotExist', 'InvalidArn'])('that is not one (%s) proves nothing', async (name) => {
    reply = refuse(name);

    expect(await tasks.isOver(EXECUTION)).toBe(false);
  });

  it('is not known of where the call is refused', async () => {
    reply = refuse('AccessDeniedException');

    await expect(tasks.isOver(EXECUTION)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('is asked for so many times a second, and held back where too many wait', async () => {
    reply = { body: { status: 'RUNNING' } };
    const paced = waitingTasks(client, 30);
    const asked = Array.from({ length: 51 }, () => paced.isOver(EXECUTION));

    await expect(asked.at(-1)).rejects.toThrow(new HeldBack('DescribeExecution: too many calls wait for their turn'));
    expect(server.calls.length).toBeLessThanOrEqual(30);
    expect(await Promise.all(asked.slice(0, 50))).not.toContain(true);
  });
});
