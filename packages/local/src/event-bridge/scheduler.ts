import type { Clock, Timer } from '../common/clock.ts';
import type { NextFiring } from './cron-expression.ts';

interface Schedule {
  readonly next: NextFiring;
  /** Resolves when the next firing may come. */
  readonly fire: (dueAt: number) => Promise<void>;
  dueAt: number | undefined;
}

/**
 * Fires schedules on the stage's clock. When time jumps, everything that was due on the way is fired once, in the order of its time over all
 * schedules, one after the other.
 */
export class Scheduler {
  readonly #clock: Clock;
  readonly #schedules = new Map<string, Schedule>();
  #alarm: Timer | undefined;
  #isFiring = false;
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Adds or replaces a schedule; it counts from now. */
  put(name: string, next: NextFiring, fire: Schedule['fire']): void {
    this.#schedules.set(name, { next, fire, dueAt: next(this.#clock.now()) });
    this.#arm();
  }

  remove(name: string): void {
    this.#schedules.delete(name);
    this.#arm();
  }

  close(): void {
    this.#isClosed = true;
    this.#schedules.clear();
    this.#alarm?.cancel();
  }

  #arm(): void {
    this.#alarm?.cancel();
    const dueAt = this.#first()?.dueAt;
    if (dueAt === undefined || this.#isFiring || this.#isClosed) return;
    this.#alarm = this.#clock.after(dueAt - this.#clock.now(), () => void this.#fireDue());
  }

  async #fireDue(): Promise<void> {
    this.#isFiring = true;
    for (let first = this.#first(); first && first.dueAt <= this.#clock.now(); first = this.#first()) {
      const { dueAt, schedule } = first;
      schedule.dueAt = schedule.next(dueAt);
      await schedule.fire(dueAt);
    }
    this.#isFiring = false;
    this.#arm();
  }

  #first(): { readonly dueAt: number; readonly schedule: Schedule } | undefined {
    let first: { readonly dueAt: number; readonly schedule: Schedule } | undefined;
    for (const schedule of this.#schedules.values()) {
      const { dueAt } = schedule;
      if (dueAt !== undefined && dueAt < (first?.dueAt ?? Infinity)) first = { dueAt, schedule };
    }
    return first;
  }
}
