import { AwsError } from '../common/aws-error.ts';
import type { Caller } from '../common/service.ts';
import { type DeliveryFailure, failureOf } from './delivery-failure.ts';
import type { DeliveryOutcome, EventTraffic } from './event-traffic.ts';
import type { EventBusDeps } from './index.ts';
import type { RuleTarget } from './rule.ts';
import { callOf, type TargetCall } from './target-call.ts';
import { type Delivered, inputFor } from './target-input.ts';

const PRINCIPAL = 'events.amazonaws.com';

/** The service's defaults for a target without RetryPolicy. */
const RETRY_ATTEMPTS = 185;
const EVENT_AGE_SECONDS = 86_400;

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 60_000;

const SESSION_NAME_LENGTH = 64;

/** Hands events to targets until each is accepted, or sent to the target's dead-letter queue. */
export class Delivery {
  readonly #deps: EventBusDeps;
  readonly #traffic: EventTraffic;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<void>>();

  constructor(deps: EventBusDeps, traffic: EventTraffic) {
    this.#deps = deps;
    this.#traffic = traffic;
  }

  /** Resolves when the first attempt has been made; what has to be tried again goes on behind it. */
  deliver(delivered: Delivered, target: RuleTarget): Promise<void> {
    return this.#traffic.deliver(delivered.event, delivered.rule, target, () => this.#deliver(delivered, target));
  }

  async #deliver(delivered: Delivered, target: RuleTarget): Promise<void> {
    const first = this.#attempt(delivered, target);
    const work = this.#settle(first, delivered, target)
      .catch((error: unknown) => this.#giveUp(delivered, target, error))
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
    await first;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#underWay);
  }

  async #settle(first: Promise<DeliveryFailure | undefined>, delivered: Delivered, target: RuleTarget): Promise<void> {
    const failure = await this.#retry(await first, delivered, target);
    if (!failure) return this.#ended(delivered, target, 'delivered');
    const { rule, event } = delivered;
    this.#deps.log.warn('event not delivered', { rule: rule.name, target: target.arn, ...failure });
    if (!target.deadLetterArn) return this.#ended(delivered, target, 'lost');
    const { input, ...call } = callOf(target.deadLetterArn, JSON.stringify(event), this.#deps.endpoint());
    const MessageAttributes = attributesOf(delivered, target, failure);
    await this.#call(this.#itself(delivered), { ...call, input: { ...input, MessageAttributes } });
    this.#ended(delivered, target, 'deadLettered');
  }

  async #retry(
    first: DeliveryFailure | undefined,
    delivered: Delivered,
    target: RuleTarget,
  ): Promise<DeliveryFailure | undefined> {
    const attempts = target.maximumRetryAttempts ?? RETRY_ATTEMPTS;
    const expiresAt = this.#deps.clock.now() + (target.maximumEventAgeInSeconds ?? EVENT_AGE_SECONDS) * 1000;
    let failure = first;
    for (let retries = 0; failure; retries++) {
      this.#closing.signal.throwIfAborted();
      if (!failure.mayPass) return { ...failure, retries };
      if (retries >= attempts) return { ...failure, retries, exhausted: 'MaximumRetryAttempts' };
      await this.#deps.clock.sleep(retryDelay(retries), this.#closing.signal);
      if (this.#deps.clock.now() >= expiresAt) return { ...failure, retries, exhausted: 'MaximumEventAgeInSeconds' };
      failure = await this.#attempt(delivered, target);
    }
    return undefined;
  }

  /** Undefined when the target has taken the event. */
  async #attempt(delivered: Delivered, target: RuleTarget): Promise<DeliveryFailure | undefined> {
    try {
      const call = callOf(target.arn, inputFor(target.input, delivered), this.#deps.endpoint());
      await this.#call(this.#callerFor(delivered, target), call);
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  }

  async #call(caller: Caller, call: TargetCall): Promise<void> {
    this.#closing.signal.throwIfAborted();
    await this.#deps.calls.call({ caller, ...call });
  }

  #callerFor(delivered: Delivered, { roleArn, id }: RuleTarget): Caller {
    if (roleArn === undefined) return this.#itself(delivered);
    const { rule } = delivered;
    const session = `${rule.name}_${id}`.replaceAll(/[^\w+=,.@-]/g, '-').slice(0, SESSION_NAME_LENGTH);
    return this.#deps.roles.assume(roleArn, PRINCIPAL, session, { 'aws:SourceArn': rule.arn });
  }

  /** Resources know a rule by its ARN. */
  #itself({ rule }: Delivered): Caller {
    return { type: 'service', arn: PRINCIPAL, sourceArn: rule.arn };
  }

  #ended({ event, rule }: Delivered, target: RuleTarget, outcome: DeliveryOutcome): void {
    this.#traffic.ended(event, rule, target, outcome);
  }

  #giveUp(delivered: Delivered, target: RuleTarget, error: unknown): void {
    if (this.#closing.signal.aborted) return;
    const { rule } = delivered;
    this.#ended(delivered, target, 'lost');
    const reason = error instanceof AwsError ? error.code : String(error);
    this.#deps.log.warn('event lost', { rule: rule.name, target: target.arn, error: reason });
  }
}

const retryDelay = (retries: number): number =>
  Math.random() * Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** retries);

/** What EventBridge tells about an event in a dead-letter queue. */
const attributesOf = ({ rule }: Delivered, target: RuleTarget, failure: DeliveryFailure) => {
  const texts: Readonly<Record<string, string>> = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: failure.code,
    // SQS takes no empty values.
    ERROR_MESSAGE: failure.message || failure.code,
    RETRY_ATTEMPTS: String(failure.retries),
    ...(failure.exhausted ? { EXHAUSTED_RETRY_CONDITION: failure.exhausted } : {}),
  };
  return Object.fromEntries(
    Object.entries(texts).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
};
