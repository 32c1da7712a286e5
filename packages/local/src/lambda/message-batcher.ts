import type { Message } from '@aws-sdk/client-sqs';
import type { Clock, Timer } from '../common/clock.ts';
import { cutToSize } from './sqs-event.ts';

export interface BatcherOptions {
  /** Messages of a full batch. */
  readonly size: number;
  /** How long the first message of a batch waits for others. */
  readonly windowMs: number;
  readonly clock: Clock;
  /** Bytes of a message within an event. */
  readonly bytesOf: (message: Message) => number;
  readonly hand: (batch: readonly Message[]) => void;
}

/** Gathers messages into batches: until one is full, in number or bytes, or its window has passed. */
export class MessageBatcher {
  readonly #options: BatcherOptions;
  #gathered: Message[] = [];
  #window: Timer | undefined;

  constructor(options: BatcherOptions) {
    this.#options = options;
  }

  /** How many messages the batch that is being gathered has room for. */
  get room(): number {
    return this.#options.size - this.#gathered.length;
  }

  /** At most as many as there is room for. */
  add(messages: readonly Message[]): void {
    this.#gathered.push(...messages);
    const batches = cutToSize(this.#gathered, this.#options.bytesOf);
    this.#gathered = batches.pop() ?? [];
    for (const batch of batches) this.#options.hand(batch);
    if (this.#gathered.length === 0) return;
    if (this.room <= 0 || this.#options.windowMs === 0) this.#flush();
    else this.#window ??= this.#options.clock.after(this.#options.windowMs, () => this.#flush());
  }

  /** What has been gathered is left to the queue, where it becomes visible again. */
  close(): void {
    this.#window?.cancel();
    this.#gathered = [];
  }

  #flush(): void {
    this.#window?.cancel();
    this.#window = undefined;
    const batch = this.#gathered;
    this.#gathered = [];
    this.#options.hand(batch);
  }
}
