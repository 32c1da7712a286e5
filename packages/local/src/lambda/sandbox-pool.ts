import type { Sandbox } from './sandbox/sandbox.ts';

/**
 * The sandboxes of one function: a free one is used again, a new one is made as long as there are fewer than `size`, then callers queue.
 * (Lambda would make more; throttling instead would fail callers that AWS serves.)
 */
export class SandboxPool {
  readonly #size: number;
  readonly #create: () => Sandbox;
  readonly #all = new Set<Sandbox>();
  readonly #free: Sandbox[] = [];
  readonly #waiting: (() => void)[] = [];

  constructor(size: number, create: () => Sandbox) {
    this.#size = size;
    this.#create = create;
  }

  async acquire(): Promise<Sandbox> {
    const free = this.#takeFree();
    if (free) return free;
    if (this.#all.size < this.#size) return this.#add();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.acquire();
  }

  /** Gives a sandbox back; one that has ended makes room for another. */
  release(sandbox: Sandbox): void {
    if (sandbox.isAlive) this.#free.push(sandbox);
    else this.#all.delete(sandbox);
    this.#waiting.shift()?.();
  }

  /** Another one in the place of a sandbox that has ended while it was handed out. */
  replace(sandbox: Sandbox): Sandbox {
    this.#all.delete(sandbox);
    return this.#add();
  }

  /** Ends every sandbox, also those at work; whoever waits for one is told by `create`. */
  async close(): Promise<void> {
    await Promise.all([...this.#all].map((sandbox) => sandbox.terminate()));
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** One whose code broke down after its last invocation may be on its way out. */
  #takeFree(): Sandbox | undefined {
    for (let free = this.#free.pop(); free; free = this.#free.pop()) if (free.isAlive) return free;
    return undefined;
  }

  #add(): Sandbox {
    const sandbox = this.#create();
    this.#all.add(sandbox);
    void sandbox.exited.then(() => this.#forget(sandbox));
    return sandbox;
  }

  /** A sandbox may also end while it is free, by code that went on after its invocation. */
  #forget(sandbox: Sandbox): void {
    this.#all.delete(sandbox);
    const index = this.#free.indexOf(sandbox);
    if (index >= 0) this.#free.splice(index, 1);
  }
}
