import { randomBytes } from 'node:crypto';
import type { Clock } from '../common/clock.ts';
import type { FunctionConfig } from './function-config.ts';
import type { InvokeRequest } from './function-runner.ts';
import type { Initialization } from './initialization.ts';
import { type InvocationFacts, type InvocationStatus, platformLines } from './invocation-report.ts';
import type { FunctionErrorPayload, InvokeMessage } from './sandbox/protocol.ts';
import { type OutputLine, type Sandbox, SandboxBroken, type SandboxOutcome } from './sandbox/sandbox.ts';

export interface InvocationResult {
  /** JSON text: what the function returned, or the description of its error. */
  readonly payload: string;
  /** Set when the function failed; Lambda has used no other value since custom error handling became the runtime's matter. */
  readonly functionError?: 'Unhandled';
  /** `$LATEST` or a number. */
  readonly executedVersion: string;
  /** The log of this invocation, Lambda's own lines included. */
  readonly lines: readonly OutputLine[];
  /** Without the time to load the code, unless that was tried a second time. */
  readonly durationMs: number;
}

/** Largest response of a synchronous invocation, in bytes. */
const LARGEST_RESPONSE = 6_291_556;

/** One run of a function in a sandbox that it has for itself. */
export class Invocation {
  readonly #config: FunctionConfig;
  readonly #version: string;
  readonly #sandbox: Sandbox;
  readonly #clock: Clock;
  #timedOutAfterMs: number | undefined;

  constructor(config: FunctionConfig, version: string, sandbox: Sandbox, clock: Clock) {
    this.#config = config;
    this.#version = version;
    this.#sandbox = sandbox;
    this.#clock = clock;
  }

  /** @param init of this sandbox; where it failed, of the one before it, and this one loads the code on the function's time */
  async run(request: InvokeRequest, init: Initialization | undefined): Promise<InvocationResult> {
    const startedAt = this.#clock.now();
    const outcome = await this.#invoke(request, startedAt);
    const endedAt = this.#clock.now();
    const failure = 'error' in outcome ? outcome.error : tooLarge(outcome.payload);
    return {
      payload: 'payload' in outcome && !failure ? outcome.payload : JSON.stringify(failure),
      ...(failure ? { functionError: 'Unhandled' } : {}),
      executedVersion: this.#version,
      lines: this.#lines({ requestId: request.requestId, startedAt, endedAt }, init, outcome, failure),
      durationMs: endedAt - startedAt,
    };
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

  #lines(
    times: Pick<InvocationFacts, 'requestId' | 'startedAt' | 'endedAt'>,
    init: Initialization | undefined,
    outcome: SandboxOutcome,
    failure: FunctionErrorPayload | undefined,
  ): OutputLine[] {
    return platformLines(this.#output(times.requestId, failure), {
      ...times,
      version: this.#version,
      format: this.#config.logging?.format ?? 'Text',
      systemLevel: this.#config.logging?.systemLevel ?? 'INFO',
      memorySizeMb: this.#config.memoryMb,
      memoryUsedMb: outcome.memoryUsedMb,
      init,
      neverReady: !this.#sandbox.wasUsed,
      status: this.#statusOf(failure),
      ...(failure ? { errorType: failure.errorType } : {}),
    });
  }

  #statusOf(failure: FunctionErrorPayload | undefined): InvocationStatus {
    if (this.#timedOutAfterMs !== undefined) return 'timeout';
    if (!failure) return 'success';
    return this.#sandbox.isAlive ? 'failure' : 'error';
  }

  /** With what Lambda adds to it where the runtime ended. */
  #output(requestId: string, failure: FunctionErrorPayload | undefined): OutputLine[] {
    const output = this.#sandbox.takeOutput();
    const time = this.#clock.now();
    if (this.#timedOutAfterMs !== undefined)
      return [...output, { time, message: `${new Date(time).toISOString()} ${requestId} ${this.#timeOutText()}\n\n` }];
    if (failure?.errorType !== 'Runtime.ExitError') return output;
    return [...output, { time, message: `${failure.errorMessage}\n${failure.errorType}\n` }];
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
