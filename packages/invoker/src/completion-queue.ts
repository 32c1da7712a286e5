import { encodeStatementEvent, type StatementEvent } from '@sfn-redshift/shared';

/** The queue that the drain reads. */
export interface CompletionQueue {
  /** Hands the drain the end of a statement, in the form in which events tell it. What it throws is what the SDK throws. */
  report(event: StatementEvent): Promise<void>;
  /** Hands it a message of ours. */
  send(message: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Sends one message. */
export type SendMessage = (queueUrl: string, body: string) => Promise<void>;

export const completionQueue = (queueUrl: string, load: () => Promise<SendMessage>): CompletionQueue => ({
  report: async (event) => (await load())(queueUrl, JSON.stringify(encodeStatementEvent(event))),
  send: async (message) => (await load())(queueUrl, JSON.stringify(message)),
});

/** Loaded when first needed: the end of a statement is seldom told a second time. */
export const liveCompletionQueue = (queueUrl: string): CompletionQueue => {
  let loading: Promise<SendMessage> | undefined;
  return completionQueue(queueUrl, () => (loading ??= loadSendMessage()));
};

const loadSendMessage = async (): Promise<SendMessage> => {
  const { liveQueueClient, sendMessage } = await import('./send-message.ts');
  return sendMessage(liveQueueClient());
};
