import { stderrLog } from '../common/log.ts';
import { LocalStage } from '../stage.ts';
import type { ServeArguments } from './arguments.ts';
import { watchParent } from './parent-watch.ts';

/** Why serving ended. */
export type End = 'asked' | 'fault';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Deploys and serves until a signal comes or the parent ends; then closes everything. Signals that come meanwhile change nothing more.
 *
 * @param announce given the line that says how to reach the stage, once it is ready
 * @throws whatever keeps the stage from being deployed
 */
export const serve = async (args: ServeArguments, announce: (line: string) => Promise<void>): Promise<End> => {
  const ending = new Ending();
  try {
    const { app, ...options } = args;
    const stage = await LocalStage.deploy(app, { ...options, log: stderrLog(), signal: ending.signal });
    try {
      await announce(describe(stage));
      await ending.asked;
    } finally {
      await stage.close();
    }
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  }
  return ending.reason;
};

const describe = ({ endpoint, region, accountId, postgres, stacks }: LocalStage): string =>
  JSON.stringify({ endpoint, region, accountId, postgres, stacks });

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
