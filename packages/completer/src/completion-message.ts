import { MalformedMessage } from '@sfn-redshift/shared';
import type { SQSRecord } from 'aws-lambda';

/** Message attribute of a deferred copy: how often it was put back. */
export const DEFERRALS = 'Deferrals';

/** A message of the completion queue, before it is known what it says. */
export interface CompletionMessage {
  readonly id: string;
  readonly body: string;
  readonly deferrals: number;
}

export const toCompletionMessage = ({ messageId, body, messageAttributes }: SQSRecord): CompletionMessage => ({
  id: messageId,
  body,
  deferrals: Number(messageAttributes[DEFERRALS]?.stringValue) || 0,
});

/** @throws MalformedMessage, without JSON.parse's own text: that quotes from the body. */
export const contentOf = ({ body }: Pick<CompletionMessage, 'body'>): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    throw new MalformedMessage('body', 'must be JSON');
  }
};
