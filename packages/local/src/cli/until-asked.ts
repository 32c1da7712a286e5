import { type Log, stderrLog } from '../common/log.ts';
import { watchParent } from './parent-watch.ts';

/** Why serving ended. */
export type End = 'asked' | 'fault';

interface Started {
  close(): Promise<void>;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Starts and serves until a signal comes or the parent ends; then closes everything. Signals that come meanwhile change nothing more.
 *
 * @throws whatever keeps it from being started
 */
export const untilAsked = async <T extends Started>(
  start: (common: { readonly log: Log; readonly signal: AbortSignal }) => Promise<T>,
  announce: (started: T) => Promise<void>,
): Promise<End> => {
  const ending = new Ending();
  try {
    const started = await start({ log: stderrLog(), signal: ending.signal });
    try {
      await announce(started);
      await ending.asked;
    } finally {
      await started.close();
    }
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  }
  return ending.reason;
};

/** Waits for the first thing that ends the service, and goes on listening so that a second one cannot cut the clean-up short. */
class Ending {
  readonly #abort = new AbortController();
  readonly signal = this.#abort.signal;
  readonly asked: Promise<void>;
  reason: End = 'asked';

  constructor() {
    this.asked = new Promise((resolve) => this.signal.addEventListener('abort', () => resolve(), { once: true }));
    for (const signal of SIGNALS) process.on(signal, () => this.#end('asked'));
    process.on('uncaughtException', (error) => this.#fail(error));
    watchParent(() => this.#end('asked'));
  }

  #fail(error: Error): void {
    stderrLog().warn('the stage failed', { error: error.name, at: error.stack?.split('\n')[1]?.trim() });
    this.#end('fault');
  }

  #end(reason: End): void {
    if (this.signal.aborted) return;
    this.reason = reason;
    this.#abort.abort(new Error(`ended: ${reason}`));
  }
}
