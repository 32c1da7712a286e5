import { type LockedItem, type LockHolder, lockHolderOf, type TrackingItem } from '@sfn-redshift/shared';
import type { Held, LockTable } from '../../src/lock-table.ts';

/** The locks in memory, with the conditions of the real ones; lock-table.test.ts holds both to the same. */
export class MemoryLocks implements LockTable {
  readonly #holders = new Map<string, LockHolder>();
  failure: Error | undefined;
  /** What another party does just before the next write. */
  before: () => void = () => undefined;

  holderOf(lock: string): LockHolder | undefined {
    return structuredClone(this.#holders.get(lock));
  }

  seed(lock: string, holder: LockHolder): void {
    this.#holders.set(lock, structuredClone(holder));
  }

  free(lock: string): void {
    this.#holders.delete(lock);
  }

  hold(item: LockedItem): Promise<Held> {
    const holder = this.#written(item, (standing) => standing === undefined || isOwn(standing, item));
    return holder === true ? Promise.resolve({ done: true }) : Promise.resolve({ done: false, holder });
  }

  steal(item: LockedItem, holder: LockHolder): Promise<boolean> {
    const isAsRead = (standing?: LockHolder) => JSON.stringify(standing) === JSON.stringify(holder);
    return Promise.resolve(this.#written(item, isAsRead) === true);
  }

  release(item: LockedItem): Promise<boolean> {
    if (this.failure) return Promise.reject(this.failure);
    const standing = this.#holders.get(item.lock);
    const released = standing !== undefined && isOwn(standing, item);
    if (released) this.#holders.delete(item.lock);
    return Promise.resolve(released);
  }

  /** True, or who stood in the way. */
  #written(item: LockedItem, condition: (standing: LockHolder | undefined) => boolean): true | LockHolder | undefined {
    this.before();
    const standing = this.#holders.get(item.lock);
    if (!condition(standing)) return structuredClone(standing);
    this.#holders.set(item.lock, lockHolderOf(item));
    return true;
  }
}

const isOwn = ({ holderOwner, holderKey, holderGeneration }: LockHolder, item: TrackingItem): boolean =>
  holderOwner === item.owner && holderKey === item.invocationKey && holderGeneration <= item.generation;
