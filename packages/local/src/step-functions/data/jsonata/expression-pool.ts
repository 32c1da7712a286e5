import { availableParallelism } from 'node:os';
import { ExpressionThread } from './expression-thread.ts';
import type { Batch, BatchResult } from './protocol.ts';
import { type Finding, watchThread } from './watch-thread.ts';

/** Threads for what is not known to be slow; all are begun at once, so that there is one to go on with when the other turns slow. */
const QUICK_THREADS = 2;
const SLOW_THREADS = Math.max(2, availableParallelism());
/** How many slow batches are remembered as such. */
const MOST_KNOWN = 1000;

interface Job {
  readonly batch: Batch;
  readonly settle: (result: BatchResult) => void;
  readonly fail: (error: unknown) => void;
  isOpen: boolean;
}

/**
 * The threads that evaluate the expressions of all executions. An expression that takes long, or never ends, holds up no
 * others: it goes on in a lane of its own, where it has its second, and the quick lane gets a new thread.
 */
export class ExpressionPool {
  readonly #quick = new Set<ExpressionThread>();
  readonly #slow = new Set<ExpressionThread>();
  readonly #idle: ExpressionThread[] = [];
  readonly #waiting: Job[] = [];
  readonly #waitingSlow: Job[] = [];
  readonly #known = new Set<string>();

  /** @throws (rejects with) the signal's reason when that comes first */
  evaluate(batch: Batch, signal: AbortSignal): Promise<BatchResult> {
    const { promise, resolve, reject } = Promise.withResolvers<BatchResult>();
    const onAbort = () => close(() => reject(signal.reason));
    const job: Job = {
      batch,
      isOpen: true,
      settle: (result) => close(() => resolve(result)),
      fail: (error) => close(() => reject(error)),
    };
    const close = (then: () => void) => {
      job.isOpen = false;
      signal.removeEventListener('abort', onAbort);
      then();
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    this.#waiting.push(job);
    this.#dispatch();
    return promise;
  }

  /** Ends all threads. Nobody may be waiting any more. */
  async close(): Promise<void> {
    this.#waiting.length = 0;
    this.#waitingSlow.length = 0;
    await Promise.all([...this.#quick, ...this.#slow].map((thread) => thread.terminate()));
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#freeThread();
      if (!thread) break;
      const job = this.#nextQuick();
      if (job) void this.#run(thread, job);
      else this.#idle.push(thread);
    }
    while (this.#slow.size < SLOW_THREADS) {
      const job = nextOpen(this.#waitingSlow);
      if (!job) break;
      const thread = new ExpressionThread();
      this.#slow.add(thread);
      void this.#run(thread, job);
    }
  }

  #freeThread(): ExpressionThread | undefined {
    while (this.#quick.size < QUICK_THREADS) {
      const thread = new ExpressionThread();
      this.#quick.add(thread);
      this.#idle.push(thread);
    }
    const thread = this.#idle.pop();
    if (thread === undefined || thread.isAlive) return thread;
    this.#quick.delete(thread);
    return this.#freeThread();
  }

  #nextQuick(): Job | undefined {
    for (let job = nextOpen(this.#waiting); job; job = nextOpen(this.#waiting)) {
      if (!this.#known.has(keyOf(job))) return job;
      this.#waitingSlow.push(job);
    }
    return undefined;
  }

  async #run(thread: ExpressionThread, job: Job): Promise<void> {
    const stopWatching = watchThread(thread, (finding, at) => this.#judge(thread, job, finding, at));
    try {
      const result = await thread.run(job.batch);
      if (!result) return;
      this.#known.delete(keyOf(job));
      job.settle(result);
    } catch (error) {
      job.fail(error);
    } finally {
      stopWatching();
      this.#release(thread);
      this.#dispatch();
    }
  }

  /** What nobody waits for any more is given up as soon as it is slow. */
  #judge(thread: ExpressionThread, job: Job, finding: Finding, at: number): void {
    if (finding !== 'slow' || !job.isOpen) {
      job.settle({ problem: finding === 'greedy' ? 'memory' : 'timeout', failed: at });
      void thread.terminate();
    } else if (this.#quick.has(thread)) this.#slowDown(thread, job);
  }

  /** Takes the thread out of the quick lane. Where there are too many slow ones, the batch waits to be begun again. */
  #slowDown(thread: ExpressionThread, job: Job): void {
    this.#quick.delete(thread);
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.add(keyOf(job));
    if (this.#slow.size < SLOW_THREADS) this.#slow.add(thread);
    else {
      void thread.terminate();
      this.#waitingSlow.push(job);
    }
    this.#dispatch();
  }

  #release(thread: ExpressionThread): void {
    if (this.#slow.delete(thread)) void thread.terminate();
    else if (thread.isAlive) this.#idle.push(thread);
    else this.#quick.delete(thread);
  }
}

const keyOf = ({ batch }: Job): string => batch.expressions.join('\n');

/** Those that are not waited for any more are passed over. */
const nextOpen = (jobs: Job[]): Job | undefined => {
  for (let job = jobs.shift(); job; job = jobs.shift()) if (job.isOpen) return job;
  return undefined;
};
