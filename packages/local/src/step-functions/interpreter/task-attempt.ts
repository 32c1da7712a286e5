import type { Clock, Timer } from '../../common/clock.ts';
import type { Json } from '../data/json.ts';
import { heartbeatTimeoutError, timeoutError } from '../errors.ts';

export interface AttemptLimits {
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
}

/** One attempt of a task. What comes first ends it: an answer, a failure, a limit, or the end of its surroundings. */
export class TaskAttempt {
  readonly #clock: Clock;
  readonly #heartbeatSeconds: number | undefined;
  readonly #signal: AbortSignal;
  readonly #done = Promise.withResolvers<Json>();
  readonly #timeout: Timer | undefined;
  readonly #onAbort = () => this.fail(this.#signal.reason as Error);
  #heartbeat: Timer | undefined;
  #beats = false;
  #isOpen = true;
  #onEnd: () => void = () => undefined;

  constructor(clock: Clock, signal: AbortSignal, { timeoutSeconds, heartbeatSeconds }: AttemptLimits) {
    this.#clock = clock;
    this.#signal = signal;
    this.#heartbeatSeconds = heartbeatSeconds;
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (timeoutSeconds !== undefined)
      this.#timeout = clock.after(timeoutSeconds * 1000, () => this.fail(timeoutError()));
  }

  /** Rejects with why the attempt failed. */
  get done(): Promise<Json> {
    return this.#done.promise;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  onEnd(action: () => void): void {
    this.#onEnd = action;
  }

  succeed(output: Json): void {
    this.#end(() => this.#done.resolve(output));
  }

  fail(error: unknown): void {
    this.#end(() => this.#done.reject(error));
  }

  /** Heartbeats are due only once the work has been handed over, not while the function that does so runs. */
  expectHeartbeats(): void {
    this.#beats = true;
    this.heartbeat();
  }

  heartbeat(): void {
    if (!this.#beats || !this.#isOpen || this.#heartbeatSeconds === undefined) return;
    this.#heartbeat?.cancel();
    this.#heartbeat = this.#clock.after(this.#heartbeatSeconds * 1000, () => this.fail(heartbeatTimeoutError()));
  }

  /** At once, so that no second answer finds the attempt open. */
  #end(settle: () => void): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#timeout?.cancel();
    this.#heartbeat?.cancel();
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#onEnd();
    settle();
  }
}
