import { AwsError } from '../common/aws-error.ts';
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { Concurrency } from './concurrency.ts';
import type { Destinations } from './destinations.ts';
import type { EventInvokeConfig } from './event-invoke-config.ts';
import type { FunctionRunner, InvokeRequest } from './function-runner.ts';
import type { InvocationResult } from './invocation.ts';
import type { AsyncOutcome } from './invocation-record.ts';

/** Lambda waits a minute before the first retry of a failed function, two before the second. */
const RETRY_DELAY_MS = 60_000;
const RETRIES = 2;
const EVENT_AGE_SECONDS = 21_600;

const FIRST_THROTTLE_DELAY_MS = 1000;
const LONGEST_THROTTLE_DELAY_MS = 300_000;

/** An invocation's function, and what is said of it, as they are when asked. */
export interface AsyncTarget {
  /** @throws AwsError when the function is gone */
  runner(): FunctionRunner;
  config(): EventInvokeConfig;
}

interface AsyncDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly concurrency: Concurrency;
  readonly destinations: Destinations;
}

/** One event that waits to be processed by a function, whoever sent it having gone on. */
export class AsyncInvocation {
  readonly #target: AsyncTarget;
  readonly #request: InvokeRequest;
  readonly #deps: AsyncDeps;
  readonly #closing: AbortSignal;
  readonly #acceptedAt: number;
  #attempts = 0;

  constructor(target: AsyncTarget, request: InvokeRequest, deps: AsyncDeps, closing: AbortSignal) {
    this.#target = target;
    this.#request = request;
    this.#deps = deps;
    this.#closing = closing;
    this.#acceptedAt = deps.clock.now();
  }

  /** Never rejects: what failed for good goes to the dead-letter queue and the destination of the function, or is lost. */
  async run(): Promise<void> {
    try {
      const runner = this.#target.runner();
      runner.metrics.put('AsyncEventsReceived', 1, this.#request.qualifier);
      const outcome = await this.#tryUntilDone();
      if (outcome.condition !== 'Success') this.#countLoss();
      await this.#deps.destinations.settle(this.#target, this.#request, outcome, this.#closing);
    } catch (error) {
      if (!this.#closing.aborted) this.#deps.log.warn('asynchronous invocation lost', { error: String(error) });
    }
  }

  async #tryUntilDone(): Promise<AsyncOutcome> {
    for (let [failures, refusals] = [0, 0]; ; ) {
      if (this.#deps.concurrency.isOff(this.#target.runner().config.name))
        return { condition: 'ZeroReservedConcurrency', result: undefined, attempts: this.#attempts };
      const result = await this.#attempt();
      if (result && !result.functionError) return this.#ended('Success', result);
      if (result && failures++ >= (this.#target.config().maximumRetryAttempts ?? RETRIES))
        return this.#ended('RetriesExhausted', result);
      const delay = result ? RETRY_DELAY_MS * failures : refusalDelay(refusals++);
      if (this.#deps.clock.now() + delay > this.#expiresAt()) return this.#ended('EventAgeExceeded', result);
      await this.#deps.clock.sleep(delay, this.#closing);
    }
  }

  /** Undefined when there was no room for it, or Lambda itself failed. */
  async #attempt(): Promise<InvocationResult | undefined> {
    const runner = this.#target.runner();
    runner.metrics.put('AsyncEventAge', this.#deps.clock.now() - this.#acceptedAt, this.#request.qualifier);
    try {
      this.#attempts += 1;
      return await runner.invoke(this.#request);
    } catch (error) {
      if (this.#closing.aborted || !mayPass(error)) throw error;
      return undefined;
    }
  }

  #ended(condition: AsyncOutcome['condition'], result: InvocationResult | undefined): AsyncOutcome {
    return { condition, result, attempts: this.#attempts };
  }

  #expiresAt(): number {
    return this.#acceptedAt + (this.#target.config().maximumEventAgeSeconds ?? EVENT_AGE_SECONDS) * 1000;
  }

  #countLoss(): void {
    const { config, metrics } = this.#target.runner();
    metrics.put('AsyncEventsDropped', 1, this.#request.qualifier);
    this.#deps.log.warn('asynchronous invocation failed', { function: config.name });
  }
}

/** Throttles and faults of the service are tried again without being counted as the function's failures. */
const mayPass = (error: unknown): boolean =>
  error instanceof AwsError && (error.code === 'TooManyRequestsException' || error.status >= 500);

const refusalDelay = (refusals: number): number =>
  Math.min(LONGEST_THROTTLE_DELAY_MS, FIRST_THROTTLE_DELAY_MS * 2 ** refusals);
