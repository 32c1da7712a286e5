import { setTimeout as wait } from 'node:timers/promises';

/** Time as it passes where scenarios are played. */
export interface Timing {
  /** Epoch milliseconds. */
  now(): number;
  /** @throws the signal's reason when that comes first */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const REAL_TIME: Timing = {
  now: () => Date.now(),
  sleep: (ms, signal) => wait(ms, undefined, { signal }),
};
