import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { parseArn } from '../common/arn.ts';
import { AwsError } from '../common/aws-error.ts';
import type { Caller } from '../common/service.ts';
import { failedItems } from './batch-response.ts';
import type { EventSourceMapping } from './event-source-mapping.ts';
import { type FunctionRunner, newRequestId, type RunnerDeps } from './function-runner.ts';
import { cutToSize, toRecord } from './sqs-event.ts';

const LONG_POLL_SECONDS = 20;
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
  #client: { readonly session: Caller; readonly sqs: SQSClient } | undefined;
  readonly #queueUrl: string;
  readonly #closing = new AbortController();
  readonly #batches = new Set<Promise<void>>();
  #receiving: Promise<void> = Promise.resolve();
  #visibilityMs = 0;

  /** @param runnerNow the function as it is; it may be replaced while its queue is polled */
  constructor(mapping: EventSourceMapping, runnerNow: () => FunctionRunner, deps: PollerDeps) {
    this.mapping = mapping;
    this.#runnerNow = runnerNow;
    this.#deps = deps;
    const { accountId = '', resource = '' } = parseArn(mapping.queueArn) ?? {};
    this.#queueUrl = `${deps.endpoint()}/${accountId}/${resource}`;
  }

  /** Checks what Lambda checks when a mapping is created, then polls until closed. */
  async start(): Promise<void> {
    const visibilitySeconds = await this.#visibilityTimeout();
    const { timeoutSeconds } = this.#runnerNow().config;
    if (visibilitySeconds < timeoutSeconds)
      throw invalid(
        `Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
      );
    this.#visibilityMs = visibilitySeconds * 1000;
    this.#receiving = this.#receiveUntilClosed();
  }

  /** Stops at once; batches that are with the function end with it. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#receiving;
    await Promise.all(this.#batches);
    this.#client?.sqs.destroy();
  }

  /** Acts as the role that the function has now. */
  #sqs(): SQSClient {
    const { session } = this.#runnerNow();
    if (this.#client?.session === session) return this.#client.sqs;
    this.#client?.sqs.destroy();
    const { account, endpoint, roles } = this.#deps;
    const credentials = roles.credentialsFor(session);
    const sqs = new SQSClient({ region: account.region, endpoint: endpoint(), credentials, maxAttempts: 1 });
    this.#client = { session, sqs };
    return sqs;
  }

  async #visibilityTimeout(): Promise<number> {
    const command = new GetQueueAttributesCommand({ QueueUrl: this.#queueUrl, AttributeNames: ['VisibilityTimeout'] });
    const { Attributes } = await this.#sqs()
      .send(command)
      .catch((error: Error) => {
        throw invalid(`The function's execution role cannot read the queue ${this.mapping.queueArn}: ${error.message}`);
      });
    return Number(Attributes?.VisibilityTimeout);
  }

  async #receiveUntilClosed(): Promise<void> {
    for (let failures = 0; !this.#closing.signal.aborted; ) {
      try {
        while (this.#batches.size >= this.mapping.maximumConcurrency) await Promise.race(this.#batches);
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
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#queueUrl,
      MaxNumberOfMessages: this.mapping.batchSize,
      WaitTimeSeconds: LONG_POLL_SECONDS,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = await this.#sqs().send(command, { abortSignal: this.#closing.signal });
    for (const messages of cutToSize(Messages, (message) => JSON.stringify(this.#toRecord(message)).length))
      this.#hand(messages);
  }

  #hand(messages: readonly Message[]): void {
    const batch = this.#process(messages)
      .catch((error: unknown) => this.#logFailure(messages, String(error)))
      .finally(() => this.#batches.delete(batch));
    this.#batches.add(batch);
  }

  async #process(messages: readonly Message[]): Promise<void> {
    const payload = JSON.stringify({ Records: messages.map((message) => this.#toRecord(message)) });
    const result = await this.#invoke(payload);
    if (result.functionError) return this.#logFailure(messages, 'the function failed');
    const ids = new Set(messages.map((message) => message.MessageId ?? ''));
    const failed = this.mapping.reportsItemFailures ? failedItems(result.payload, ids) : new Set<string>();
    if (failed === 'all') return this.#logFailure(messages, 'the function answered with no valid batch response');
    await this.#delete(messages.filter((message) => !failed.has(message.MessageId ?? '')));
  }

  /** A throttled batch is tried again until its messages are visible to others anyway. */
  async #invoke(payload: string) {
    const { arn } = this.#runnerNow().config;
    const givesUpAt = this.#deps.clock.now() + this.#visibilityMs;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#runnerNow().invoke({ requestId: newRequestId(), payload, invokedFunctionArn: arn });
      } catch (error) {
        const isThrottle = error instanceof AwsError && error.code === 'TooManyRequestsException';
        if (!isThrottle || this.#closing.signal.aborted || this.#deps.clock.now() >= givesUpAt) throw error;
        await this.#backOff(attempt);
      }
    }
  }

  async #delete(messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await this.#sqs().send(new DeleteMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries }));
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
