import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT_TIMEOUTS } from './client-timeouts.ts';
import type { SendMessage } from './completion-queue.ts';

export const liveQueueClient = (): SQSClient => new SQSClient({ requestHandler: CLIENT_TIMEOUTS });

export const sendMessage =
  (client: SQSClient): SendMessage =>
  async (QueueUrl, MessageBody) => {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  };
