import { draw } from './draw.ts';
import type { Fault } from './fault.ts';

/** A fault that has been given, as long as it is not removed. */
export interface FaultHandle {
  readonly id: string;
  readonly fault: Fault;
  /** Calls, events or messages that were what it is for. */
  readonly matched: number;
  /** Those of them that it has hit. */
  readonly used: number;
  /** Resolves once it has hit `count` in all. @throws the reason of `signal` */
  hasHit(count?: number, signal?: AbortSignal): Promise<void>;
  /** Nothing more is hit; what it holds back goes on. */
  remove(): void;
}

/** A fault with what it has met so far. */
export class FaultEntry<F extends Fault = Fault> implements FaultHandle {
  readonly id: string;
  readonly fault: F;
  readonly #seed: number;
  readonly #remove: () => void;
  readonly #waiting = new Set<() => void>();
  #matched = 0;
  #used = 0;

  constructor(fault: F, options: { readonly id: string; readonly seed: number; readonly remove: () => void }) {
    this.fault = fault;
    this.id = options.id;
    this.#seed = options.seed;
    this.#remove = options.remove;
  }

  get matched(): number {
    return this.#matched;
  }

  get used(): number {
    return this.#used;
  }

  /** Counts a match. @returns whether it is one to hit */
  meet(): boolean {
    this.#matched += 1;
    const { nth = 1, uses = this.fault.nth === undefined ? Number.POSITIVE_INFINITY : 1, probability = 1 } = this.fault;
    if (this.#matched < nth || this.#used >= uses) return false;
    return probability === 1 || draw(this.#seed, `${this.id}/${this.#matched}`) < probability;
  }

  /** The match that was to be hit is hit. */
  use(): void {
    this.#used += 1;
    for (const wake of this.#waiting) wake();
  }

  hasHit(count = 1, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => end(() => reject(signal?.reason as Error));
      const wake = () => (this.#used >= count ? end(resolve) : undefined);
      const end = (settle: () => void) => {
        this.#waiting.delete(wake);
        signal?.removeEventListener('abort', abort);
        settle();
      };
      this.#waiting.add(wake);
      signal?.addEventListener('abort', abort, { once: true });
      wake();
      if (signal?.aborted) abort();
    });
  }

  remove(): void {
    this.#remove();
  }
}
