import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';

/** Largest event of a batch, in bytes; messages that do not fit together are handed over apart. */
const LARGEST_EVENT = 6 * 2 ** 20;
const ENVELOPE_BYTES = 16;

/** A message as a function receives it. */
export const toRecord = (message: Message, queueArn: string, region: string): Readonly<Record<string, unknown>> => ({
  messageId: message.MessageId,
  receiptHandle: message.ReceiptHandle,
  body: message.Body ?? '',
  attributes: message.Attributes ?? {},
  messageAttributes: Object.fromEntries(
    Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, toAttribute(value)]),
  ),
  ...(message.MD5OfMessageAttributes ? { md5OfMessageAttributes: message.MD5OfMessageAttributes } : {}),
  md5OfBody: message.MD5OfBody,
  eventSource: 'aws:sqs',
  eventSourceARN: queueArn,
  awsRegion: region,
});

const toAttribute = (value: MessageAttributeValue) => ({
  ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
  ...(value.BinaryValue === undefined ? {} : { binaryValue: Buffer.from(value.BinaryValue).toString('base64') }),
  stringListValues: [],
  binaryListValues: [],
  dataType: value.DataType,
});

/** A batch, cut into ones whose events stay within the limit of an invocation. */
export const cutToSize = (messages: readonly Message[], sizeOf: (message: Message) => number): Message[][] => {
  const batches: Message[][] = [];
  let room = 0;
  for (const message of messages) {
    const size = sizeOf(message) + 1;
    if (size > room) {
      batches.push([]);
      room = LARGEST_EVENT - ENVELOPE_BYTES;
    }
    batches.at(-1)?.push(message);
    room -= size;
  }
  return batches;
};
