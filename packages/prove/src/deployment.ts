import type { FunctionName, Schedule, StackUpdate } from './schedule.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How the tasker is deployed: what its stack may change while statements are open. Table, prefix and owner role stay. */
export interface Deployment {
  readonly retentionDays: number;
  readonly timeoutMs: Readonly<Record<FunctionName, number>>;
  readonly batchSize: number;
  readonly maxConcurrency: number;
  /** The invoker is one contract version ahead of the completer: its rows say so, and tell more. */
  readonly hasNewerInvoker: boolean;
}

/** The construct's defaults. */
const TIMEOUT_MS = { invoker: 30_000, drain: 30_000, sweep: 60_000 };
const QUEUE = { batchSize: 10, maxConcurrency: 5 };

/** The deployments of a schedule, one after another. What runs when one is replaced runs on as it was. */
export class Deployments {
  current: Deployment;
  /** When each one began. */
  readonly #began: { readonly at: number; readonly deployment: Deployment }[] = [];
  readonly #time: VirtualTime;

  constructor({ retentionDays, updates }: Schedule, time: VirtualTime, trace: Trace) {
    this.#time = time;
    this.current = { retentionDays, timeoutMs: TIMEOUT_MS, ...QUEUE, hasNewerInvoker: false };
    this.#begin(this.current);
    for (const update of updates) {
      time.after(update.afterSeconds * 1000, () => {
        trace.add('stack', `is updated: ${JSON.stringify(update)}`);
        this.#begin(deploymentOf(update));
      });
    }
  }

  /** Whether the stack was updated in that time. */
  wasUpdated(from: number, to: number): boolean {
    return this.#began.some(({ at }, index) => index > 0 && at >= from && at <= to);
  }

  /** The longest that a row may be kept which is written now: by what is deployed, or by what still runs. */
  get longestRetentionDays(): number {
    return Math.max(...this.#began.map(({ deployment }) => deployment.retentionDays));
  }

  #begin(deployment: Deployment): void {
    this.current = deployment;
    this.#began.push({ at: this.#time.now, deployment });
  }
}

const deploymentOf = (update: StackUpdate): Deployment => ({
  retentionDays: update.retentionDays,
  timeoutMs: { ...TIMEOUT_MS, invoker: update.invokerTimeoutSeconds * 1000, drain: update.drainTimeoutSeconds * 1000 },
  batchSize: update.batchSize,
  maxConcurrency: update.maxConcurrency,
  hasNewerInvoker: update.hasNewerInvoker,
});
