/** Lets so many pieces of work run at a time; others wait in their order. */
export class Slots {
  readonly #count: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(count: number) {
    this.#count = count;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#take();
    try {
      return await work();
    } finally {
      this.#give();
    }
  }

  /** Resolves when there is a free one, which may be gone again. */
  async free(): Promise<void> {
    await this.#take();
    this.#give();
  }

  async #take(): Promise<void> {
    if (this.#taken < this.#count) this.#taken++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Handed on to whoever waits longest. */
  #give(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#taken--;
  }
}
