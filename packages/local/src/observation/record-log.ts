/** What all records have. */
export interface Recorded {
  /** Counts up in the order in which things were recorded, which is the order of their ends. */
  readonly id: number;
}

/** Limits that every query knows. */
export interface Span {
  /** Only what was recorded after the record of this id. */
  readonly after?: number;
  /** At most so many, the oldest first. */
  readonly limit?: number;
}

export interface WaitOptions {
  /** @default 1 */
  readonly count?: number;
  /** Gives up when aborted, with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Older records make room for newer ones beyond this. */
const MOST_RECORDS = 200_000;

/** A bounded record of what has happened, which can be asked, and waited on. */
export class RecordLog<T extends Recorded, Filter extends Span> {
  readonly #matches: (record: T, filter: Filter) => boolean;
  readonly #most: number;
  #records: T[] = [];
  #latestId = 0;
  readonly #listeners = new Set<(record: T) => void>();

  constructor(matches: (record: T, filter: Filter) => boolean, most = MOST_RECORDS) {
    this.#matches = matches;
    this.#most = most;
  }

  add(fields: Omit<T, 'id'>): void {
    this.#latestId += 1;
    const record = { id: this.#latestId, ...fields } as T;
    this.#records.push(record);
    // Half as much again is let in before the oldest go, so that they go in bulk.
    if (this.#records.length > this.#most * 1.5) this.#records = this.#records.slice(-this.#most);
    for (const listener of this.#listeners) listener(record);
  }

  /** The latest records (at most 200,000), oldest first. */
  entries(): readonly T[] {
    return this.#records.slice(-this.#most);
  }

  /** Of the newest record, 0 before there is one: a mark for `after`. */
  get latestId(): number {
    return this.#latestId;
  }

  /** The records that fit, oldest first. */
  find(filter: Filter): readonly T[] {
    const { limit = Number.POSITIVE_INFINITY } = filter;
    const found: T[] = [];
    for (let i = this.#firstAfter(filter.after ?? 0); i < this.#records.length && found.length < limit; i++) {
      const record = this.#records[i] as T;
      if (this.#matches(record, filter)) found.push(record);
    }
    return found;
  }

  /**
   * Resolves with the first `count` records that fit, once there are so many; those that are there already count, unless `after` says otherwise.
   *
   * @throws the reason of `signal`
   */
  waitFor(wanted: Filter | ((record: T) => boolean), { count = 1, signal }: WaitOptions = {}): Promise<readonly T[]> {
    const fits = typeof wanted === 'function' ? wanted : (record: T) => this.#fits(record, wanted);
    const found = this.entries().filter(fits).slice(0, count);
    return new Promise((resolve, reject) => {
      if (found.length >= count) return resolve(found);
      if (signal?.aborted) return reject(signal.reason as Error);
      const stop = this.onRecord((record) => {
        if (fits(record)) found.push(record);
        if (found.length >= count) end(() => resolve(found));
      });
      const abort = () => end(() => reject(signal?.reason as Error));
      const end = (settle: () => void) => {
        stop();
        signal?.removeEventListener('abort', abort);
        settle();
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Forgets what was recorded; ids go on. */
  clear(): void {
    this.#records = [];
  }

  /** Calls `listener` for every further record; returns what ends that. */
  onRecord(listener: (record: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #fits(record: T, filter: Filter): boolean {
    return record.id > (filter.after ?? 0) && this.#matches(record, filter);
  }

  /** Ids have no gaps, so the place of one is known. */
  #firstAfter(id: number): number {
    const [first] = this.#records;
    return first ? Math.max(0, id + 1 - first.id) : 0;
  }
}
