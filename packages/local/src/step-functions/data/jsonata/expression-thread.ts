import { Worker } from 'node:worker_threads';
import { workerUrl } from '../../../common/worker-url.ts';
import { type Batch, type BatchResult, Progress, type WorkerData } from './protocol.ts';

/**
 * Of V8's old generation, in megabytes. Not what an expression may use, which the pool sees to: V8 ends the whole process when
 * a thread wants much more at once than it may have.
 */
const MEMORY_MB = 2048;

/** A thread that evaluates one batch at a time. */
export class ExpressionThread {
  readonly #progress = new Progress();
  readonly #worker: Worker;
  #running: PromiseWithResolvers<BatchResult | undefined> | undefined;
  #isAlive = true;

  constructor() {
    const workerData: WorkerData = { progress: this.#progress.buffer };
    this.#worker = new Worker(workerUrl(import.meta.url, 'expression-worker'), {
      argv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      workerData,
    });
    // Idle threads keep no process alive.
    this.#worker.unref();
    this.#worker.on('message', (result: BatchResult) => this.#end(result));
    this.#worker.on('error', (error) => this.#break(error));
    this.#worker.once('exit', () => this.#end(undefined, false));
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** The place, in its batch, of the expression at work; undefined when it has not begun with the batch, or is done with it. */
  get at(): number | undefined {
    const { begun } = this.#progress;
    return begun > 0 ? begun - 1 : undefined;
  }

  /** Resolves with undefined when the thread is terminated meanwhile. */
  run(batch: Batch): Promise<BatchResult | undefined> {
    const running = Promise.withResolvers<BatchResult | undefined>();
    this.#running = running;
    this.#progress.reset();
    this.#worker.ref();
    this.#worker.postMessage(batch);
    return running.promise;
  }

  /** Bytes of memory in use. */
  async usedBytes(): Promise<number> {
    return (await this.#worker.getHeapStatistics()).used_heap_size;
  }

  /** Milliseconds of computing time that the expression at work has used. */
  async usedMs(): Promise<number> {
    const { user, system } = await this.#worker.cpuUsage();
    return (user + system) / 1000 - this.#progress.cpuMsAtBegin;
  }

  /** Ends the thread, whatever it is doing. */
  async terminate(): Promise<void> {
    this.#end(undefined, false);
    await this.#worker.terminate();
  }

  /** An expression can break the thread in one way only: it needs more memory than there is. */
  #break(error: unknown): void {
    const isMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    if (isMemory) this.#end({ problem: 'memory', failed: this.at ?? 0 }, false);
    else this.#running?.reject(error);
  }

  #end(result: BatchResult | undefined, isAlive = this.#isAlive): void {
    this.#isAlive = isAlive;
    this.#worker.unref();
    this.#running?.resolve(result);
    this.#running = undefined;
  }
}
