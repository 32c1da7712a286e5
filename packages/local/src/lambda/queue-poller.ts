import type { Message } from '@aws-sdk/client-sqs';
import { AwsError } from '../common/aws-error.ts';
import { failedItems } from './batch-response.ts';
import type { EventSourceMapping } from './event-source-mapping.ts';
import { type FunctionRunner, newRequestId, type RunnerDeps } from './function-runner.ts';
import { MessageBatcher } from './message-batcher.ts';
import { messageFilter } from './message-filter.ts';
import { PolledQueue } from './polled-queue.ts';
import { Slots } from './slots.ts';
import { toRecord } from './sqs-event.ts';

const FIRST_BACK_OFF_MS = 100;
const LONGEST_BACK_OFF_MS = 5000;

type PollerDeps = Pick<RunnerDeps, 'account' | 'clock' | 'roles' | 'endpoint' | 'log'>;

/**
 * Polls one queue for one function, under the function's role. One receiver feeds as many batches as may be at work: Lambda's five idle
 * pollers would only make the record of calls longer.
 */
export class QueuePoller {
  readonly mapping: EventSourceMapping;
  readonly #runnerNow: () => FunctionRunner;
  readonly #deps: PollerDeps;
  readonly #queue: PolledQueue;
  readonly #isWanted: (body: string) => boolean;
  readonly #batcher: MessageBatcher;
  readonly #slots: Slots;
  readonly #closing = new AbortController();
  readonly #batches = new Set<Promise<void>>();
  #receiving: Promise<void> = Promise.resolve();
  #visibilityMs = 0;

  /**
   * @param runnerNow the function as it is; it may be replaced while its queue is polled
   * @throws AwsError `InvalidParameterValueException` for a filter that is none
   */
  constructor(mapping: EventSourceMapping, runnerNow: () => FunctionRunner, deps: PollerDeps) {
    this.mapping = mapping;
    this.#runnerNow = runnerNow;
    this.#deps = deps;
    this.#queue = new PolledQueue(mapping.queueArn, () => runnerNow().session, deps);
    this.#isWanted = messageFilter(mapping.filters ?? []);
    this.#slots = new Slots(mapping.maximumConcurrency);
    this.#batcher = new MessageBatcher({
      size: mapping.batchSize,
      windowMs: (mapping.batchingWindowSeconds ?? 0) * 1000,
      clock: deps.clock,
      bytesOf: (message) => JSON.stringify(this.#toRecord(message)).length,
      hand: (messages) => this.#hand(messages),
    });
  }

  /** What Lambda checks when a mapping is created or changed. */
  async check(): Promise<void> {
    const visibilitySeconds = await this.#queue.visibilitySeconds().catch((error: Error) => {
      throw invalid(`The function's execution role cannot read the queue ${this.mapping.queueArn}: ${error.message}`);
    });
    const { timeoutSeconds } = this.#runnerNow().config;
    if (visibilitySeconds < timeoutSeconds)
      throw invalid(
        `Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
      );
    this.#visibilityMs = visibilitySeconds * 1000;
  }

  /** Polls until closed, if the mapping is enabled. */
  start(): void {
    if (this.mapping.isEnabled ?? true) this.#receiving = this.#receiveUntilClosed();
  }

  /** Stops at once; batches that are with the function end with it. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#batcher.close();
    await this.#receiving;
    await Promise.all(this.#batches);
    this.#queue.close();
  }

  async #receiveUntilClosed(): Promise<void> {
    for (let failures = 0; !this.#closing.signal.aborted; ) {
      try {
        await this.#slots.free();
        await this.#receive();
        failures = 0;
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        this.#deps.log.warn('queue not polled', { queue: this.mapping.queueArn, error: String(error) });
        await this.#backOff(failures++);
      }
    }
  }

  async #receive(): Promise<void> {
    const messages = await this.#queue.receive(this.#batcher.room, this.#closing.signal);
    if (this.#closing.signal.aborted) return;
    const wanted = messages.filter(({ Body = '' }) => this.#isWanted(Body));
    this.#batcher.add(wanted);
    await this.#queue.delete(messages.filter((message) => !wanted.includes(message)));
  }

  #hand(messages: readonly Message[]): void {
    const batch = this.#slots
      .run(() => this.#process(messages))
      .catch((error: unknown) => this.#logFailure(messages, String(error)))
      .finally(() => this.#batches.delete(batch));
    this.#batches.add(batch);
  }

  async #process(messages: readonly Message[]): Promise<void> {
    this.#closing.signal.throwIfAborted();
    const payload = JSON.stringify({ Records: messages.map((message) => this.#toRecord(message)) });
    const result = await this.#invoke(payload);
    if (result.functionError) return this.#logFailure(messages, 'the function failed');
    const ids = new Set(messages.map((message) => message.MessageId ?? ''));
    const failed = this.mapping.reportsItemFailures ? failedItems(result.payload, ids) : new Set<string>();
    if (failed === 'all') return this.#logFailure(messages, 'the function answered with no valid batch response');
    await this.#queue.delete(messages.filter((message) => !failed.has(message.MessageId ?? '')));
  }

  /** A throttled batch is tried again until its messages are visible to others anyway. */
  async #invoke(payload: string) {
    const { qualifier } = this.mapping;
    const givesUpAt = this.#deps.clock.now() + this.#visibilityMs;
    for (let attempt = 0; ; attempt++) {
      try {
        const runner = this.#runnerNow();
        const invokedFunctionArn = [runner.config.arn, ...(qualifier === undefined ? [] : [qualifier])].join(':');
        const named = qualifier === undefined ? {} : { qualifier };
        return await runner.invoke({ requestId: newRequestId(), payload, invokedFunctionArn, ...named });
      } catch (error) {
        const isThrottle = error instanceof AwsError && error.code === 'TooManyRequestsException';
        if (!isThrottle || this.#closing.signal.aborted || this.#deps.clock.now() >= givesUpAt) throw error;
        await this.#backOff(attempt);
      }
    }
  }

  #toRecord(message: Message) {
    return toRecord(message, this.mapping.queueArn, this.#deps.account.region);
  }

  async #backOff(attempt: number): Promise<void> {
    const delay = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** attempt);
    await this.#deps.clock.sleep(delay, this.#closing.signal).catch(() => undefined);
  }

  #logFailure(messages: readonly Message[], reason: string): void {
    if (this.#closing.signal.aborted) return;
    const { functionName, queueArn } = this.mapping;
    this.#deps.log.warn('batch failed', { function: functionName, queue: queueArn, messages: messages.length, reason });
  }
}

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message);
