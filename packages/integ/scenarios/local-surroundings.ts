import { setTimeout as wait } from 'node:timers/promises';
import type { CallRecord, LocalStage } from '@sfn-redshift/local';
import type { Surroundings } from './sdk-world.ts';

const MINUTE_MS = 60_000;
/** Wall time without a call by anybody after which only time itself can change anything. */
const QUIET_MS = 60;
const POLL_MS = 15;
/** The first jump, by how much each further one is longer, and the longest. */
const JUMP_MS = 30_000;
const GROWTH = 1.5;
const LONGEST_JUMP_MS = 60 * MINUTE_MS;
/** No statement runs longer than a day. */
const LONGEST_WAIT_MS = 48 * 60 * MINUTE_MS;

/** Time on a local stage: it jumps, but only when all rests that time could cut short. */
export class LocalSurroundings implements Surroundings {
  readonly outputs: Surroundings['outputs'];
  readonly #stage: LocalStage;
  readonly #queues: readonly string[];
  #latest = 0;
  #scripts = 0;

  constructor(stage: LocalStage, outputs: Surroundings['outputs'], queues: readonly string[]) {
    this.#stage = stage;
    this.outputs = outputs;
    this.#queues = queues;
    stage.calls.onCall((record) => {
      if (isWork(record)) this.#latest = Date.now();
    });
  }

  readonly until: Surroundings['until'] = async (find) => {
    const latest = this.#stage.clock.now() + LONGEST_WAIT_MS;
    for (let jump = JUMP_MS; ; jump = Math.min(LONGEST_JUMP_MS, jump * GROWTH)) {
      const found = (await find()) ?? (await this.#whileBusy(find));
      if (found !== undefined) return found;
      if (this.#stage.clock.now() > latest) throw new Error('What is waited for has not come in two days.');
      await this.jump(jump);
    }
  };

  readonly pass: Surroundings['pass'] = async (minutes) => {
    await this.quiet();
    await this.jump(minutes * MINUTE_MS);
  };

  readonly lasting: Surroundings['lasting'] = (minutes, uses) => {
    const sql = `call lasting_${(this.#scripts += 1)}()`;
    this.#stage.redshift.script({ sql, durationMs: minutes * MINUTE_MS, ...(uses === undefined ? {} : { uses }) });
    if (uses !== undefined) this.#stage.redshift.script({ sql });
    return sql;
  };

  /** Waits until nobody does anything. */
  async quiet(): Promise<void> {
    await this.#whileBusy(() => Promise.resolve(undefined));
  }

  async #whileBusy<T>(find: () => Promise<T | undefined>): Promise<T | undefined> {
    for (;;) {
      await this.#stage.functionsAtRest();
      const restMs = Date.now() - this.#latest;
      await wait(POLL_MS);
      const found = await find();
      if (found !== undefined || restMs >= QUIET_MS) return found;
    }
  }

  /** What a queue's consumers hold would be visible again by then: queues keep wall time. */
  async jump(byMs: number): Promise<void> {
    await this.#stage.functionsAtRest();
    this.#stage.clock.advance(byMs);
    await Promise.all(this.#queues.map((queue) => this.#stage.makeVisible(queue)));
  }
}

/** Neither what a test asks, nor what goes on all the time. */
const isWork = ({ caller, operation }: CallRecord): boolean =>
  caller.type !== 'administrator' && operation !== 'ReceiveMessage';
