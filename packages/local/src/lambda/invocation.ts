import { randomBytes } from 'node:crypto';
import type { Clock } from '../common/clock.ts';
import type { FunctionConfig } from './function-config.ts';
import type { InvokeRequest } from './function-runner.ts';
import { withPlatformLines } from './invocation-report.ts';
import type { FunctionErrorPayload, InvokeMessage } from './sandbox/protocol.ts';
import { type OutputLine, type Sandbox, SandboxBroken, type SandboxOutcome } from './sandbox/sandbox.ts';

export interface InvocationResult {
  /** JSON text: what the function returned, or the description of its error. */
  readonly payload: string;
  /** Set when the function failed; Lambda has used no other value since custom error handling became the runtime's matter. */
  readonly functionError?: 'Unhandled';
  /** The log of this invocation, Lambda's own lines included. */
  readonly lines: readonly OutputLine[];
}

/** Lambda's limit for loading a function's code. */
const INIT_LIMIT_MS = 10_000;

/** Largest response of a synchronous invocation, in bytes. */
const LARGEST_RESPONSE = 6_291_556;

/** One run of a function in a sandbox that it has for itself. */
export class Invocation {
  readonly #config: FunctionConfig;
  readonly #sandbox: Sandbox;
  readonly #clock: Clock;
  #timedOutAfterMs: number | undefined;

  constructor(config: FunctionConfig, sandbox: Sandbox, clock: Clock) {
    this.#config = config;
    this.#sandbox = sandbox;
    this.#clock = clock;
  }

  async run(request: InvokeRequest): Promise<InvocationResult> {
    const initMs = await this.#init();
    const startedAt = this.#clock.now();
    const outcome = await this.#invoke(request, startedAt);
    const failure = 'error' in outcome ? outcome.error : tooLarge(outcome.payload);
    return {
      payload: 'payload' in outcome && !failure ? outcome.payload : JSON.stringify(failure),
      ...(failure ? { functionError: 'Unhandled' } : {}),
      lines: withPlatformLines(this.#output(request.requestId), {
        requestId: request.requestId,
        startedAt,
        endedAt: this.#clock.now(),
        memorySizeMb: this.#config.memoryMb,
        memoryUsedMb: outcome.memoryUsedMb,
        ...(initMs === undefined ? {} : { initMs }),
        timedOut: this.#timedOutAfterMs !== undefined,
      }),
    };
  }

  /** Loading is not on the function's time, but has its own limit. Undefined when the sandbox had been used before. */
  async #init(): Promise<number | undefined> {
    if (this.#sandbox.wasUsed) return undefined;
    const startedAt = this.#clock.now();
    await this.#within(INIT_LIMIT_MS, this.#sandbox.ready).catch(() => undefined);
    return this.#clock.now() - startedAt;
  }

  async #invoke(request: InvokeRequest, startedAt: number): Promise<SandboxOutcome> {
    const limitMs = this.#config.timeoutSeconds * 1000;
    const message = {
      ...request,
      deadline: startedAt + limitMs,
      traceId: newTraceId(startedAt),
    } satisfies InvokeMessage;
    try {
      return await this.#within(limitMs, this.#sandbox.invoke(message));
    } catch (error) {
      return { error: this.#failureOf(error, request.requestId), memoryUsedMb: this.#config.memoryMb };
    }
  }

  /** Ends the sandbox when `work` takes longer. */
  async #within<T>(limitMs: number, work: Promise<T>): Promise<T> {
    const alarm = this.#clock.after(limitMs, () => {
      this.#timedOutAfterMs = limitMs;
      void this.#sandbox.terminate();
    });
    return work.finally(() => alarm.cancel());
  }

  #failureOf(error: unknown, requestId: string): FunctionErrorPayload {
    if (!(error instanceof SandboxBroken)) throw error;
    if (this.#timedOutAfterMs !== undefined)
      return { errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${requestId} Error: ${this.#timeOutText()}` };
    if (error.payload.errorType !== 'Runtime.ExitError') return error.payload;
    return { ...error.payload, errorMessage: `RequestId: ${requestId} ${error.payload.errorMessage}` };
  }

  #output(requestId: string): OutputLine[] {
    const output = this.#sandbox.takeOutput();
    if (this.#timedOutAfterMs === undefined) return output;
    const time = this.#clock.now();
    return [...output, { time, message: `${new Date(time).toISOString()} ${requestId} ${this.#timeOutText()}\n\n` }];
  }

  #timeOutText(): string {
    return `Task timed out after ${((this.#timedOutAfterMs ?? 0) / 1000).toFixed(2)} seconds`;
  }
}

const tooLarge = (payload: string): FunctionErrorPayload | undefined =>
  Buffer.byteLength(payload) <= LARGEST_RESPONSE
    ? undefined
    : {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: `Response payload size exceeded maximum allowed payload size (${LARGEST_RESPONSE} bytes).`,
      };

const newTraceId = (time: number): string => {
  const seconds = Math.floor(time / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
};
