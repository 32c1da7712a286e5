import { AwsError } from '../common/aws-error.ts';

/** What of an account's concurrency can never be reserved. */
const LEAST_UNRESERVED = 100;

/** How many invocations run, of each function and in the account, and how many may. */
export class Concurrency {
  readonly #limit: number;
  readonly #reserved = new Map<string, number>();
  readonly #running = new Map<string, number>();
  #waiting: (() => void)[] = [];

  /** @param limit of all functions together */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * @param reserved what the function has for itself and may not go beyond; undefined: it shares what nobody has reserved
   * @throws AwsError `InvalidParameterValueException` when too little would be left for the others
   */
  reserve(name: string, reserved: number | undefined): void {
    const others = this.#sum(this.#reserved) - (this.#reserved.get(name) ?? 0);
    if (reserved !== undefined && this.#limit - others - reserved < Math.min(LEAST_UNRESERVED, this.#limit))
      throw new AwsError(
        'InvalidParameterValueException',
        `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${LEAST_UNRESERVED}].`,
      );
    if (reserved === undefined) this.#reserved.delete(name);
    else this.#reserved.set(name, reserved);
  }

  /** Whether the function may never run. */
  isOff(name: string): boolean {
    return this.#reserved.get(name) === 0;
  }

  runningOf(name: string): number {
    return this.#running.get(name) ?? 0;
  }

  /**
   * @returns to be called when the invocation has ended
   * @throws AwsError `TooManyRequestsException` when there is no room
   */
  enter(name: string): () => void {
    const reserved = this.#reserved.get(name);
    if (reserved !== undefined && this.runningOf(name) >= reserved)
      throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded');
    if (reserved === undefined && this.#unreservedRunning() >= this.#limit - this.#sum(this.#reserved))
      throw throttled('ConcurrentInvocationLimitExceeded');
    this.#running.set(name, this.runningOf(name) + 1);
    return () => this.#leave(name);
  }

  /** Resolves when nothing runs, of any function. */
  atRest(): Promise<void> {
    return this.#sum(this.#running) === 0
      ? Promise.resolve()
      : new Promise((resolve) => void this.#waiting.push(resolve));
  }

  #leave(name: string): void {
    this.#running.set(name, this.runningOf(name) - 1);
    if (this.#sum(this.#running) > 0) return;
    for (const resolve of this.#waiting) resolve();
    this.#waiting = [];
  }

  #unreservedRunning(): number {
    return [...this.#running].reduce((sum, [name, running]) => sum + (this.#reserved.has(name) ? 0 : running), 0);
  }

  #sum(counts: ReadonlyMap<string, number>): number {
    return [...counts.values()].reduce((sum, count) => sum + count, 0);
  }
}

const throttled = (Reason: string): AwsError =>
  new AwsError('TooManyRequestsException', 'Rate Exceeded.', { status: 429, members: { Reason, Type: 'User' } });
