import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { vi } from 'vitest';
import { MAX_RECEIVE_COUNT } from '../../src/account/queue.ts';
import { consume, essenceOf, failsAt, type MessageCase, type MessageFate, type SentMessage } from './message-cases.ts';
import { inputOf, refusedOf } from './model-messages.ts';
import type { RealStage } from './real-stage.ts';
import { outcomeOf } from './refusal.ts';

const PATIENCE = { timeout: 10_000, interval: 2 };

/** Takes over from the stage's function: it is asked what that is to answer. */
export class Consumer {
  readonly received: { readonly record: SQSRecord; readonly at: number }[] = [];
  readonly #server: Server;
  #case: MessageCase | undefined;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Consumer> {
    const server = createServer((request, response) => {
      void json(request).then((event) => {
        const answer = consumer.#answer((event as { Records: readonly SQSRecord[] }).Records);
        response.statusCode = answer ? 200 : 500;
        response.end(JSON.stringify(answer ?? {}));
      });
    });
    const consumer = new Consumer(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return consumer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  begin(messageCase: MessageCase): void {
    this.#case = messageCase;
    this.received.length = 0;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(records: readonly SQSRecord[]) {
    this.received.push(...records.map((record) => ({ record, at: Date.now() })));
    return this.#case && consume(this.#case, records);
  }
}

/** Carries cases out on the stage. */
export class RealMessages {
  readonly #real: RealStage;
  readonly #consumer: Consumer;
  readonly #sqs: SQSClient;

  constructor(real: RealStage, consumer: Consumer) {
    this.#real = real;
    this.#consumer = consumer;
    this.#sqs = new SQSClient(real.client);
  }

  /** What came of each message. */
  async run(messageCase: MessageCase): Promise<readonly MessageFate[]> {
    this.#consumer.begin(messageCase);
    const after = this.#real.stage.messages.latestId;
    const sentAt = Date.now();
    const sent: object[] = [];
    for (const message of messageCase.messages) sent.push(await outcomeOf(() => this.#send(message)));
    const taken = messageCase.messages.filter((_, index) => !('refused' in (sent[index] ?? {})));
    await this.#rounds(taken, after);
    const dead = taken.some(isDoomed) ? await this.#deadLetters() : [];
    return messageCase.messages.map(({ body, delaySeconds = 0 }, index) => {
      const own = this.#receivedOf(body);
      return {
        ...refusedOf(sent[index]),
        received: own.map(({ record }) => essenceOf(record)),
        isDeadLetter: dead.includes(body),
        isEarly: own.some(({ at }) => at < sentAt + delaySeconds * 1000),
      };
    });
  }

  close(): void {
    this.#sqs.destroy();
  }

  #send(message: SentMessage): Promise<object> {
    const QueueUrl = this.#real.outputs.MessagesUrl;
    return this.#sqs.send(new SendMessageCommand({ QueueUrl, ...inputOf(message) }));
  }

  #receivedOf(body: string) {
    return this.#consumer.received.filter(({ record }) => record.body === body);
  }

  /** In each round all that is left is received once; then, as if its visibility were over, comes the next. */
  async #rounds(messages: readonly SentMessage[], after: number): Promise<void> {
    let left = messages;
    for (let round = 1; left.length > 0 && round <= MAX_RECEIVE_COUNT; round++) {
      await vi.waitFor(() => this.#checkRound(round, left, after), PATIENCE);
      left = left.filter((message) => failsAt(message, round));
      await this.#real.stage.makeVisible(this.#real.outputs.MessagesUrl ?? '');
    }
  }

  /** Lambda has drawn its conclusions: what is well is deleted, so that it does not become visible with the rest. */
  #checkRound(round: number, messages: readonly SentMessage[], after: number): void {
    for (const message of messages) {
      const { messageId } = this.#receivedOf(message.body)[round - 1]?.record ?? {};
      if (messageId === undefined) throw new Error(`a message has not come for the time ${round}`);
      const isDeleted = this.#real.stage.messages.find({ after, messageId, outcome: 'deleted' }).length > 0;
      if (!failsAt(message, round) && !isDeleted) throw new Error('a message is not deleted yet');
    }
  }

  async #deadLetters(): Promise<readonly string[]> {
    const QueueUrl = this.#real.outputs.DeadLettersUrl;
    const { Messages = [] } = await this.#sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    for (const { ReceiptHandle } of Messages)
      await this.#sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    return Messages.map(({ Body = '' }) => Body);
  }
}

const isDoomed = ({ failures = 0 }: SentMessage): boolean => failures >= MAX_RECEIVE_COUNT;
