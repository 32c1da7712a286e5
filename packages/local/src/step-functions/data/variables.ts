import { dataLimitExceeded } from '../errors.ts';
import type { Json, JsonObject } from './json.ts';
import { LARGEST_PAYLOAD } from './json.ts';

/** Bytes of UTF-8 that all variables of an execution may hold; a hard quota of Step Functions. */
const LARGEST_TOTAL = 10 * 1024 * 1024;

/** The variables that a line of states sees: its own, which it sets, and those of the lines around it, which it only reads. */
export class Variables {
  readonly #own = new Map<string, Json>();
  readonly #outer: Variables | undefined;
  /** Bytes held, shared by all scopes of an execution. */
  readonly #held: { bytes: number };

  constructor(outer?: Variables) {
    this.#outer = outer;
    this.#held = outer ? outer.#held : { bytes: 0 };
  }

  /** For a branch of a Parallel state, or an iteration of a Map state. */
  inner(): Variables {
    return new Variables(this);
  }

  /** @returns undefined when there is no such variable; no value is undefined */
  get(name: string): Json | undefined {
    return this.#own.has(name) ? this.#own.get(name) : this.#outer?.get(name);
  }

  /** What the scope itself has set. */
  get own(): JsonObject {
    return Object.fromEntries(this.#own);
  }

  /**
   * Would `values`, assigned by one state, be within the limits?
   *
   * @param subject the state's name
   * @throws StateError `States.DataLimitExceeded`
   */
  check(values: JsonObject, subject: string): void {
    const bytes = Object.values(values).reduce<number>((sum, value) => sum + bytesOf(value), 0);
    if (bytes > LARGEST_PAYLOAD || this.#held.bytes - this.#bytesOfOwn(values) + bytes > LARGEST_TOTAL)
      throw dataLimitExceeded(subject);
  }

  assign(values: JsonObject): void {
    this.#held.bytes -= this.#bytesOfOwn(values);
    for (const [name, value] of Object.entries(values)) {
      this.#own.set(name, value);
      this.#held.bytes += bytesOf(value);
    }
  }

  /** For an inner scope whose line of states has ended: its variables are gone. */
  drop(): void {
    if (this.#outer === undefined) return;
    this.#held.bytes -= this.#bytesOfOwn(this.own);
    this.#own.clear();
  }

  #bytesOfOwn(values: JsonObject): number {
    return Object.keys(values).reduce((sum, name) => {
      const value = this.#own.get(name);
      return value === undefined ? sum : sum + bytesOf(value);
    }, 0);
  }
}

const bytesOf = (value: Json): number => Buffer.byteLength(JSON.stringify(value));
