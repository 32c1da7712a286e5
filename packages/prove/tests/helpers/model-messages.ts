import { Queue } from '../../src/account/queue.ts';
import { consume, essenceOf, type MessageCase, type MessageFate, type SentMessage } from './message-cases.ts';
import { onQuietTime, quietWorld } from './quiet-world.ts';
import { outcomeOf } from './refusal.ts';

/** Carries a case out in a model account of its own; what came of each message. */
export const messagesInModel = async (messageCase: MessageCase): Promise<readonly MessageFate[]> => {
  const world = quietWorld();
  const received: { readonly body: string; readonly at: number; readonly essence: object }[] = [];
  const queue = new Queue(world, (records) => {
    const at = world.time.now;
    received.push(...records.map((record) => ({ body: record.body, at, essence: essenceOf(record) })));
    return Promise.resolve(consume(messageCase, records));
  });
  const sentAt = world.time.now;
  const sent = await onQuietTime(world.time, () =>
    Promise.all(messageCase.messages.map((message) => outcomeOf(() => queue.send(inputOf(message))))),
  );
  return messageCase.messages.map(({ body, delaySeconds = 0 }, index) => {
    const own = received.filter((one) => one.body === body);
    return {
      ...refusedOf(sent[index]),
      received: own.map(({ essence }) => essence),
      isDeadLetter: queue.deadLetters.includes(body),
      isEarly: own.some(({ at }) => at < sentAt + delaySeconds * 1000),
    };
  });
};

export const refusedOf = (outcome: object | undefined): object =>
  outcome && 'refused' in outcome ? { refused: outcome } : {};

export const inputOf = ({ body, delaySeconds, attributes = {} }: SentMessage) => ({
  MessageBody: body,
  ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
  MessageAttributes: Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'Number', StringValue }]),
  ),
});
