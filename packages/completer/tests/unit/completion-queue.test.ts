import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toCompletionMessage } from '../../src/completion-message.ts';
import { completionQueue } from '../../src/completion-queue.ts';
import { type AwsServer, startAwsServer } from '../helpers/aws-server.ts';
import { recordOf } from '../helpers/fixtures.ts';

const URL = 'http://queue.example/123456789012/completions';

let server: AwsServer;
let client: SQSClient;

beforeEach(async () => {
  server = await startAwsServer(() => ({ body: { MessageId: 'm2' } }));
  // The stand-in does not compute the sums that SQS answers with.
  client = new SQSClient({ ...server.client, md5: false });
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

const defer = async (seconds: number, deferrals = 0) => {
  const message = toCompletionMessage(recordOf('the body', 'm1', deferrals));
  await completionQueue(client, URL).defer(message, seconds);
  return server.calls[0]?.body;
};

describe('a message that must wait', () => {
  it('is put back as a copy that counts how often that was done', async () => {
    expect(await defer(5, 2)).toEqual({
      QueueUrl: URL,
      MessageBody: 'the body',
      DelaySeconds: 5,
      MessageAttributes: { Deferrals: { DataType: 'Number', StringValue: '3' } },
    });
  });

  it.each([
    [13.3, 14],
    [901, 900],
    [-1, 0],
  ])('%d seconds is put back with a delay of %d', async (seconds, delay) => {
    expect(await defer(seconds)).toMatchObject({ DelaySeconds: delay });
  });
});

describe('a message', () => {
  it('has not been put back yet where it does not say so', () => {
    expect(toCompletionMessage(recordOf('x')).deferrals).toBe(0);
  });

  it('that was put back says how often', () => {
    expect(toCompletionMessage(recordOf('x', 'm1', 4)).deferrals).toBe(4);
  });

  it('with a count that is none counts as new', () => {
    const record = recordOf('x', 'm1', 4);
    for (const attribute of Object.values(record.messageAttributes)) attribute.stringValue = 'many';

    expect(toCompletionMessage(record).deferrals).toBe(0);
  });
});
