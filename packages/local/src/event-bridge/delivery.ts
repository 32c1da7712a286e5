import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { parseArn } from '../common/arn.ts';
import { type DeliveryFailure, failureOf } from './delivery-failure.ts';
import type { EventBusDeps } from './index.ts';
import type { Rule, RuleTarget } from './rule.ts';

const PRINCIPAL = 'events.amazonaws.com';

/** The service's defaults for a target without RetryPolicy. */
const RETRY_ATTEMPTS = 185;
const EVENT_AGE_SECONDS = 86_400;

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 60_000;

type Event = Readonly<Record<string, unknown>>;

/** Sends events to queues until each is accepted, or handed to the target's dead-letter queue. */
export class Delivery {
  readonly #deps: EventBusDeps;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  /** One a rule, by its ARN: queues know a rule by that. */
  readonly #clients = new Map<string, SQSClient>();

  constructor(deps: EventBusDeps) {
    this.#deps = deps;
  }

  deliver(event: Event, rule: Rule, target: RuleTarget): void {
    const work = this.#deliver(event, rule, target)
      .catch((error: unknown) => this.#giveUp(rule, target, error))
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#underWay);
    for (const client of this.#clients.values()) client.destroy();
  }

  async #deliver(event: Event, rule: Rule, target: RuleTarget): Promise<void> {
    const failure = await this.#sendUntilAccepted(event, rule, target);
    if (!failure) return;
    this.#deps.log.warn('event not delivered', { rule: rule.name, target: target.arn, ...failure });
    if (target.deadLetterArn) await this.#send(rule, target.deadLetterArn, event, attributesOf(rule, target, failure));
  }

  async #sendUntilAccepted(event: Event, rule: Rule, target: RuleTarget): Promise<DeliveryFailure | undefined> {
    const attempts = target.maximumRetryAttempts ?? RETRY_ATTEMPTS;
    const expiresAt = this.#deps.clock.now() + (target.maximumEventAgeInSeconds ?? EVENT_AGE_SECONDS) * 1000;
    for (let retries = 0; ; retries++) {
      const failure = await this.#send(rule, target.arn, event).then(() => undefined, failureOf);
      this.#closing.signal.throwIfAborted();
      if (!failure) return undefined;
      if (!failure.mayPass) return { ...failure, retries };
      if (retries >= attempts) return { ...failure, retries, exhausted: 'MaximumRetryAttempts' };
      await this.#deps.clock.sleep(retryDelay(retries), this.#closing.signal);
      if (this.#deps.clock.now() >= expiresAt) return { ...failure, retries, exhausted: 'MaximumEventAgeInSeconds' };
    }
  }

  async #send(rule: Rule, queueArn: string, event: Event, attributes: Record<string, string> = {}): Promise<void> {
    const { accountId = '', resource = '' } = parseArn(queueArn) ?? {};
    const command = new SendMessageCommand({
      QueueUrl: `${this.#deps.endpoint()}/${accountId}/${resource}`,
      MessageBody: JSON.stringify(event),
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      ),
    });
    await this.#sqs(rule.arn).send(command, { abortSignal: this.#closing.signal });
  }

  /** Made when first needed: the endpoint is known only once the gateway listens. */
  #sqs(sourceArn: string): SQSClient {
    const known = this.#clients.get(sourceArn);
    if (known) return known;
    const client = new SQSClient({
      region: this.#deps.account.region,
      endpoint: this.#deps.endpoint(),
      credentials: this.#deps.roles.credentialsFor({ type: 'service', arn: PRINCIPAL, sourceArn }),
      maxAttempts: 1,
    });
    this.#clients.set(sourceArn, client);
    return client;
  }

  #giveUp(rule: Rule, target: RuleTarget, error: unknown): void {
    if (this.#closing.signal.aborted) return;
    this.#deps.log.warn('event lost', { rule: rule.name, target: target.arn, error: String(error) });
  }
}

const retryDelay = (retries: number): number =>
  Math.random() * Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** retries);

/** What EventBridge tells about an event in a dead-letter queue. */
const attributesOf = (rule: Rule, target: RuleTarget, failure: DeliveryFailure): Record<string, string> => ({
  RULE_ARN: rule.arn,
  TARGET_ARN: target.arn,
  ERROR_CODE: failure.code,
  ERROR_MESSAGE: failure.message,
  RETRY_ATTEMPTS: String(failure.retries),
  ...(failure.exhausted ? { EXHAUSTED_RETRY_CONDITION: failure.exhausted } : {}),
});
