import type { Rule, RuleTarget } from './rule.ts';
import type { Event } from './target-input.ts';

type NamedRule = Pick<Rule, 'name' | 'arn'>;

/** How the way of an event to a target has ended. */
export type DeliveryOutcome = 'delivered' | 'deadLettered' | 'lost';

/** What events pass on their way: it sees each of them, and lets it go on; once and at once, or as it likes. */
export interface EventTraffic {
  /** @param onward takes the event to the rules that it matches; resolves when its targets have been tried */
  put(event: Event, onward: () => Promise<void>): Promise<void>;
  /** @param onward takes the event to the target; resolves when that has been tried */
  deliver(event: Event, rule: NamedRule, target: RuleTarget, onward: () => Promise<void>): Promise<void>;
  ended(event: Event, rule: NamedRule, target: RuleTarget, outcome: DeliveryOutcome): void;
}

export const freeTraffic: EventTraffic = {
  put: (_event, onward) => onward(),
  deliver: (_event, _rule, _target, onward) => onward(),
  ended: () => undefined,
};
