import { Worker } from 'node:worker_threads';
import { workerUrl } from '../../common/worker-url.ts';
import type { FunctionErrorPayload, InvokeMessage, SandboxData, SandboxMessage } from './protocol.ts';

export interface OutputLine {
  /** Epoch milliseconds of the stage's clock. */
  readonly time: number;
  readonly message: string;
}

/** How an invocation ended inside its sandbox. */
export type SandboxOutcome = { readonly memoryUsedMb: number } & (
  | { readonly payload: string }
  | { readonly error: FunctionErrorPayload }
);

/** The Node runtime of Lambda neither guesses module types nor lets `require` load ES modules. */
const EXEC_ARGV = ['--no-experimental-detect-module', '--no-experimental-require-module'];

/** A worker thread with its own environment and memory limit, in which a function's code runs one invocation at a time. */
export class Sandbox {
  readonly logStream: string;
  /** When the code is loaded; rejects with a SandboxBroken. */
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  #output: OutputLine[] = [];
  #settle: PromiseWithResolvers<SandboxOutcome> | undefined;
  #broken: FunctionErrorPayload | undefined;
  #exitReason: string | undefined;
  #isEnding = false;
  #requestId: string | undefined;
  readonly exited: Promise<void>;

  constructor(options: { logStream: string; env: Record<string, string>; memoryMb: number; data: SandboxData }) {
    this.logStream = options.logStream;
    this.#worker = new Worker(workerUrl(import.meta.url, 'sandbox-worker'), {
      argv: [],
      env: options.env,
      execArgv: EXEC_ARGV,
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMb },
      workerData: options.data,
    });
    const ready = Promise.withResolvers<void>();
    const exited = Promise.withResolvers<void>();
    this.ready = ready.promise;
    this.exited = exited.promise;
    ready.promise.catch(() => undefined);
    this.#worker.on('message', (message: SandboxMessage) => this.#receive(message, ready.resolve));
    this.#worker.on('error', (error) => (this.#exitReason = exitReasonOf(error)));
    this.#worker.once('exit', (code) => {
      this.#end(code, ready.reject);
      exited.resolve();
    });
  }

  /** False from the moment its end is certain: it takes no more invocations. */
  get isAlive(): boolean {
    return !this.#broken && !this.#isEnding;
  }

  /** Of the invocation that it runs, or ran last. */
  get requestId(): string | undefined {
    return this.#requestId;
  }

  /** Whether an invocation was started here before. */
  get wasUsed(): boolean {
    return this.#settle !== undefined;
  }

  /** Rejects with SandboxBroken when the sandbox ends before the invocation does. */
  async invoke(message: InvokeMessage): Promise<SandboxOutcome> {
    await this.ready;
    if (this.#broken) throw new SandboxBroken(this.#broken);
    this.#settle = Promise.withResolvers<SandboxOutcome>();
    this.#requestId = message.requestId;
    this.#worker.postMessage(message);
    return this.#settle.promise;
  }

  /** What was written since this was last asked. */
  takeOutput(): OutputLine[] {
    return this.#output.splice(0);
  }

  /** Ends the thread in the middle of whatever it does; a pending invocation rejects. */
  async terminate(): Promise<void> {
    this.#isEnding = true;
    await this.#worker.terminate();
    await this.exited;
  }

  /** It takes no more invocations, and what it does from here on does not count; to be followed by its end. */
  doom(): void {
    this.#isEnding = true;
  }

  /** Ends it as a lost machine would: the invocation fails as one whose process was killed. */
  async kill(): Promise<void> {
    this.#exitReason ??= 'with error: signal: killed';
    await this.terminate();
  }

  #receive(message: SandboxMessage, ready: () => void): void {
    // A result that crosses with the deadline is late.
    if (this.#isEnding && message.type !== 'output') return;
    switch (message.type) {
      case 'ready':
        return ready();
      case 'output':
        return void this.#output.push({ time: message.time, message: message.text });
      case 'broken':
        this.#broken = message.error;
        return;
      case 'result':
        return this.#settle?.resolve({ payload: message.payload, memoryUsedMb: message.memoryUsedMb });
      case 'error':
        return this.#settle?.resolve({ error: message.error, memoryUsedMb: message.memoryUsedMb });
    }
  }

  #end(code: number, failReady: (reason: Error) => void): void {
    const reason = this.#exitReason ?? (code === 0 ? 'without providing a reason' : `with error: exit status ${code}`);
    this.#broken ??= { errorType: 'Runtime.ExitError', errorMessage: `Error: Runtime exited ${reason}` };
    const error = new SandboxBroken(this.#broken);
    failReady(error);
    this.#settle?.reject(error);
  }
}

/** The sandbox has ended; `payload` is what the invocation it ran answers. */
export class SandboxBroken extends Error {
  override readonly name = 'SandboxBroken';
  readonly payload: FunctionErrorPayload;

  constructor(payload: FunctionErrorPayload) {
    super(payload.errorMessage);
    this.payload = payload;
  }
}

const exitReasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? 'with error: signal: killed'
    : `with error: ${String(error)}`;
