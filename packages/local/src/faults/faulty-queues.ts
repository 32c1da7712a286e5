import type { Clock } from '../common/clock.ts';
import type { ApiCall, Service, ServiceReply } from '../common/service.ts';
import type { MessageLog, MessageRecord } from '../observation/message-log.ts';
import type { MessageFault } from './fault.ts';
import { InFlightMessages } from './in-flight.ts';
import { matchesText } from './matching.ts';
import type { Transits } from './transits.ts';

/** A message as SQS answers it. */
interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
}

/** SQS's longest: what is held here is not to come back before it is let go. */
const LONGEST_VISIBILITY_SECONDS = 43_200;

interface FaultyQueuesDeps {
  readonly sqs: Service;
  readonly clock: Clock;
  readonly transits: Transits;
  readonly messages: MessageLog;
}

/**
 * SQS, whose messages meet the faults when a consumer receives them. What is held back is in flight at SQS, unseen by any consumer, until it
 * is made visible again; a duplicate is made visible again at once, so that it comes under another handle, as SQS's own do. Either way a
 * message is received once more than its consumers see, which SQS counts.
 */
export class FaultyQueues implements Service {
  readonly name = 'sqs';
  readonly #deps: FaultyQueuesDeps;
  readonly #inFlight = new InFlightMessages();
  /** Messages that have met their fault, and how often they come without meeting another. */
  readonly #cleared = new Map<string, number>();

  constructor(deps: FaultyQueuesDeps) {
    this.#deps = deps;
  }

  permissionsFor(call: ApiCall): ReturnType<Service['permissionsFor']> {
    return this.#deps.sqs.permissionsFor(call);
  }

  resourcePolicyOf(queueArn: string): ReturnType<Service['resourcePolicyOf'] & object> {
    return this.#deps.sqs.resourcePolicyOf?.(queueArn) ?? null;
  }

  async perform(call: ApiCall): Promise<ServiceReply> {
    const reply = await this.#deps.sqs.perform(call);
    if (!('output' in reply)) return reply;
    if (call.operation === 'ReceiveMessage') return { output: await this.#received(call, reply.output) };
    if (call.operation.startsWith('DeleteMessage')) this.#deleted(call.input);
    if (call.operation === 'PurgeQueue') this.#inFlight.takeAll(nameOf(String(call.input.QueueUrl)));
    return reply;
  }

  /**
   * Makes what consumers hold of a queue visible again, as if the visibility timeout of all of it were over.
   *
   * @param queue name or URL
   * @returns how many messages that were
   */
  async makeVisible(queue: string): Promise<number> {
    const held = this.#inFlight.takeAll(nameOf(queue));
    await Promise.all(held.map(({ receiptHandle }) => this.#setVisibility(queue, receiptHandle, 0)));
    return held.length;
  }

  async #received({ input }: ApiCall, output: unknown): Promise<unknown> {
    const { Messages = [], ...rest } = output as { readonly Messages?: readonly Message[] };
    const queueUrl = String(input.QueueUrl);
    const seen: Message[] = [];
    for (const message of Messages) if (await this.#meets(queueUrl, message)) seen.push(message);
    return seen.length > 0 ? { ...rest, Messages: seen } : rest;
  }

  /** @returns whether the consumer gets to see it */
  async #meets(queueUrl: string, message: Message): Promise<boolean> {
    const { MessageId: messageId, ReceiptHandle: receiptHandle } = message;
    if (this.#isCleared(messageId)) return this.#hand(queueUrl, message);
    const isMatch = ({ queue, body }: MessageFault) =>
      matchesText(queue, nameOf(queueUrl)) && matchesText(body, message.Body);
    const go = async () => {
      this.#clear(messageId);
      await this.#setVisibility(queueUrl, receiptHandle, 0);
    };
    const { times, outcome, fault, passed } = this.#deps.transits.meet('message', isMatch, go);
    if (outcome) this.#record(queueUrl, messageId, outcome, fault);
    if (outcome === 'dropped') await this.#call('DeleteMessage', { QueueUrl: queueUrl, ReceiptHandle: receiptHandle });
    else if (times === 0) await this.#setVisibility(queueUrl, receiptHandle, LONGEST_VISIBILITY_SECONDS);
    if (times === 0) return false;
    this.#clear(messageId, times - 1);
    await this.#hand(queueUrl, message);
    passed();
    return true;
  }

  /** Gives it to the consumer; if it is to come again, it is visible at once, and the handle that the consumer has means nothing any more. */
  async #hand(queueUrl: string, { MessageId: messageId, ReceiptHandle: receiptHandle }: Message): Promise<true> {
    this.#record(queueUrl, messageId, 'received');
    if (this.#cleared.has(messageId)) await this.#setVisibility(queueUrl, receiptHandle, 0);
    else this.#inFlight.add({ queue: nameOf(queueUrl), messageId, receiptHandle });
    return true;
  }

  #clear(messageId: string, times = 1): void {
    if (times > 0) this.#cleared.set(messageId, times);
  }

  #isCleared(messageId: string): boolean {
    const times = this.#cleared.get(messageId);
    if (times === undefined) return false;
    if (times > 1) this.#cleared.set(messageId, times - 1);
    else this.#cleared.delete(messageId);
    return true;
  }

  #deleted(input: ApiCall['input']): void {
    const entries = (input.Entries ?? [input]) as readonly { readonly ReceiptHandle?: unknown }[];
    for (const { ReceiptHandle } of entries) {
      const message = this.#inFlight.take(String(ReceiptHandle));
      if (message) this.#record(String(input.QueueUrl), message.messageId, 'deleted');
    }
  }

  async #setVisibility(QueueUrl: string, ReceiptHandle: string, VisibilityTimeout: number): Promise<void> {
    await this.#call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout });
  }

  /** Whatever has become of queue and message meanwhile is SQS's matter. */
  async #call(operation: string, input: Record<string, unknown>): Promise<void> {
    const caller = { type: 'service', arn: 'sqs.amazonaws.com' } as const;
    await this.#deps.sqs.perform({ service: 'sqs', operation, input, caller, requestId: '' }).catch(() => undefined);
  }

  #record(queueUrl: string, messageId: string, outcome: MessageRecord['outcome'], fault?: string): void {
    const { clock, messages } = this.#deps;
    const queue = nameOf(queueUrl);
    messages.add({ time: clock.now(), queue, messageId, outcome, ...(fault === undefined ? {} : { fault }) });
  }
}

const nameOf = (queueUrl: string): string => queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
