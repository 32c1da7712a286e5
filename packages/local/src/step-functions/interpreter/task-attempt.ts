import type { Clock, Timer } from '../../common/clock.ts';
import type { Json } from '../data/json.ts';
import { heartbeatTimeoutError, timeoutError } from '../errors.ts';

export interface AttemptLimits {
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
}

/** How an attempt ended: by an answer, or without one, when its time was over or its surroundings ended. */
export type AttemptEnd = 'answered' | 'givenUp';

/** One attempt of a task. What comes first ends it: an answer, a failure, a limit, or the end of its surroundings. */
export class TaskAttempt {
  readonly #clock: Clock;
  readonly #heartbeatSeconds: number | undefined;
  readonly #signal: AbortSignal;
  readonly #done = Promise.withResolvers<Json>();
  readonly #timeout: Timer | undefined;
  readonly #onAbort = () => this.#giveUp(this.#signal.reason as Error);
  readonly #onEnd: ((how: AttemptEnd) => void)[] = [];
  #heartbeat: Timer | undefined;
  #beats = false;
  #isOpen = true;

  constructor(clock: Clock, signal: AbortSignal, { timeoutSeconds, heartbeatSeconds }: AttemptLimits) {
    this.#clock = clock;
    this.#signal = signal;
    this.#heartbeatSeconds = heartbeatSeconds;
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (timeoutSeconds !== undefined)
      this.#timeout = clock.after(timeoutSeconds * 1000, () => this.#giveUp(timeoutError()));
  }

  /** Rejects with why the attempt failed. */
  get done(): Promise<Json> {
    return this.#done.promise;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  onEnd(action: (how: AttemptEnd) => void): void {
    this.#onEnd.push(action);
  }

  succeed(output: Json): void {
    this.#end('answered', () => this.#done.resolve(output));
  }

  fail(error: unknown): void {
    this.#end('answered', () => this.#done.reject(error));
  }

  /** Heartbeats are due only once the work has been handed over, not while the function that does so runs. */
  expectHeartbeats(): void {
    this.#beats = true;
    this.heartbeat();
  }

  heartbeat(): void {
    if (!this.#beats || !this.#isOpen || this.#heartbeatSeconds === undefined) return;
    this.#heartbeat?.cancel();
    this.#heartbeat = this.#clock.after(this.#heartbeatSeconds * 1000, () => this.#giveUp(heartbeatTimeoutError()));
  }

  #giveUp(error: Error): void {
    this.#end('givenUp', () => this.#done.reject(error));
  }

  /** At once, so that no second answer finds the attempt open. */
  #end(how: AttemptEnd, settle: () => void): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#timeout?.cancel();
    this.#heartbeat?.cancel();
    this.#signal.removeEventListener('abort', this.#onAbort);
    for (const action of this.#onEnd) action(how);
    settle();
  }
}
