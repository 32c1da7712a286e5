import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { MAX_RECEIVE_COUNT } from '../../src/account/queue.ts';

/** One message, and how often its consumer fails with it before it is done. */
export interface SentMessage {
  readonly body: string;
  readonly failures?: number;
  readonly delaySeconds?: number;
  /** Of numbers, as the drain counts its deferrals. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface MessageCase {
  readonly what: string;
  /**
   * How the consumer fails: it names the message; it throws, so that nobody knows of what was well; it answers with a message that
   * is not of the batch.
   */
  readonly how: 'named' | 'thrown' | 'misnamed';
  readonly messages: readonly SentMessage[];
}

/** What came of one message. */
export interface MessageFate {
  readonly refused?: unknown;
  /** What the consumer was handed, each time. */
  readonly received: readonly object[];
  readonly isDeadLetter: boolean;
  /** Whether it came before its delay was over. */
  readonly isEarly: boolean;
}

/** Whether the message was received in vain that time. */
export const failsAt = ({ failures = 0 }: SentMessage, receives: number): boolean => receives <= failures;

/** The consumer of a case; undefined: it throws. */
export const consume = (
  { how, messages }: MessageCase,
  records: readonly SQSRecord[],
): SQSBatchResponse | undefined => {
  const failed = records.filter((record) => {
    const message = messages.find(({ body }) => body === record.body);
    return message && failsAt(message, receivesOf(record));
  });
  if (how === 'named') return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  if (failed.length === 0) return { batchItemFailures: [] };
  return how === 'thrown' ? undefined : { batchItemFailures: [{ itemIdentifier: 'of-another-batch' }] };
};

const receivesOf = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateReceiveCount);

/** What handlers read of a record. */
export const essenceOf = (record: SQSRecord): object => ({
  receives: receivesOf(record),
  body: record.body,
  attributes: Object.fromEntries(
    Object.entries(record.messageAttributes).map(([name, { dataType, stringValue }]) => [
      name,
      { dataType, stringValue },
    ]),
  ),
  eventSource: record.eventSource,
  hasId: typeof record.messageId === 'string' && record.messageId !== '',
});

const DEFERRALS = { deferrals: '3' };

/** Each case is over when its messages are done or dead: the consumer of a queue fails as often as they say. */
export const MESSAGE_CASES: readonly MessageCase[] = [
  { what: 'a message that is done at once', how: 'named', messages: [{ body: 'a' }] },
  { what: 'a message with attributes', how: 'named', messages: [{ body: 'a', attributes: DEFERRALS, failures: 1 }] },
  {
    what: 'messages of which some are named as failed, once and twice',
    how: 'named',
    messages: [{ body: 'a' }, { body: 'b', failures: 1 }, { body: 'c', failures: 2 }, { body: 'd' }],
  },
  {
    what: 'messages whose function throws',
    how: 'thrown',
    messages: [
      { body: 'a', failures: 2 },
      { body: 'b', failures: 2 },
    ],
  },
  {
    what: 'messages whose function names one that is not of its batch',
    how: 'misnamed',
    messages: [
      { body: 'a', failures: 1 },
      { body: 'b', failures: 1 },
    ],
  },
  {
    what: 'a message that is done at the last receive',
    how: 'named',
    messages: [{ body: 'a', failures: MAX_RECEIVE_COUNT - 1 }],
  },
  {
    what: 'a message that was received too often, and goes to the dead letters, alone',
    how: 'named',
    messages: [{ body: 'a', failures: MAX_RECEIVE_COUNT }, { body: 'b' }],
  },
  {
    what: 'a message whose function throws too often',
    how: 'thrown',
    messages: [{ body: 'a', failures: MAX_RECEIVE_COUNT }],
  },
  {
    what: 'a message that is sent with a delay, beside one that is not',
    how: 'named',
    messages: [
      { body: 'a', delaySeconds: 1, attributes: DEFERRALS },
      { body: 'b', delaySeconds: 0 },
    ],
  },
  {
    what: 'a delay that is longer than SQS takes',
    how: 'named',
    messages: [
      { body: 'a', delaySeconds: 901 },
      { body: 'b', delaySeconds: -1 },
    ],
  },
];
