import type { MessageAttributeValue, SendMessageCommandInput } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { Deployments } from '../deployment.ts';
import type { Faults } from '../faults.ts';
import type { Latency } from '../latency.ts';
import { sdkError } from '../sdk-error.ts';
import type { Trace } from '../trace.ts';
import type { VirtualTime } from '../virtual-time.ts';
import type { World } from '../world.ts';

/** As the construct sets it by default. */
export const MAX_RECEIVE_COUNT = 20;

/** Times the function's timeout, as AWS advises and the construct does. */
const VISIBILITY_FACTOR = 6;

/** SQS's own limit. */
const LONGEST_DELAY_SECONDS = 900;

/** How long a poller may take to notice a message; milliseconds. */
const POLL_MS = 200;

interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  visibleAt: number;
  receives: number;
}

/** The function that reads the queue; undefined: the invocation gave no answer. */
export type Consumer = (records: readonly SQSRecord[]) => Promise<SQSBatchResponse | undefined>;

/** SQS with an event source mapping: at least once, in batches, what fails comes again when its visibility is over. */
export class Queue {
  readonly deadLetters: string[] = [];
  readonly #messages = new Map<string, Message>();
  readonly #time: VirtualTime;
  readonly #trace: Trace;
  readonly #faults: Faults;
  readonly #deployments: Deployments;
  readonly #latency: Latency;
  readonly #consumer: Consumer;
  #sent = 0;
  #running = 0;

  constructor(world: World, consumer: Consumer) {
    this.#time = world.time;
    this.#trace = world.trace;
    this.#faults = world.faults;
    this.#deployments = world.deployments;
    this.#latency = world.latency;
    this.#consumer = consumer;
  }

  /** @throws as SQS does, for a delay that it does not take */
  send({ MessageBody, DelaySeconds = 0, MessageAttributes }: Omit<SendMessageCommandInput, 'QueueUrl'>): object {
    if (!(DelaySeconds >= 0 && DelaySeconds <= LONGEST_DELAY_SECONDS)) {
      throw sdkError('InvalidParameterValue', 'the delay is invalid', 400);
    }
    const id = `message-${++this.#sent}`;
    const visibleAt = this.#time.now + DelaySeconds * 1000;
    this.#messages.set(id, {
      id,
      body: MessageBody ?? '',
      attributes: MessageAttributes ?? {},
      visibleAt,
      receives: 0,
    });
    this.#pollAt(visibleAt);
    return { MessageId: id };
  }

  #pollAt(time: number): void {
    this.#time.after(time - this.#time.now + this.#latency(POLL_MS), () => this.#poll());
  }

  #poll(): void {
    if (this.#running >= this.#deployments.current.maxConcurrency) return;
    const batch = this.#receive();
    if (batch.length === 0) return;
    this.#running += 1;
    void this.#consumer(batch.map(recordOf)).then((response) => {
      this.#running -= 1;
      this.#settle(batch, response);
      this.#poll();
    });
  }

  #receive(): Message[] {
    const { batchSize, timeoutMs } = this.#deployments.current;
    const visible = [...this.#messages.values()].filter(({ visibleAt }) => visibleAt <= this.#time.now);
    const batch = visible.filter((message) => !this.#moveWornOut(message)).slice(0, batchSize);
    for (const message of batch) {
      message.receives += 1;
      message.visibleAt = this.#time.now + VISIBILITY_FACTOR * timeoutMs.drain;
    }
    return batch;
  }

  #moveWornOut({ id, body, receives }: Message): boolean {
    if (receives < MAX_RECEIVE_COUNT) return false;
    this.#messages.delete(id);
    this.deadLetters.push(body);
    this.#trace.add('queue', `${id} goes to the dead-letter queue`);
    return true;
  }

  #settle(batch: readonly Message[], response: SQSBatchResponse | undefined): void {
    const done = doneOf(batch, response);
    for (const { id, visibleAt } of batch) {
      const deleted = done.includes(id) && !this.#faults.next('queue.DeleteMessage');
      this.#trace.add('queue', `${id} ${deleted ? 'is done' : 'will come again'}`);
      if (deleted) this.#messages.delete(id);
      else this.#pollAt(visibleAt);
    }
  }
}

/** Lambda does not believe an answer that names a message which is not of the batch: then all of it comes again. */
const doneOf = (batch: readonly Message[], response: SQSBatchResponse | undefined): readonly string[] => {
  const ids = batch.map(({ id }) => id);
  const failed = response?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) ?? ids;
  return failed.every((id) => ids.includes(id)) ? ids.filter((id) => !failed.includes(id)) : [];
};

const recordOf = ({ id, body, attributes, receives }: Message): SQSRecord => ({
  messageId: id,
  receiptHandle: `receipt-${id}-${receives}`,
  body,
  attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: '0',
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue }]) => [
      name,
      { dataType: DataType ?? 'String', stringValue: StringValue ?? '', stringListValues: [], binaryListValues: [] },
    ]),
  ),
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:completions',
  awsRegion: 'us-east-1',
});
