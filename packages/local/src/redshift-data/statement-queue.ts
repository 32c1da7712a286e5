import type { Statement } from './statement.ts';

/** Statements that run at a time; further ones wait in the order in which they came. */
const RUNNING = 50;

/** Lets statements run side by side, up to a bound. */
export class StatementQueue {
  readonly #run: (statement: Statement) => Promise<void>;
  readonly #running = new Set<Promise<void>>();
  #waiting: Statement[] = [];

  /** @param run never rejects */
  constructor(run: (statement: Statement) => Promise<void>) {
    this.#run = run;
  }

  add(statement: Statement): void {
    this.#waiting.push(statement);
    this.#next();
  }

  /** Takes a statement out that waits; false when it is not waiting. */
  remove(statement: Statement): boolean {
    const index = this.#waiting.indexOf(statement);
    if (index >= 0) this.#waiting.splice(index, 1);
    return index >= 0;
  }

  /** Resolves when what runs has ended; what waits is forgotten. */
  async close(): Promise<void> {
    this.#waiting = [];
    await Promise.all(this.#running);
  }

  #next(): void {
    while (this.#running.size < RUNNING) {
      const statement = this.#waiting.shift();
      if (!statement) return;
      const running = this.#run(statement).finally(() => {
        this.#running.delete(running);
        this.#next();
      });
      this.#running.add(running);
    }
  }
}
