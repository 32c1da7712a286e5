/** Expressions of one template, evaluated in order until one of them fails. */
export interface Batch {
  /** Without `{%` and `%}`. */
  readonly expressions: readonly string[];
  /** Text of the JSON object whose fields are the variables, `states` among them. */
  readonly variables: string;
  /** What `$now()` and `$millis()` tell, in epoch milliseconds. */
  readonly now: number;
}

/** What an expression yields: the text of its JSON, or why there is none. */
export type Evaluated = { readonly json: string } | Problem;

export interface Problem {
  readonly problem: 'undefined' | 'unsupported' | 'thrown' | 'timeout' | 'memory';
  /** Of what was thrown. */
  readonly message?: string;
}

/** What a batch yields: the texts of all, or which of them failed, and why. */
export type BatchResult = { readonly json: readonly string[] } | (Problem & { readonly failed: number });

/** What a worker shares with the pool, so that even a worker that answers no message can be judged. */
export interface WorkerData {
  /** See Progress. */
  readonly progress: SharedArrayBuffer;
}

/** How far a worker is with its batch: how many expressions it has begun, and what of its computing time it had used by then. */
export class Progress {
  readonly buffer: SharedArrayBuffer;
  readonly #values: Float64Array;

  constructor(buffer = new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#values = new Float64Array(buffer);
  }

  /** 0 when the batch has not been begun, or has been done with. */
  get begun(): number {
    return this.#values[0] ?? 0;
  }

  /** Milliseconds of computing time that the worker had used when it began its latest expression. */
  get cpuMsAtBegin(): number {
    return this.#values[1] ?? 0;
  }

  begin(cpuMs: number): void {
    this.#values[1] = cpuMs;
    this.#values[0] = this.begun + 1;
  }

  reset(): void {
    this.#values[0] = 0;
  }
}
