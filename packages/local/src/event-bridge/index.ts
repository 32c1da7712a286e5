import { randomUUID } from 'node:crypto';
import type { Account } from '../common/account.ts';
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { BusEvent, EventSink, RoleAssumer } from '../common/ports.ts';
import { Delivery } from './delivery.ts';
import { compilePattern, type Matcher } from './event-pattern.ts';
import type { Rule } from './rule.ts';

export { compilePattern } from './event-pattern.ts';
export type { Rule, RuleTarget } from './rule.ts';

export interface EventBusDeps {
  readonly account: Account;
  readonly clock: Clock;
  readonly endpoint: () => string;
  readonly roles: RoleAssumer;
  readonly log: Log;
}

/** The account's default event bus: events come in from the parts of the stage and go out to the queues of matching rules, asynchronously. */
export interface EventBus extends EventSink {
  /**
   * Adds or replaces a rule.
   *
   * @throws AwsError `InvalidEventPatternException`
   * @throws NotSupportedError for pattern operators that the stage does not know
   */
  putRule(rule: Rule): void;
  deleteRule(name: string): void;
  /** Gives up what has not been delivered. */
  close(): Promise<void>;
}

export const createEventBus = (deps: EventBusDeps): EventBus => {
  const rules = new Map<string, { readonly rule: Rule; readonly matches: Matcher }>();
  const delivery = new Delivery(deps);
  return {
    putRule: (rule) => void rules.set(rule.name, { rule, matches: compilePattern(rule.pattern) }),
    deleteRule: (name) => void rules.delete(name),
    put: (event) => {
      const envelope = toEnvelope(event, deps);
      for (const { rule, matches } of rules.values())
        if (rule.enabled && matches(envelope))
          for (const target of rule.targets) delivery.deliver(envelope, rule, target);
    },
    close: () => delivery.close(),
  };
};

/** The event with what the bus adds; times of events carry no fraction of a second. */
const toEnvelope = (event: BusEvent, { account, clock }: EventBusDeps): Readonly<Record<string, unknown>> => ({
  version: '0',
  id: randomUUID(),
  'detail-type': event['detail-type'],
  source: event.source,
  account: account.accountId,
  time: event.time ?? new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
  region: account.region,
  resources: event.resources,
  detail: event.detail,
});
