import type { Caller, NeededPermission, ServiceName } from '../common/service.ts';

/** One call that went through the gateway, let through or not. */
export interface CallRecord {
  /** Epoch milliseconds of the stage's clock, at arrival. */
  readonly time: number;
  readonly service: ServiceName;
  readonly operation: string;
  readonly caller: Caller;
  /** `ok`, or the error code. */
  readonly outcome: string;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly needed: readonly NeededPermission[];
  readonly via: 'http' | 'stage';
}

/** Older entries make room for newer ones beyond this; the counts go on. */
const MOST_ENTRIES = 200_000;

/** What has been called, by whom, and how it ended. */
export class CallLog {
  readonly #most: number;
  #entries: CallRecord[] = [];
  readonly #counts = new Map<string, number>();
  readonly #listeners = new Set<(record: CallRecord) => void>();

  constructor(most = MOST_ENTRIES) {
    this.#most = most;
  }

  add(record: CallRecord): void {
    this.#entries.push(record);
    // Half as much again is let in before the oldest go, so that they go in bulk.
    if (this.#entries.length > this.#most * 1.5) this.#entries = this.#entries.slice(-this.#most);
    const name = `${record.service}:${record.operation}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    for (const listener of this.#listeners) listener(record);
  }

  /** The latest calls (at most 200,000), oldest first. */
  entries(): readonly CallRecord[] {
    return this.#entries.slice(-this.#most);
  }

  /** How often each operation was called since the start, by `service:Operation`. */
  counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Calls `listener` for every further call; returns what ends that. */
  onCall(listener: (record: CallRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
