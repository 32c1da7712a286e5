type Close = () => Promise<unknown> | void;

/** What has been started, to be ended in reverse order. */
export class Closers {
  readonly #closes: Close[] = [];
  #closing: Promise<void> | undefined;

  add(close: Close): void {
    this.#closes.push(close);
  }

  get isClosing(): boolean {
    return this.#closing !== undefined;
  }

  /** Ends everything, also when one part fails to end; called again, it waits for the same end. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  /** @throws the first error that a part met */
  async #closeAll(): Promise<void> {
    const errors: unknown[] = [];
    for (const close of this.#closes.reverse()) {
      try {
        await close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
