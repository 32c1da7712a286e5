import type { Clock } from '../common/clock.ts';
import { compilePattern, type Matcher } from '../event-bridge/event-pattern.ts';
import type { DeliveryOutcome, EventTraffic } from '../event-bridge/event-traffic.ts';
import type { RuleTarget } from '../event-bridge/rule.ts';
import type { Event } from '../event-bridge/target-input.ts';
import type { EventLog, EventRecord } from '../observation/event-log.ts';
import type { EventFault } from './fault.ts';
import type { Go } from './holding-bay.ts';
import { matchesText } from './matching.ts';
import type { Transits } from './transits.ts';

type Way = Pick<EventRecord, 'rule' | 'target'>;

interface NamedRule {
  readonly name: string;
}

/** Records every event, and lets the faults have their way with it: once when it comes to the bus, and once for each target. */
export class EventFaults implements EventTraffic {
  readonly #deps: { readonly clock: Clock; readonly transits: Transits; readonly events: EventLog };
  readonly #patterns = new WeakMap<EventFault, Matcher>();

  constructor(deps: { readonly clock: Clock; readonly transits: Transits; readonly events: EventLog }) {
    this.#deps = deps;
  }

  async put(event: Event, onward: Go): Promise<void> {
    this.#record(event, {}, 'put');
    await this.#pass(event, {}, (fault) => fault.rule === undefined, onward);
  }

  async deliver(event: Event, rule: NamedRule, target: RuleTarget, onward: Go): Promise<void> {
    const isFor = (fault: EventFault) => fault.rule !== undefined && matchesText(fault.rule, rule.name);
    await this.#pass(event, wayOf(rule, target), isFor, onward);
  }

  ended(event: Event, rule: NamedRule, target: RuleTarget, outcome: DeliveryOutcome): void {
    this.#record(event, wayOf(rule, target), outcome);
  }

  async #pass(event: Event, way: Way, isFor: (fault: EventFault) => boolean, onward: Go): Promise<void> {
    const isMatch = (fault: EventFault) => isFor(fault) && this.#matcherOf(fault)(event);
    const { times, outcome, fault, passed } = this.#deps.transits.meet('event', isMatch, onward);
    if (outcome) this.#record(event, way, outcome, fault);
    for (let time = 0; time < times; time++) await onward();
    if (times > 0) passed();
  }

  #matcherOf(fault: EventFault): Matcher {
    const known = this.#patterns.get(fault);
    if (known) return known;
    const matcher = fault.pattern ? compilePattern(fault.pattern) : () => true;
    this.#patterns.set(fault, matcher);
    return matcher;
  }

  #record(event: Event, way: Way, outcome: EventRecord['outcome'], fault?: string): void {
    this.#deps.events.add({
      time: this.#deps.clock.now(),
      event: String(event.id),
      source: String(event.source),
      detailType: String(event['detail-type']),
      resources: event.resources as readonly string[],
      ...way,
      outcome,
      ...(fault === undefined ? {} : { fault }),
    });
  }
}

const wayOf = (rule: NamedRule, target: RuleTarget): Way => ({ rule: rule.name, target: target.arn });
