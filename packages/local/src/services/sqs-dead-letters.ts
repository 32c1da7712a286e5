interface Received {
  readonly MessageId?: unknown;
  readonly ReceiptHandle?: unknown;
}

interface Origin {
  /** Name of the queue. */
  readonly queue: string;
  readonly receipts: string[];
}

/**
 * Which queue a dead letter came from: fauxqs does not keep it. A message goes to the dead-letter queue only after it has been received, so it
 * is enough to remember received ones until they are deleted.
 */
export class DeadLetterOrigins {
  readonly #origins = new Map<string, Origin>();
  /** Receipt handle to message id. */
  readonly #receipts = new Map<string, string>();

  /** @param isSource whether the queue has a dead-letter queue; the first such queue that a message is received from is its origin */
  received(queue: string, isSource: boolean, messages: readonly Received[]): void {
    for (const { MessageId, ReceiptHandle } of messages) {
      if (typeof MessageId !== 'string' || typeof ReceiptHandle !== 'string') continue;
      const origin = this.#origins.get(MessageId) ?? { queue, receipts: [] };
      if (!isSource && !this.#origins.has(MessageId)) continue;
      origin.receipts.push(ReceiptHandle);
      this.#origins.set(MessageId, origin);
      this.#receipts.set(ReceiptHandle, MessageId);
    }
  }

  deleted(receiptHandle: unknown): void {
    const id = typeof receiptHandle === 'string' ? this.#receipts.get(receiptHandle) : undefined;
    if (id !== undefined) this.#forget(id);
  }

  /** The messages of a queue that is purged or deleted. */
  queueEmptied(queue: string): void {
    for (const [id, origin] of this.#origins) if (origin.queue === queue) this.#forget(id);
  }

  originOf(messageId: unknown): string | undefined {
    return typeof messageId === 'string' ? this.#origins.get(messageId)?.queue : undefined;
  }

  #forget(id: string): void {
    for (const receipt of this.#origins.get(id)?.receipts ?? []) this.#receipts.delete(receipt);
    this.#origins.delete(id);
  }
}
