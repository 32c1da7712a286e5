import { parseArn } from '../common/arn.ts';
import { AwsError } from '../common/aws-error.ts';
import { isDefaultBus } from './bus-name.ts';
import { parsePattern } from './event-pattern.ts';
import type { Rule, RuleTarget } from './rule.ts';
import type { Rules } from './rules.ts';

type Input = Readonly<Record<string, unknown>>;

/** The operations on rules, and on patterns; what they take and give is as in the API. */
export const RULE_OPERATIONS: Readonly<Record<string, (input: Input, rules: Rules) => unknown>> = {
  DescribeRule: (input, rules) => {
    const rule = rules.get(nameIn(input));
    return { ...described(rule), CreatedBy: parseArn(rule.arn)?.accountId };
  },
  ListRules: (input, rules) => listRules(input, rules),
  ListTargetsByRule: (input, rules) => {
    const { page, next } = pageOf(rules.get(nameIn(input, 'Rule')).targets, input);
    return { Targets: page.map(targetOf), ...next };
  },
  EnableRule: (input, rules) => rules.enable(nameIn(input), true),
  DisableRule: (input, rules) => rules.enable(nameIn(input), false),
  TestEventPattern: (input) => ({ Result: parsePattern(textIn(input, 'EventPattern'))(eventIn(input)) }),
};

const listRules = (input: Input, rules: Rules) => {
  checkBus(input);
  const prefix = typeof input.NamePrefix === 'string' ? input.NamePrefix : '';
  const named = rules.all().filter(({ name }) => name.startsWith(prefix));
  const { page, next } = pageOf(
    named.sort((a, b) => (a.name < b.name ? -1 : 1)),
    input,
  );
  return { Rules: page.map(described), ...next };
};

const described = (rule: Rule) => ({
  Name: rule.name,
  Arn: rule.arn,
  ...(rule.pattern === undefined ? {} : { EventPattern: JSON.stringify(rule.pattern) }),
  ...(rule.schedule === undefined ? {} : { ScheduleExpression: rule.schedule }),
  State: rule.enabled ? 'ENABLED' : 'DISABLED',
  ...(rule.description === undefined ? {} : { Description: rule.description }),
  EventBusName: 'default',
});

const targetOf = ({ id, arn, roleArn, input, deadLetterArn, ...retry }: RuleTarget) => ({
  Id: id,
  Arn: arn,
  ...(roleArn === undefined ? {} : { RoleArn: roleArn }),
  ...input?.fields,
  ...(deadLetterArn === undefined ? {} : { DeadLetterConfig: { Arn: deadLetterArn } }),
  ...(retry.maximumRetryAttempts === undefined && retry.maximumEventAgeInSeconds === undefined
    ? {}
    : {
        RetryPolicy: {
          MaximumRetryAttempts: retry.maximumRetryAttempts,
          MaximumEventAgeInSeconds: retry.maximumEventAgeInSeconds,
        },
      }),
});

const ENVELOPE = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];

/** An event of TestEventPattern has to have all that a real one has. */
const eventIn = (input: Input): Readonly<Record<string, unknown>> => {
  const event = parsedObject(textIn(input, 'Event'));
  if (!event) throw invalid('Parameter Event is not valid.');
  const missing = ENVELOPE.find((field) => event[field] === undefined);
  if (missing) throw invalid(`Parameter Event is not valid. Reason: ${missing} is a required field.`);
  return event;
};

const parsedObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

const nameIn = (input: Input, field = 'Name'): string => {
  checkBus(input);
  return textIn(input, field);
};

const checkBus = ({ EventBusName }: Input): void => {
  if (isDefaultBus(EventBusName)) return;
  throw new AwsError('ResourceNotFoundException', `Event bus ${JSON.stringify(EventBusName)} does not exist.`);
};

const textIn = (input: Input, field: string): string => {
  const value = input[field];
  if (typeof value === 'string' && value !== '') return value;
  const parameter = field.charAt(0).toLowerCase() + field.slice(1);
  throw invalid(
    `1 validation error detected: Value at '${parameter}' failed to satisfy constraint: Member must not be null`,
  );
};

const MOST_A_PAGE = 100;

const pageOf = <T>(all: readonly T[], { Limit, NextToken }: Input) => {
  const from = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isSafeInteger(from) || from < 0) throw invalid('The provided next token is invalid.');
  const limit = Limit ?? MOST_A_PAGE;
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > MOST_A_PAGE)
    throw invalid(`1 validation error detected: Value at 'limit' failed to satisfy constraint: 1 to ${MOST_A_PAGE}`);
  const to = from + limit;
  return { page: all.slice(from, to), next: to < all.length ? { NextToken: String(to) } : {} };
};

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
