import { StateError } from './errors.ts';

/** An event of an execution's history, as GetExecutionHistory answers it. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  /** Epoch seconds. */
  readonly timestamp: number;
  readonly type: string;
  /** At most one member, such as `taskFailedEventDetails`. */
  readonly [details: string]: unknown;
}

export type EventDetails = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Hard quota of Step Functions; the last event is the end of the execution. */
const MAX_EVENTS = 25_000;

export class History {
  readonly events: HistoryEvent[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * @returns the event's id
   * @throws StateError `States.Runtime` when the history is full
   */
  add(type: string, previousEventId: number, details: EventDetails = {}): number {
    if (this.isFull)
      throw new StateError(
        'States.Runtime',
        `The execution reached the maximum number of history events (${MAX_EVENTS}).`,
      );
    return this.#push(type, previousEventId, details);
  }

  /** Is there no room for more than the last event? */
  get isFull(): boolean {
    return this.events.length >= MAX_EVENTS - 1;
  }

  /** The last event; there is always room for it. */
  end(type: string, previousEventId: number, details: EventDetails): void {
    this.#push(type, previousEventId, details);
  }

  #push(type: string, previousEventId: number, details: EventDetails): number {
    const id = this.events.length + 1;
    this.events.push({ id, previousEventId, timestamp: this.#now() / 1000, type, ...details });
    return id;
  }
}

/** Data as events carry it; the stage never shortens it. */
export const inputDetails = (input: string) => ({ input, inputDetails: { truncated: false } });
export const outputDetails = (output: string) => ({ output, outputDetails: { truncated: false } });
