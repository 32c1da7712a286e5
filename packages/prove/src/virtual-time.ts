/** When every schedule begins; epoch milliseconds. */
export const START = Date.parse('2026-11-26T08:00:00Z');

/** A schedule takes some hundreds of steps. One that takes so many more goes round in circles. */
const MAX_STEPS = 60_000;

interface Step {
  readonly time: number;
  readonly order: number;
  readonly run: () => void;
}

/** Takes a step back. */
export type Cancel = () => void;

/**
 * A clock that stands still while code runs and jumps to the next step when nothing is left to run: one thread, the same
 * order in every run, days in milliseconds.
 */
export class VirtualTime {
  now = START;
  #order = 0;
  readonly #steps: Step[] = [];

  /** Runs it `ms` from now; steps of one moment in the order in which they were asked for. */
  after(ms: number, run: () => void): Cancel {
    const step = { time: this.now + Math.max(0, ms), order: this.#order++, run };
    this.#steps.splice(this.#placeOf(step), 0, step);
    return () => {
      const index = this.#steps.indexOf(step);
      if (index >= 0) this.#steps.splice(index, 1);
    };
  }

  /** Whether anything is left to happen. */
  get isBusy(): boolean {
    return this.#steps.length > 0;
  }

  /** Runs all there is and all that comes of it; false if that does not come to an end. */
  async runOut(): Promise<boolean> {
    for (let count = 0; count < MAX_STEPS; count++) {
      const step = this.#steps.pop();
      if (!step) return true;
      this.now = step.time;
      step.run();
      await settled();
    }
    return false;
  }

  /** The next step stands last, so that taking it is cheap. */
  #placeOf({ time, order }: Step): number {
    let [low, high] = [0, this.#steps.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#steps[middle] as Step;
      if (other.time > time || (other.time === time && other.order > order)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** All promises that can go on have gone on: Node runs immediates only after them. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Runs `work` with the timers and the clock of this process replaced by virtual ones; handlers use some directly. */
export const onVirtualTime = async <T>(time: VirtualTime, work: () => Promise<T>): Promise<T> => {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, dateNow: Date.now };
  const realAbort = Object.getOwnPropertyDescriptor(AbortSignal, 'timeout') as PropertyDescriptor;
  globalThis.setTimeout = ((run: () => void, ms = 0) => timerOf(time.after(ms, run))) as unknown as typeof setTimeout;
  globalThis.clearTimeout = ((timer?: Timer) => timer?.cancel()) as unknown as typeof clearTimeout;
  Date.now = () => time.now;
  AbortSignal.timeout = (ms) => abortAfter(time, ms);
  try {
    return await work();
  } finally {
    globalThis.setTimeout = real.setTimeout;
    globalThis.clearTimeout = real.clearTimeout;
    Date.now = real.dateNow;
    Object.defineProperty(AbortSignal, 'timeout', realAbort);
  }
};

interface Timer {
  readonly cancel: Cancel;
}

const timerOf = (cancel: Cancel) => {
  const timer = { cancel, ref: () => timer, unref: () => timer };
  return timer;
};

const abortAfter = (time: VirtualTime, ms: number): AbortSignal => {
  const controller = new AbortController();
  time.after(ms, () => controller.abort(new DOMException('the time is over', 'TimeoutError')));
  return controller.signal;
};
