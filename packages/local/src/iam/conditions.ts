import { BlockList, isIPv6 } from 'node:net';
import type { RequestContext } from './context.ts';
import { equalsText, matchesArn, matchesText, type Variables } from './match.ts';

/** One operator applied to one key: `{"StringLike": {"aws:PrincipalArn": ["…"]}}`. */
export interface Condition {
  readonly operator: string;
  readonly test: Test;
  readonly negated: boolean;
  readonly set: 'ForAllValues' | 'ForAnyValue' | undefined;
  readonly ifExists: boolean;
  readonly key: string;
  readonly wanted: readonly string[];
}

/** Does the request's value match the one of the policy? */
type Test = (wanted: string, actual: string, variables: Variables) => boolean;

const numbers =
  (compare: (actual: number, wanted: number) => boolean): Test =>
  (wanted, actual) =>
    compare(Number(actual), Number(wanted));

/** Dates are ISO 8601 or epoch seconds. */
const epochMs = (date: string): number => (/^\d+$/.test(date) ? Number(date) * 1000 : Date.parse(date));

const dates =
  (compare: (actual: number, wanted: number) => boolean): Test =>
  (wanted, actual) =>
    compare(epochMs(actual), epochMs(wanted));

const inNetwork: Test = (wanted, actual) => {
  const [address = '', bits] = wanted.split('/');
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const network = new BlockList();
  if (bits === undefined) network.addAddress(address, family);
  else network.addSubnet(address, Number(bits), family);
  return network.check(actual, isIPv6(actual) ? 'ipv6' : 'ipv4');
};

const equals = (a: number, b: number): boolean => a === b;

const TESTS: Readonly<Record<string, Test>> = {
  StringEquals: equalsText,
  StringEqualsIgnoreCase: (wanted, actual, variables) =>
    equalsText(wanted.toLowerCase(), actual.toLowerCase(), variables),
  StringLike: matchesText,
  // AWS gives both the same meaning.
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  NumericEquals: numbers(equals),
  NumericLessThan: numbers((a, b) => a < b),
  NumericLessThanEquals: numbers((a, b) => a <= b),
  NumericGreaterThan: numbers((a, b) => a > b),
  NumericGreaterThanEquals: numbers((a, b) => a >= b),
  DateEquals: dates(equals),
  DateLessThan: dates((a, b) => a < b),
  DateLessThanEquals: dates((a, b) => a <= b),
  DateGreaterThan: dates((a, b) => a > b),
  DateGreaterThanEquals: dates((a, b) => a >= b),
  Bool: (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase(),
  IpAddress: inNetwork,
};

/** Each is its counterpart turned round. */
const NEGATIONS: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
};

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/;

/** Undefined when IAM, or this evaluation of it, knows no such operator. */
export const parseOperator = (
  operator: string,
): Pick<Condition, 'operator' | 'test' | 'negated' | 'set' | 'ifExists'> | undefined => {
  const [, set, name = '', ifExists] = OPERATOR.exec(operator) ?? [];
  if (operator === 'Null') return { operator, test: isAbsent, negated: false, set: undefined, ifExists: false };
  const test = TESTS[NEGATIONS[name] ?? name];
  if (!test) return undefined;
  return { operator, test, negated: name in NEGATIONS, set: set as Condition['set'], ifExists: ifExists !== undefined };
};

/** Marks the operator Null, which asks whether the key is there at all. */
const isAbsent: Test = () => false;

export const conditionHolds = (condition: Condition, context: RequestContext, variables: Variables): boolean => {
  const actual = context.get(condition.key);
  if (condition.test === isAbsent) return condition.wanted.includes(String(actual === undefined));
  const fits = (value: string) =>
    condition.wanted.some((wanted) => condition.test(wanted, value, variables)) !== condition.negated;
  const values = actual === undefined ? [] : [actual].flat();
  if (condition.set === 'ForAllValues') return values.every(fits);
  if (actual === undefined) return condition.ifExists || (condition.negated && condition.set === undefined);
  if (condition.set === 'ForAnyValue' || !condition.negated) return values.some(fits);
  return values.every(fits);
};
