import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { liveCallbackClient } from '../../src/callback.ts';
import { liveTableClient } from '../../src/statement-table.ts';
import { type AwsServer, environmentOf, startAwsServer } from '../helpers/aws-server.ts';

let aws: AwsServer;
let received: PromiseWithResolvers<void>;

beforeEach(async () => {
  received = Promise.withResolvers();
  aws = await startAwsServer(() => {
    received.resolve();
    return 'hang';
  });
  for (const [name, value] of Object.entries(environmentOf(aws))) vi.stubEnv(name, value);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await aws.close();
});

describe('a call that hangs', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['DynamoDB', () => liveTableClient().send(new GetItemCommand({ TableName: 'tracking', Key: {} }))],
    ['Step Functions', () => liveCallbackClient().send(new DescribeExecutionCommand({ executionArn: 'arn' }))],
  ])('to %s is given up in time to be repeated', async (_service, call) => {
    let outcome = 'waits';
    const ended = call().catch((error: Error) => {
      outcome = error.name;
    });
    await received.promise;

    await vi.advanceTimersByTimeAsync(4_999);
    expect(outcome).toBe('waits');
    await vi.advanceTimersByTimeAsync(1);
    await ended;

    expect(outcome).toBe('TimeoutError');
  });
});
