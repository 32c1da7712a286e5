import { SQSClient } from '@aws-sdk/client-sqs';
import { parseStatementEvent, type StatementEvent } from '@sfn-redshift/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completionQueue } from '../../src/completion-queue.ts';
import { sendMessage } from '../../src/send-message.ts';
import { type AwsServer, startAwsServer } from '../helpers/aws-server.ts';
import { STATEMENT_ID } from '../helpers/requests.ts';

const EVENT: StatementEvent = {
  statementId: STATEMENT_ID,
  statementName: 'tasker/key/owner',
  state: 'FINISHED',
  rows: 7,
  redshiftQueryId: 8,
  time: '2026-11-26T08:10:00.000Z',
  received: {},
};

let server: AwsServer;
let client: SQSClient;

beforeEach(async () => {
  server = await startAwsServer(() => ({ body: { MessageId: 'm' } }));
  client = new SQSClient({ ...server.client, md5: false });
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

describe('the completion queue', () => {
  it('is told the end of a statement as an event tells it', async () => {
    await completionQueue(server.client.endpoint, () => Promise.resolve(sendMessage(client))).report(EVENT);

    const [call] = server.calls;
    expect(call).toMatchObject({ target: 'AmazonSQS.SendMessage', body: { QueueUrl: server.client.endpoint } });
    const { received, ...event } = parseStatementEvent(JSON.parse(String(call?.body['MessageBody'])));
    expect({ ...event, received: {} }).toEqual(EVENT);
    expect(received).toMatchObject({ source: 'aws.redshift-data' });
  });
});
