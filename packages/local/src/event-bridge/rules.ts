import { AwsError } from '../common/aws-error.ts';
import { compilePattern, type Matcher } from './event-pattern.ts';
import type { Rule } from './rule.ts';
import { parseSchedule } from './schedule-expression.ts';
import type { Scheduler } from './scheduler.ts';

const MOST_RULES = 300;
const MOST_TARGETS = 5;

interface StoredRule {
  readonly rule: Rule;
  readonly matches: Matcher | undefined;
}

/** The rules of the bus by name. */
export class Rules {
  readonly #rules = new Map<string, StoredRule>();
  readonly #scheduler: Scheduler;
  readonly #fire: (rule: Rule, dueAt: number) => Promise<void>;

  /** @param fire a rule's schedule is due */
  constructor(scheduler: Scheduler, fire: (rule: Rule, dueAt: number) => Promise<void>) {
    this.#scheduler = scheduler;
    this.#fire = fire;
  }

  /** Adds or replaces a rule; a schedule begins anew. */
  put(rule: Rule): void {
    checkRule(rule);
    if (!this.#rules.has(rule.name) && this.#rules.size >= MOST_RULES) throw limitExceeded();
    const matches = rule.pattern === undefined ? undefined : compilePattern(rule.pattern);
    const next = rule.schedule === undefined ? undefined : parseSchedule(rule.schedule);
    this.#rules.set(rule.name, { rule, matches });
    if (next && rule.enabled) this.#scheduler.put(rule.name, next, (dueAt) => this.#fire(rule, dueAt));
    else this.#scheduler.remove(rule.name);
  }

  remove(name: string): void {
    this.#rules.delete(name);
    this.#scheduler.remove(name);
  }

  /** Enabling what is enabled changes nothing, and does not begin its schedule anew. */
  enable(name: string, enabled: boolean): void {
    const rule = this.get(name);
    if (rule.enabled !== enabled) this.put({ ...rule, enabled });
  }

  /** @throws AwsError `ResourceNotFoundException` */
  get(name: string): Rule {
    const stored = this.#rules.get(name);
    if (stored) return stored.rule;
    throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus default.`);
  }

  all(): readonly Rule[] {
    return [...this.#rules.values()].map(({ rule }) => rule);
  }

  matching(event: Readonly<Record<string, unknown>>): readonly Rule[] {
    return [...this.#rules.values()]
      .filter(({ rule, matches }) => rule.enabled && matches?.(event))
      .map(({ rule }) => rule);
  }
}

/** @throws AwsError `ValidationException`, `LimitExceededException` */
const checkRule = ({ pattern, schedule, targets }: Rule): void => {
  if (pattern === undefined && schedule === undefined)
    throw new AwsError('ValidationException', 'Parameter(s) EventPattern or ScheduleExpression must be specified.');
  if (targets.length > MOST_TARGETS) throw limitExceeded();
  if (new Set(targets.map(({ id }) => id)).size < targets.length)
    throw new AwsError('ValidationException', 'Targets of one rule must have different ids.');
};

const limitExceeded = (): AwsError =>
  new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
