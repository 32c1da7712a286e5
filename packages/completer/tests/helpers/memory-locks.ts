import type { HeldLocks, LockedItem } from '@sfn-redshift/shared';

/** The locks of a test: notes which items let theirs go. */
export class MemoryLocks implements HeldLocks {
  readonly released: LockedItem[] = [];
  readonly #calls: string[];
  failure: Error | undefined;

  constructor(calls: string[]) {
    this.#calls = calls;
  }

  release(item: LockedItem): Promise<boolean> {
    this.#calls.push('ReleaseLock');
    if (this.failure) return Promise.reject(this.failure);
    this.released.push(item);
    return Promise.resolve(true);
  }
}
