import { randomUUID } from 'node:crypto';
import { arnIn } from '../common/arn.ts';
import type { BusEvent } from '../common/ports.ts';
import type { ApiCall, NeededPermission, ServiceReply } from '../common/service.ts';
import { unknownOperation } from '../gateway/errors.ts';
import { Delivery } from './delivery.ts';
import { type EventTraffic, freeTraffic } from './event-traffic.ts';
import type { EventBus, EventBusDeps } from './index.ts';
import { isoSeconds, putEvents, putEventsPermissions } from './put-events.ts';
import type { Rule } from './rule.ts';
import { Rules } from './rules.ts';
import { RULE_OPERATIONS } from './rules-api.ts';
import { Scheduler } from './scheduler.ts';
import type { Event } from './target-input.ts';

/** Operations that SAR knows no resource for. */
const ON_NO_RESOURCE = ['ListRules', 'TestEventPattern'];

/** The default bus of the account, and the API to put events on it and look at its rules. */
export class DefaultEventBus implements EventBus {
  readonly name = 'events';
  readonly #deps: EventBusDeps;
  readonly #traffic: EventTraffic;
  readonly #delivery: Delivery;
  readonly #scheduler: Scheduler;
  readonly #rules: Rules;

  constructor(deps: EventBusDeps) {
    this.#deps = deps;
    this.#traffic = deps.traffic ?? freeTraffic;
    this.#delivery = new Delivery(deps, this.#traffic);
    this.#scheduler = new Scheduler(deps.clock);
    this.#rules = new Rules(this.#scheduler, (rule, dueAt) => this.#fire(rule, dueAt));
  }

  putRule(rule: Rule): void {
    this.#rules.put(rule);
  }

  deleteRule(name: string): void {
    this.#rules.remove(name);
  }

  put(event: BusEvent): string {
    const id = randomUUID();
    const envelope = this.#envelope(id, event);
    void this.#traffic.put(envelope, async () => {
      await Promise.all(this.#rules.matching(envelope).map((rule) => this.#deliver(envelope, rule)));
    });
    return id;
  }

  permissionsFor({ operation, input }: ApiCall): readonly NeededPermission[] {
    const { account } = this.#deps;
    if (operation === 'PutEvents') return putEventsPermissions(input, arnIn(account, 'events', 'event-bus/default'));
    const named = input.Name ?? input.Rule;
    const rule = arnIn(account, 'events', `rule/${typeof named === 'string' ? named : '*'}`);
    const resource = ON_NO_RESOURCE.includes(operation) ? '*' : rule;
    return [{ action: `events:${operation}`, resource }];
  }

  perform({ operation, input }: ApiCall): Promise<ServiceReply> {
    return Promise.resolve().then(() => ({ output: this.#perform(operation, input) }));
  }

  async close(): Promise<void> {
    this.#scheduler.close();
    await this.#delivery.close();
  }

  #perform(operation: string, input: ApiCall['input']): unknown {
    if (operation === 'PutEvents') return putEvents(input, (event) => this.put(event));
    const perform = Object.hasOwn(RULE_OPERATIONS, operation) ? RULE_OPERATIONS[operation] : undefined;
    if (!perform) throw unknownOperation('events', operation);
    return perform(input, this.#rules) ?? {};
  }

  /** A schedule's event goes to the targets of its rule, and is seen by no other. */
  async #fire(rule: Rule, dueAt: number): Promise<void> {
    const event = {
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      time: isoSeconds(dueAt),
      resources: [rule.arn],
      detail: {},
    };
    await this.#deliver(this.#envelope(randomUUID(), event), rule);
  }

  async #deliver(event: Event, rule: Rule): Promise<void> {
    const delivered = { event, rule, ingestionTime: isoSeconds(this.#deps.clock.now()) };
    await Promise.all(rule.targets.map((target) => this.#delivery.deliver(delivered, target)));
  }

  /** The event with what the bus adds. */
  #envelope(id: string, event: BusEvent): Event {
    const { account, clock } = this.#deps;
    return {
      version: '0',
      id,
      'detail-type': event['detail-type'],
      source: event.source,
      account: account.accountId,
      time: event.time ?? isoSeconds(clock.now()),
      region: account.region,
      resources: event.resources,
      detail: event.detail,
    };
  }
}
