import { type Log, stderrLog } from '../common/log.ts';
import { watchParent } from './parent-watch.ts';

/** Why serving ended. */
export type End = 'asked' | 'fault';

/** What every service is given. */
export interface Common {
  readonly log: Log;
  /** Aborted as soon as the service is to end. */
  readonly signal: AbortSignal;
}

export interface Leave {
  /** Somebody who is still there has asked for the end, by a signal; neither a fault nor the death of the parent. */
  readonly isOrderly: boolean;
  /** Aborted when whoever asked does not want to wait any longer, and asks again. */
  readonly hurry: AbortSignal;
}

export interface Service<T> {
  readonly start: (common: Common) => Promise<T>;
  /** Called once it has been started. */
  readonly serve: (started: T, common: Common) => Promise<void>;
  readonly close: (started: T, leave: Leave) => Promise<void>;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Terminals and those who pass signals on often send the same one twice. */
const SAME_SIGNAL_MS = 500;

/**
 * Starts and serves until a signal comes or the parent ends; then closes everything.
 *
 * @throws whatever keeps it from being started
 */
export const untilAsked = async <T>({ start, serve, close }: Service<T>): Promise<End> => {
  const ending = new Ending();
  const common = { log: stderrLog(), signal: ending.signal };
  try {
    const started = await start(common);
    try {
      await serve(started, common);
      await ending.asked;
    } finally {
      await close(started, ending);
    }
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  }
  return ending.reason;
};

/** Waits for the first thing that ends the service, and goes on listening so that a second one cannot cut the clean-up short. */
class Ending implements Leave {
  readonly #abort = new AbortController();
  readonly #hurry = new AbortController();
  readonly signal = this.#abort.signal;
  readonly hurry = this.#hurry.signal;
  readonly asked: Promise<void>;
  reason: End = 'asked';
  isOrderly = false;
  #askedAt = 0;

  constructor() {
    this.asked = new Promise((resolve) => this.signal.addEventListener('abort', () => resolve(), { once: true }));
    for (const signal of SIGNALS) process.on(signal, () => this.#ask());
    process.on('uncaughtException', (error) => this.#fail(error));
    watchParent(() => this.#leave());
  }

  #ask(): void {
    if (this.signal.aborted && Date.now() - this.#askedAt > SAME_SIGNAL_MS) this.#hurry.abort();
    if (this.signal.aborted) return;
    this.#askedAt = Date.now();
    this.isOrderly = true;
    this.#end('asked');
  }

  #leave(): void {
    this.#hurry.abort();
    this.#end('asked');
  }

  #fail(error: Error): void {
    stderrLog().warn('the stage failed', { error: error.name, at: error.stack?.split('\n')[1]?.trim() });
    this.#hurry.abort();
    this.#end('fault');
  }

  #end(reason: End): void {
    if (this.signal.aborted) return;
    this.reason = reason;
    this.#abort.abort(new Error(`ended: ${reason}`));
  }
}
