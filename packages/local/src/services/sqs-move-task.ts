import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { AwsError } from '../common/aws-error.ts';
import type { FauxqsQueues } from './sqs-fauxqs.ts';

const MOST_AT_A_TIME = 10;
/** A message that is being moved is hidden that long. */
const VISIBILITY_SECONDS = 30;

type Status = 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';

interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MessageAttributes?: unknown;
}

export interface MoveOrder {
  /** Name of the dead-letter queue. */
  readonly source: string;
  /** Name of the queue; undefined: each message goes back to where it came from. */
  readonly destination: string | undefined;
  readonly perSecond: number | undefined;
  /** Messages that wait in the source. */
  readonly toMove: number;
  readonly startedAt: number;
}

/** Moves all visible messages of a dead-letter queue. They get new ids and times, as on AWS; the pace is on wall time, as all of SQS. */
export class MoveTask {
  readonly id = randomUUID();
  readonly order: MoveOrder;
  readonly #fauxqs: FauxqsQueues;
  readonly #originOf: (messageId: string) => string | undefined;
  readonly #cancel = new AbortController();
  #status: Status = 'RUNNING';
  #moved = 0;
  #failureReason: string | undefined;

  /** @param originOf the queue that a message has come from */
  constructor(order: MoveOrder, fauxqs: FauxqsQueues, originOf: (messageId: string) => string | undefined) {
    this.order = order;
    this.#fauxqs = fauxqs;
    this.#originOf = originOf;
  }

  get status(): Status {
    return this.#status;
  }

  get moved(): number {
    return this.#moved;
  }

  get failureReason(): string | undefined {
    return this.#failureReason;
  }

  /** Resolves when the task has ended, however. */
  async run(): Promise<void> {
    try {
      while (await this.#moveSome());
      this.#status = this.#cancel.signal.aborted ? 'CANCELLED' : 'COMPLETED';
    } catch (error) {
      this.#status = this.#cancel.signal.aborted ? 'CANCELLED' : 'FAILED';
      this.#failureReason = reasonOf(error);
    }
  }

  cancel(): void {
    this.#status = 'CANCELLING';
    this.#cancel.abort();
  }

  /** Says whether there may be more. */
  async #moveSome(): Promise<boolean> {
    if (this.#cancel.signal.aborted) return false;
    const { source, perSecond } = this.order;
    const { Messages = [] } = (await this.#fauxqs.call('ReceiveMessage', {
      QueueUrl: this.#fauxqs.urlOf(source),
      MaxNumberOfMessages: Math.min(MOST_AT_A_TIME, perSecond ?? MOST_AT_A_TIME),
      MessageAttributeNames: ['All'],
      VisibilityTimeout: VISIBILITY_SECONDS,
      WaitTimeSeconds: 0,
    })) as { readonly Messages?: readonly Message[] };
    for (const message of Messages) await this.#move(message);
    if (Messages.length > 0 && perSecond !== undefined)
      await delay((1000 * Messages.length) / perSecond, undefined, { signal: this.#cancel.signal });
    return Messages.length > 0;
  }

  /** What cannot be moved is visible again at once. */
  async #move({ MessageId, ReceiptHandle, Body, MessageAttributes }: Message): Promise<void> {
    const received = { QueueUrl: this.#fauxqs.urlOf(this.order.source), ReceiptHandle };
    try {
      const destination = this.order.destination ?? this.#originOf(MessageId);
      if (destination === undefined) throw new AwsError('CouldNotDetermineMessageSource', MessageId);
      const QueueUrl = this.#fauxqs.urlOf(destination);
      await this.#fauxqs.call('SendMessage', { QueueUrl, MessageBody: Body, MessageAttributes });
    } catch (error) {
      await this.#fauxqs.call('ChangeMessageVisibility', { ...received, VisibilityTimeout: 0 });
      throw error;
    }
    await this.#fauxqs.call('DeleteMessage', received);
    this.#moved++;
  }
}

/** The codes of SQS's older protocol, as the API shows them. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof AwsError)) return 'InternalError';
  return error.code === 'QueueDoesNotExist' ? 'AWS.SimpleQueueService.NonExistentQueue' : error.code;
};
