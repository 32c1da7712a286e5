import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT_TIMEOUTS } from './client-timeouts.ts';
import { type CompletionMessage, DEFERRALS } from './completion-message.ts';

/** Longest delay that SQS takes. */
const MAX_DELAY_SECONDS = 900;

/** The queue that the drain reads, as far as it writes to it. */
export interface CompletionQueue {
  /**
   * Puts a copy of the message back, to be received after `seconds` (at most 900; fractions are rounded up). Unlike a
   * message that is retried, the copy has used up no receives.
   */
  defer(message: CompletionMessage, seconds: number): Promise<void>;
}

export const liveQueueClient = (): SQSClient => new SQSClient({ requestHandler: CLIENT_TIMEOUTS });

export const completionQueue = (client: SQSClient, QueueUrl: string): CompletionQueue => ({
  defer: async ({ body, deferrals }, seconds) => {
    await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: body,
        DelaySeconds: Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.ceil(seconds))),
        MessageAttributes: { [DEFERRALS]: { DataType: 'Number', StringValue: String(deferrals + 1) } },
      }),
    );
  },
});
