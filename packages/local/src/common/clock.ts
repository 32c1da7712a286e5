export interface Timer {
  cancel(): void;
}

/** The stage's time. Whatever waits on the stage waits on this clock, never on `setTimeout`, so that tests can advance it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `action` once, `delayMs` from now. */
  after(delayMs: number, action: () => void): Timer;
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

interface Alarm {
  readonly dueAt: number;
  readonly action: () => void;
  handle?: NodeJS.Timeout;
}

/** `setTimeout` fires at once for longer delays than this, so longer waits are made in steps. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** Runs with wall time, plus whatever it has been advanced by. */
export class StageClock implements Clock {
  /** Milliseconds ahead of wall time, shared so that worker threads see the same time without asking (one signed 64-bit integer). */
  readonly sharedOffset = new SharedArrayBuffer(8);
  readonly #offset = new BigInt64Array(this.sharedOffset);
  readonly #alarms = new Set<Alarm>();

  now(): number {
    return Date.now() + Number(Atomics.load(this.#offset, 0));
  }

  after(delayMs: number, action: () => void): Timer {
    const alarm: Alarm = { dueAt: this.now() + Math.max(0, delayMs), action };
    this.#alarms.add(alarm);
    this.#arm(alarm);
    return { cancel: () => this.#disarm(alarm) };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const timer = this.after(delayMs, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      const abort = () => {
        timer.cancel();
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Moves time forward; whatever falls due on the way fires in the order of its due time. */
  advance(byMs: number): void {
    Atomics.add(this.#offset, 0, BigInt(Math.round(byMs)));
    const due = [...this.#alarms].filter((alarm) => alarm.dueAt <= this.now()).sort((a, b) => a.dueAt - b.dueAt);
    for (const alarm of due) this.#fire(alarm);
    for (const alarm of this.#alarms) this.#arm(alarm);
  }

  /**
   * Moves time forward to a point in time.
   *
   * @param time epoch milliseconds
   * @throws RangeError when that has passed
   */
  advanceTo(time: number): void {
    // What falls due within a millisecond is due at its end.
    const byMs = Math.ceil(time) - this.now();
    if (!(byMs >= 0)) throw new RangeError(`The clock goes forward only; it is past ${time}.`);
    this.advance(byMs);
  }

  /**
   * When the next thing that waits falls due, in epoch milliseconds; undefined when nothing waits. Steps from one to the next let come what
   * follows from each, which one long step would find waiting from its end on.
   */
  get nextDue(): number | undefined {
    let next: number | undefined;
    for (const { dueAt } of this.#alarms) if (next === undefined || dueAt < next) next = dueAt;
    return next;
  }

  /** Cancels all that waits; for the end of the stage. */
  stop(): void {
    for (const alarm of this.#alarms) this.#disarm(alarm);
  }

  #arm(alarm: Alarm): void {
    clearTimeout(alarm.handle);
    const wait = Math.min(Math.max(0, alarm.dueAt - this.now()), LONGEST_TIMEOUT_MS);
    alarm.handle = setTimeout(() => (alarm.dueAt <= this.now() ? this.#fire(alarm) : this.#arm(alarm)), wait);
  }

  #fire(alarm: Alarm): void {
    if (!this.#alarms.has(alarm)) return;
    this.#disarm(alarm);
    alarm.action();
  }

  #disarm(alarm: Alarm): void {
    clearTimeout(alarm.handle);
    this.#alarms.delete(alarm);
  }
}
