/** A message that a consumer has received and not deleted. */
export interface InFlight {
  readonly queue: string;
  readonly messageId: string;
  readonly receiptHandle: string;
}

/** Which messages are with consumers, by the handle that they were received with last. */
export class InFlightMessages {
  readonly #byHandle = new Map<string, InFlight>();
  /** Message id to its latest handle. */
  readonly #handles = new Map<string, string>();

  add(message: InFlight): void {
    const earlier = this.#handles.get(message.messageId);
    if (earlier !== undefined) this.#byHandle.delete(earlier);
    this.#handles.set(message.messageId, message.receiptHandle);
    this.#byHandle.set(message.receiptHandle, message);
  }

  /** The message of a handle that is still good; it is not in flight any more. */
  take(receiptHandle: string): InFlight | undefined {
    const message = this.#byHandle.get(receiptHandle);
    if (!message) return undefined;
    this.#byHandle.delete(receiptHandle);
    this.#handles.delete(message.messageId);
    return message;
  }

  /** Takes all of a queue. */
  takeAll(queue: string): readonly InFlight[] {
    const messages = [...this.#byHandle.values()].filter((message) => message.queue === queue);
    for (const { receiptHandle } of messages) this.take(receiptHandle);
    return messages;
  }
}
