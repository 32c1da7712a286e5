import type { TrackingItem } from '@sfn-redshift/shared';
import type { VirtualTime } from '../virtual-time.ts';

/** An item as it was written at some time. */
export interface Written {
  readonly at: number;
  readonly item: TrackingItem;
}

/** Every item as it was written, from first to last: rows expire, but what they said is still to be judged. */
export class History {
  readonly #written = new Map<string, Written[]>();
  readonly #expired: { readonly at: number; readonly statementName: string }[] = [];
  readonly #time: VirtualTime;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  add(item: TrackingItem): void {
    const writes = this.#written.get(item.statementName) ?? [];
    writes.push({ at: this.#time.now, item });
    this.#written.set(item.statementName, writes);
  }

  addExpiry({ statementName }: TrackingItem): void {
    this.#expired.push({ at: this.#time.now, statementName });
  }

  hasExpired(statementName: string, from: number, to: number): boolean {
    return this.#expired.some(
      (expiry) => expiry.statementName === statementName && expiry.at >= from && expiry.at <= to,
    );
  }

  of(statementName: string): readonly Written[] {
    return this.#written.get(statementName) ?? [];
  }

  /** As it stood at that time; undefined before its first write. */
  at(statementName: string, time: number): TrackingItem | undefined {
    return this.of(statementName).findLast(({ at }) => at <= time)?.item;
  }
}
