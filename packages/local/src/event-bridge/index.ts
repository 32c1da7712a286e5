import type { Account } from '../common/account.ts';
import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { BusEvent, EventSink, RoleAssumer, ServiceCaller } from '../common/ports.ts';
import type { Service } from '../common/service.ts';
import { DefaultEventBus } from './event-bus.ts';
import type { EventTraffic } from './event-traffic.ts';
import type { Rule } from './rule.ts';

export { compilePattern, type PatternOptions } from './event-pattern.ts';
export type { Rule, RuleTarget } from './rule.ts';
export { parseSchedule } from './schedule-expression.ts';
export { isKnownTarget, needsRole } from './target-call.ts';
export { parseTargetInput, type TargetInput } from './target-input.ts';

export interface EventBusDeps {
  readonly account: Account;
  readonly clock: Clock;
  readonly endpoint: () => string;
  readonly roles: RoleAssumer;
  /** For what targets are called by. */
  readonly calls: ServiceCaller;
  readonly log: Log;
  /** @default events go their way */
  readonly traffic?: EventTraffic;
}

/**
 * The account's default event bus: events come in from the parts of the stage and by PutEvents, and go out to the targets of matching rules,
 * asynchronously; the schedules of rules run on the stage's clock.
 */
export interface EventBus extends EventSink, Service {
  /** @returns the id of the event */
  put(event: BusEvent): string;
  /**
   * Adds or replaces a rule; a schedule begins anew.
   *
   * @throws AwsError `InvalidEventPatternException`, `ValidationException` (schedule, double target ids), `LimitExceededException`
   */
  putRule(rule: Rule): void;
  /** Events under way are still delivered. */
  deleteRule(name: string): void;
  /** Gives up what has not been delivered. */
  close(): Promise<void>;
}

export const createEventBus = (deps: EventBusDeps): EventBus => new DefaultEventBus(deps);
