import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { liveCallbackClient } from '../../src/callback.ts';
import { liveTableClient } from '../../src/statement-table.ts';
import { type AwsServer, startAwsServer } from '../helpers/aws-server.ts';

let aws: AwsServer;
let received: PromiseWithResolvers<void>;

beforeEach(async () => {
  received = Promise.withResolvers();
  aws = await startAwsServer(() => {
    received.resolve();
    return 'hang';
  });
  const { accessKeyId, secretAccessKey } = aws.client.credentials;
  vi.stubEnv('AWS_ENDPOINT_URL', aws.client.endpoint);
  vi.stubEnv('AWS_REGION', aws.client.region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
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
