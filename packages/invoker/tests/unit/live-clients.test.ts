import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeStatementCommand } from '@aws-sdk/client-redshift-data';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { liveDataApiClient } from '../../src/data-api.ts';
import { liveTableClient } from '../../src/statement-table.ts';
import { type AwsServer, environmentOf, startAwsServer } from '../helpers/aws-server.ts';
import { STATEMENT_ID } from '../helpers/requests.ts';

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

const describing = () => liveDataApiClient().send(new DescribeStatementCommand({ Id: STATEMENT_ID }));
const reading = () => liveTableClient().send(new GetItemCommand({ TableName: 'tracking', Key: {} }));

describe('a request that hangs', () => {
  it.each<[string, () => Promise<unknown>, number]>([
    ['the Data API', describing, 10_000],
    ['a small service', reading, 5_000],
  ])('to %s is given up in time to be repeated', async (_service, request, afterMs) => {
    let outcome = 'waits';
    const ended = request().catch((error: Error) => {
      outcome = error.name;
    });
    await received.promise;

    await vi.advanceTimersByTimeAsync(afterMs - 1);
    expect(outcome).toBe('waits');
    await vi.advanceTimersByTimeAsync(1);
    await ended;

    expect(outcome).toBe('TimeoutError');
  });
});

describe('the client of the Data API', () => {
  it('keeps whole numbers that JavaScript would round', () => {
    expect(liveDataApiClient().middlewareStack.identify().join()).toContain('keepWholeNumbers');
  });
});
