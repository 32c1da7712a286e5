import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { parseArn } from '../common/arn.ts';
import { AwsError } from '../common/aws-error.ts';
import type { FunctionRunner, InvokeRequest, RunnerDeps } from './function-runner.ts';
import type { InvocationResult } from './invocation.ts';

type AsyncDeps = Pick<RunnerDeps, 'account' | 'clock' | 'roles' | 'endpoint' | 'log'>;

/** Lambda waits a minute before the first retry of a failed function, two before the second. */
const RETRY_DELAY_MS = 60_000;
const RETRIES = 2;
const EVENT_AGE_SECONDS = 21_600;

const FIRST_THROTTLE_DELAY_MS = 1000;
const LONGEST_THROTTLE_DELAY_MS = 300_000;

/** One event that waits to be processed by a function, whoever sent it having gone on. */
export class AsyncInvocation {
  readonly #runnerNow: () => FunctionRunner;
  readonly #request: InvokeRequest;
  readonly #deps: AsyncDeps;
  readonly #closing: AbortSignal;

  /** @param runnerNow the function as it is when an attempt is made; throws when it is gone */
  constructor(runnerNow: () => FunctionRunner, request: InvokeRequest, deps: AsyncDeps, closing: AbortSignal) {
    this.#runnerNow = runnerNow;
    this.#request = request;
    this.#deps = deps;
    this.#closing = closing;
  }

  /** Never rejects: what failed for good goes to the dead-letter queue of the function, or is lost. */
  async run(): Promise<void> {
    try {
      const failure = await this.#tryUntilDone();
      if (failure) await this.#giveUp(failure);
    } catch (error) {
      if (!this.#closing.aborted) this.#deps.log.warn('asynchronous invocation lost', { error: String(error) });
    }
  }

  /** Undefined when an attempt succeeded. */
  async #tryUntilDone(): Promise<Failure | undefined> {
    const acceptedAt = this.#deps.clock.now();
    for (let [failures, throttles] = [0, 0]; ; ) {
      const { config } = this.#runnerNow();
      const result = await this.#attempt();
      if (result !== 'throttled' && !result.functionError) return undefined;
      const isFinal = result !== 'throttled' && failures++ >= (config.maximumRetryAttempts ?? RETRIES);
      const delay = result === 'throttled' ? throttleDelay(throttles++) : RETRY_DELAY_MS * failures;
      const expiresAt = acceptedAt + (config.maximumEventAgeSeconds ?? EVENT_AGE_SECONDS) * 1000;
      if (isFinal || this.#deps.clock.now() + delay > expiresAt) return failureOf(result);
      await this.#deps.clock.sleep(delay, this.#closing);
    }
  }

  async #attempt(): Promise<InvocationResult | 'throttled'> {
    try {
      return await this.#runnerNow().invoke(this.#request);
    } catch (error) {
      if (error instanceof AwsError && error.code === 'TooManyRequestsException') return 'throttled';
      throw error;
    }
  }

  async #giveUp(failure: Failure): Promise<void> {
    const { name, deadLetterArn } = this.#runnerNow().config;
    this.#deps.log.warn('asynchronous invocation failed', { function: name, deadLetterArn });
    if (deadLetterArn) await this.#toDeadLetterQueue(deadLetterArn, failure);
  }

  /** Sent under the function's role: without the permission the event is lost. */
  async #toDeadLetterQueue(queueArn: string, failure: Failure): Promise<void> {
    const { accountId = '', resource = '' } = parseArn(queueArn) ?? {};
    const client = new SQSClient({
      region: this.#deps.account.region,
      endpoint: this.#deps.endpoint(),
      credentials: this.#deps.roles.credentialsFor(this.#runnerNow().session),
    });
    const command = new SendMessageCommand({
      QueueUrl: `${this.#deps.endpoint()}/${accountId}/${resource}`,
      MessageBody: this.#request.payload,
      MessageAttributes: {
        RequestID: { DataType: 'String', StringValue: this.#request.requestId },
        ErrorCode: { DataType: 'Number', StringValue: failure.payload ? '200' : '429' },
        ErrorMessage: { DataType: 'String', StringValue: failure.reason.slice(0, 1024) || 'none' },
      },
    });
    await client.send(command, { abortSignal: this.#closing }).finally(() => client.destroy());
  }
}

interface Failure {
  /** What the function answered; empty when it never ran. */
  readonly payload: string;
  readonly reason: string;
}

const failureOf = (result: InvocationResult | 'throttled'): Failure =>
  result === 'throttled'
    ? { payload: '', reason: 'Rate Exceeded.' }
    : { payload: result.payload, reason: (JSON.parse(result.payload) as { errorMessage?: string }).errorMessage ?? '' };

const throttleDelay = (throttles: number): number =>
  Math.min(LONGEST_THROTTLE_DELAY_MS, FIRST_THROTTLE_DELAY_MS * 2 ** throttles);
