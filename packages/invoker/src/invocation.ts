/** One call of the function. */
export interface Invocation {
  /** Lambda's; its own retries of an asynchronous call repeat it. */
  readonly requestId: string;
  /** When the function will be stopped; epoch milliseconds. */
  readonly deadline: number;
}

/** Time that is left for the writes after ExecuteStatement. */
const NOTE_TIME_MS = 1_000;

/** Until when a statement may be executed, epoch milliseconds: a function with little time keeps three quarters of it for that. */
export const executionEnd = ({ deadline }: Invocation, now: number): number =>
  deadline - Math.min(NOTE_TIME_MS, Math.ceil((deadline - now) / 4));

/** Until when the end of a statement that is cancelled is waited for, epoch milliseconds: half of the time is for what follows. */
export const waitEnd = ({ deadline }: Invocation, now: number): number => Math.floor((now + deadline) / 2);
