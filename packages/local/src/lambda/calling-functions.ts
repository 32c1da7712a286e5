import type { Caller } from '../common/service.ts';

/** A function's code at work, as the maker of a call. */
export interface CallingFunction {
  readonly functionName: string;
  /** Request id of the invocation that its sandbox runs, or ran last. */
  readonly invocationId: string | undefined;
  /** Whether its end is decided: what it still sends is not its own word any more. */
  readonly isDying: boolean;
  /** From here on it is dying; `kill` is to follow. */
  doom(): void;
  /** Ends its sandbox at once, as if the machine were switched off: the invocation fails, and nothing of it goes on. */
  kill(): void;
}

/**
 * Tells the calls that a function's code makes from those that Lambda makes under the same role, and from those of the function's other
 * sandboxes: each sandbox is a caller object of its own, though all have the same ARN.
 */
export class CallingFunctions {
  readonly #functions = new WeakMap<Caller, CallingFunction>();

  register(caller: Caller, calling: CallingFunction): void {
    this.#functions.set(caller, calling);
  }

  /** What `heir` calls, the function calls that `caller` is, if it is one: a role's session that it has taken on. */
  inherit(heir: Caller, caller: Caller): void {
    const calling = this.#functions.get(caller);
    if (calling) this.#functions.set(heir, calling);
  }

  /** Undefined when `caller` is no sandbox. */
  of(caller: Caller): CallingFunction | undefined {
    return this.#functions.get(caller);
  }
}
