import type { Faults } from './faults.ts';
import type { Latency } from './latency.ts';
import type { Sandbox } from './sandbox.ts';
import type { Fault, FunctionName } from './schedule.ts';
import { sdkError } from './sdk-error.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A request of a function to the account. */
export interface WireCall {
  readonly sandbox: Sandbox;
  readonly operation: string;
  readonly input: object;
  /** After so long the client gives a request up. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** What the service does; it throws what it refuses by. A promise: the answer takes its time, the effect does not. */
  readonly perform: () => object | Promise<object>;
}

/** A request that has met a fault. */
export interface Trouble {
  readonly at: number;
  readonly of: FunctionName;
  readonly operation: string;
  readonly kind: Fault['kind'];
  /** What was asked. */
  readonly request: string;
}

/** Of the SDK's standard retry mode. */
const MAX_ATTEMPTS = 3;
const BACKOFF_MS = { throttle: 500, other: 100 };

const MAX_LATENCY_MS = 40;

/** How one request goes: when it takes effect (never: undefined), and when and by what it is answered. */
interface Passage {
  readonly effectMs: number | undefined;
  readonly answerMs: number;
  /** Instead of the service's answer. */
  readonly failure?: { readonly name: string; readonly status?: number; readonly retried: boolean };
  /** When the caller dies. */
  readonly crashMs?: number;
}

/**
 * What lies between a function's SDK client and the account: requests take time, meet faults, and are repeated as the SDK
 * repeats them. A caller that has died hears nothing more, but what it has sent takes its course.
 */
export class Wire {
  readonly #time: VirtualTime;
  readonly #faults: Faults;
  readonly #latency: Latency;
  readonly #trace: Trace;
  readonly #note: (trouble: Trouble) => void;

  constructor(time: VirtualTime, faults: Faults, latency: Latency, trace: Trace, note: (trouble: Trouble) => void) {
    this.#time = time;
    this.#faults = faults;
    this.#latency = latency;
    this.#trace = trace;
    this.#note = note;
  }

  send(call: WireCall): Promise<object> {
    return new Promise((resolve, reject) => {
      const settle = oneOf(resolve, reject, call.sandbox);
      const abort = () => settle.reject(sdkError('AbortError', 'Request aborted'));
      if (call.signal?.aborted) return abort();
      call.signal?.addEventListener('abort', abort);
      this.#attempt(call, 1, settle);
    });
  }

  #attempt(call: WireCall, attempt: number, settle: Settle): void {
    const { sandbox, operation } = call;
    if (!sandbox.alive || settle.done()) return;
    const fault = this.#faults.next(`${sandbox.of}.${operation}`);
    this.#trace.add(sandbox.name, `${operation}${fault ? ` meets ${fault.kind}` : ''}`);
    if (fault) this.#noteTrouble(call, fault);
    const passage = passageOf(fault, this.#latency(MAX_LATENCY_MS), call.timeoutMs);
    const effect = new Effect(call);
    if (passage.effectMs !== undefined) this.#time.after(passage.effectMs, () => effect.happen(this.#trace));
    if (passage.crashMs !== undefined) this.#time.after(passage.crashMs, () => sandbox.crash());
    this.#time.after(passage.answerMs, () => this.#answer(call, attempt, { passage, effect, settle }));
  }

  #noteTrouble({ sandbox, operation, input }: WireCall, { kind }: Fault): void {
    // The rows of an object may be megabytes.
    const { Body: _body, ...told } = input as { readonly Body?: unknown };
    const request = JSON.stringify(told);
    sandbox.faulted.push(request);
    this.#note({ at: this.#time.now, of: sandbox.of, operation, kind, request });
  }

  #answer(call: WireCall, attempt: number, { passage, effect, settle }: Answering): void {
    const { failure } = passage;
    if (!failure) return effect.answer(settle, attempt);
    if (failure.retried && attempt < MAX_ATTEMPTS) {
      const backoff = BACKOFF_MS[failure.status === 400 ? 'throttle' : 'other'] * 2 ** (attempt - 1);
      this.#time.after(backoff, () => this.#attempt(call, attempt + 1, settle));
      return;
    }
    settle.reject(sdkError(failure.name, `injected: ${failure.name}`, failure.status, attempt));
  }
}

interface Answering {
  readonly passage: Passage;
  readonly effect: Effect;
  readonly settle: Settle;
}

/** What the service does with a request, once. */
class Effect {
  readonly #call: WireCall;
  #outcome: { readonly value: object | Promise<object> } | { readonly error: Error } | undefined;

  constructor(call: WireCall) {
    this.#call = call;
  }

  happen(trace: Trace): void {
    try {
      this.#outcome = { value: this.#call.perform() };
    } catch (error) {
      this.#outcome = { error: error as Error };
      trace.add('', `${this.#call.operation} of ${this.#call.sandbox.name} is refused: ${(error as Error).name}`);
    }
  }

  answer(settle: Settle, attempts: number): void {
    if (!this.#outcome) throw new Error('a request was answered before it took effect');
    if ('value' in this.#outcome)
      return void Promise.resolve(this.#outcome.value).then((value) => settle.resolve(value));
    const { error } = this.#outcome;
    settle.reject(Object.assign(error, { $metadata: { httpStatusCode: 400, requestId: 'aws-request', attempts } }));
  }
}

const passageOf = (fault: Fault | undefined, latency: number, timeoutMs: number): Passage => {
  const quick = { effectMs: latency, answerMs: 2 * latency };
  const broken = { name: 'InternalServerError', status: 500, retried: true };
  const silent = { name: 'TimeoutError', retried: true };
  switch (fault?.kind) {
    case undefined:
      return quick;
    case 'slow':
      return { ...quick, answerMs: Math.min(timeoutMs - 1, latency + fault.seconds * 1000) + latency };
    case 'throttle':
      return refusal(latency, 'ThrottlingException', true);
    case 'denied':
      return refusal(latency, 'AccessDeniedException', false);
    case 'errorBefore':
      return { effectMs: undefined, answerMs: latency, failure: broken };
    case 'errorAfter':
      return { ...quick, failure: broken };
    case 'timeoutBefore':
      return { effectMs: undefined, answerMs: timeoutMs, failure: silent };
    case 'timeoutAfter':
      return { effectMs: latency, answerMs: timeoutMs, failure: silent };
    case 'late':
      return { effectMs: timeoutMs + fault.seconds * 1000, answerMs: timeoutMs, failure: silent };
    case 'crashBefore':
      return { effectMs: undefined, answerMs: latency, failure: silent, crashMs: latency };
    case 'crashAfter':
      return { ...quick, crashMs: latency };
  }
};

const refusal = (latency: number, name: string, retried: boolean): Passage => ({
  effectMs: undefined,
  answerMs: latency,
  failure: { name, status: 400, retried },
});

interface Settle {
  done(): boolean;
  resolve(value: object): void;
  reject(error: Error): void;
}

/** Settles once, and never a caller that is gone. */
const oneOf = (resolve: (value: object) => void, reject: (error: Error) => void, sandbox: Sandbox): Settle => {
  let done = false;
  const first = (settle: () => void) => {
    if (done || !sandbox.alive) return;
    done = true;
    settle();
  };
  return {
    done: () => done,
    resolve: (value) => first(() => resolve(value)),
    reject: (error) => first(() => reject(error)),
  };
};
