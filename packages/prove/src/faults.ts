import type { Fault } from './schedule.ts';

/** Which request meets which fault. */
export class Faults {
  readonly #planned: readonly Fault[];
  readonly #seen = new Map<string, number>();

  constructor(planned: readonly Fault[]) {
    this.#planned = planned;
  }

  /** Counts one request at the place; its fault, if it is to meet one. */
  next(place: string): Fault | undefined {
    const count = this.#seen.get(place) ?? 0;
    this.#seen.set(place, count + 1);
    return this.#planned.find((fault) => fault.place === place && count >= fault.n && count < fault.n + fault.times);
  }
}
