/** One line of a log group. */
export interface LogEvent {
  /** Rises with every event of the stage; pages begin and end at it. */
  readonly sequence: number;
  readonly stream: string;
  /** Epoch milliseconds, as the writer gave it. */
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

export interface LogStream {
  readonly name: string;
  readonly creationTime: number;
  readonly firstEventTimestamp?: number;
  readonly lastEventTimestamp?: number;
  readonly lastIngestionTime?: number;
}

export interface LogGroupSettings {
  readonly name: string;
  readonly retentionInDays?: number;
  readonly kmsKeyArn?: string;
}

/** What AWS adds to the length of each message when it counts bytes. */
const EVENT_OVERHEAD_BYTES = 26;

const DAY_MS = 86_400_000;

/** What a group may hold; on AWS nothing but its retention limits it. */
export const MOST_GROUP_BYTES = 16 * 2 ** 20;
export const MOST_STREAMS = 1000;

/** A log group in memory: beyond its bounds the oldest events, and the streams longest unwritten, make room. */
export class LogGroup {
  settings: LogGroupSettings;
  readonly creationTime: number;
  /** In the order written to; the one longest unwritten first. */
  readonly #streams = new Map<string, LogStream>();
  #events: LogEvent[] = [];
  #bytes = 0;

  constructor(settings: LogGroupSettings, creationTime: number) {
    this.settings = settings;
    this.creationTime = creationTime;
  }

  get storedBytes(): number {
    return this.#bytes;
  }

  streams(): readonly LogStream[] {
    return [...this.#streams.values()];
  }

  hasStream(name: string): boolean {
    return this.#streams.has(name);
  }

  /** In the order written. */
  events(): readonly LogEvent[] {
    return this.#events;
  }

  addStream(name: string, creationTime: number): void {
    this.#streams.set(name, { name, creationTime });
    const [oldest] = this.#streams.keys();
    if (this.#streams.size > MOST_STREAMS && oldest !== undefined) this.#streams.delete(oldest);
  }

  append(stream: LogStream['name'], events: readonly LogEvent[]): void {
    const [first, last] = [events[0], events.at(-1)];
    const known = this.#streams.get(stream);
    if (!first || !last || !known) return;
    this.#streams.delete(stream);
    this.#streams.set(stream, {
      ...known,
      firstEventTimestamp: known.firstEventTimestamp ?? first.timestamp,
      lastEventTimestamp: last.timestamp,
      lastIngestionTime: last.ingestionTime,
    });
    for (const event of events) this.#events.push(event);
    this.#bytes += bytesOf(events);
    if (this.#bytes > MOST_GROUP_BYTES) this.#dropOldest();
  }

  /** Takes away what is older than the group's retention. */
  expire(now: number): void {
    const { retentionInDays = Infinity } = this.settings;
    const oldest = now - retentionInDays * DAY_MS;
    const kept = this.#events.filter(({ timestamp }) => timestamp >= oldest);
    if (kept.length === this.#events.length) return;
    this.#events = kept;
    this.#bytes = bytesOf(kept);
  }

  /** Down to three quarters, so that events go in bulk. */
  #dropOldest(): void {
    let dropped = 0;
    while (this.#bytes > MOST_GROUP_BYTES * 0.75) this.#bytes -= bytesOf(this.#events.slice(dropped, ++dropped));
    this.#events = this.#events.slice(dropped);
  }
}

const bytesOf = (events: readonly LogEvent[]): number =>
  events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES, 0);
