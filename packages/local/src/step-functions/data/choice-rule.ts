import type { ChoiceRule } from '../definition/states.ts';
import { RuntimeProblem } from '../errors.ts';
import { isObject, type Json } from './json.ts';
import { findPath, type Scope } from './path.ts';
import { parseTimestamp } from './timestamp.ts';
import { matchesWildcard } from './wildcard.ts';

type Check = (value: Json, operand: unknown) => boolean;

const ORDERS: Readonly<Record<string, (left: number | string, right: number | string) => boolean>> = {
  Equals: (left, right) => left === right,
  LessThan: (left, right) => left < right,
  GreaterThan: (left, right) => left > right,
  LessThanEquals: (left, right) => left <= right,
  GreaterThanEquals: (left, right) => left >= right,
};

/** What a type makes of a value so that it can be compared; undefined for a value of another type, which compares false. */
const TYPES: Readonly<Record<string, (value: unknown) => number | string | undefined>> = {
  String: (value) => (typeof value === 'string' ? value : undefined),
  Numeric: (value) => (typeof value === 'number' ? value : undefined),
  Timestamp: parseTimestamp,
};

const comparison =
  (
    type: (value: unknown) => number | string | undefined,
    order: (l: number | string, r: number | string) => boolean,
  ): Check =>
  (value, operand) => {
    const left = type(value);
    const right = type(operand);
    return left !== undefined && right !== undefined && order(left, right);
  };

const is =
  (test: (value: Json) => boolean): Check =>
  (value, operand) =>
    test(value) === operand;

const comparisons = Object.entries(TYPES).flatMap(([type, read]) =>
  Object.entries(ORDERS).map(([order, holds]): [string, Check] => [`${type}${order}`, comparison(read, holds)]),
);

const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ...comparisons,
  ['BooleanEquals', (value, operand) => typeof value === 'boolean' && value === operand],
  ['StringMatches', (value, operand) => typeof value === 'string' && matchesWildcard(value, String(operand))],
  ['IsNull', is((value) => value === null)],
  ['IsNumeric', is((value) => typeof value === 'number')],
  ['IsString', is((value) => typeof value === 'string')],
  ['IsBoolean', is((value) => typeof value === 'boolean')],
  ['IsTimestamp', is((value) => parseTimestamp(value) !== undefined)],
]);

/** Is this a comparison that the stage knows? Those with `Path` take what they compare with from the input. */
export const isOperator = (name: string): boolean =>
  name === 'IsPresent' || CHECKS.has(name) || (isPathOperator(name) && CHECKS.has(name.slice(0, -4)));

export const isPathOperator = (name: string): boolean => name.endsWith('Path');

/** @throws RuntimeProblem when a path of the rule leads nowhere */
export const holds = (rule: ChoiceRule, scope: Scope): boolean => {
  if (rule.And) return rule.And.every((part) => holds(part, scope));
  if (rule.Or) return rule.Or.some((part) => holds(part, scope));
  if (rule.Not) return !holds(rule.Not, scope);
  const variable = String(rule.Variable);
  const [operator = '', operand] = Object.entries(rule).find(([name]) => isOperator(name)) ?? [];
  if (operator === 'IsPresent') return (findPath(variable, scope) !== undefined) === operand;
  const value = valueAt(variable, scope);
  return isPathOperator(operator)
    ? (CHECKS.get(operator.slice(0, -4))?.(value, valueAt(String(operand), scope)) ?? false)
    : (CHECKS.get(operator)?.(value, operand) ?? false);
};

const valueAt = (path: string, scope: Scope): Json => {
  const value = findPath(path, scope);
  if (value === undefined)
    throw new RuntimeProblem(`Invalid path '${path}': The choice state's condition path references an invalid value.`);
  return value;
};

/** Every path that a rule reads. */
export const pathsOf = (rule: Json): readonly string[] => {
  if (!isObject(rule)) return [];
  return Object.entries(rule).flatMap(([name, value]) => {
    if (typeof value === 'string') return name === 'Variable' || isPathOperator(name) ? [value] : [];
    return Array.isArray(value) ? (value as Json[]).flatMap(pathsOf) : pathsOf(value);
  });
};
