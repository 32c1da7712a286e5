import type { Clock } from '../common/clock.ts';
import { tooManyWaiting } from './errors.ts';
import { type Input, optionalInteger } from './input.ts';
import type { LifeCycle } from './life-cycle.ts';

/** On one statement at a time. AWS has a limit and does not say which; this is the stage's. */
const MAX_WAITING = 10;
const WAIT_SECONDS = { min: 1, max: 30 };

/** `WaitTimeSeconds`; undefined when the call does not wait. */
export const waitSecondsOf = (input: Input): number | undefined =>
  optionalInteger(input, 'WaitTimeSeconds', WAIT_SECONDS);

/** Lets calls wait for the end of statements, woken by the end itself or by the stage's clock. */
export class LongPolling {
  readonly #clock: Clock;
  readonly #waiting = new Map<LifeCycle, number>();
  readonly #closing = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Resolves when `statement` has ended, after `seconds` of the stage's clock, when `signal` aborts or the stage ends,
   * whatever is first; at once without `seconds`, and when it has ended already.
   *
   * @throws AwsError `ActiveWaitingRequestsExceededException` when 10 calls wait for it already
   */
  async whenEnded(statement: LifeCycle, seconds: number | undefined, signal?: AbortSignal): Promise<void> {
    if (seconds === undefined || statement.hasEnded) return;
    const waiting = this.#waiting.get(statement) ?? 0;
    if (waiting >= MAX_WAITING) throw tooManyWaiting(MAX_WAITING);
    this.#waiting.set(statement, waiting + 1);
    try {
      await this.#firstOf(statement.ended, seconds, signal);
    } finally {
      this.#leave(statement);
    }
  }

  /** Lets all that wait go. */
  close(): void {
    this.#closing.abort();
  }

  async #firstOf(ended: Promise<void>, seconds: number, signal: AbortSignal | undefined): Promise<void> {
    const over = new AbortController();
    const signals = [over.signal, this.#closing.signal, ...(signal ? [signal] : [])];
    const time = this.#clock.sleep(seconds * 1000, AbortSignal.any(signals)).catch(() => undefined);
    await Promise.race([ended, time]);
    over.abort();
  }

  #leave(statement: LifeCycle): void {
    const left = (this.#waiting.get(statement) ?? 1) - 1;
    if (left > 0) this.#waiting.set(statement, left);
    else this.#waiting.delete(statement);
  }
}
