import { AwsError } from '../common/aws-error.ts';
import { compileMatcher, type LeafMatcher } from './pattern-operators.ts';

export type Matcher = (event: Readonly<Record<string, unknown>>) => boolean;

/** Says whether a value, or its absence, is what the pattern wants. */
type FieldMatcher = (value: unknown) => boolean;

/**
 * An event pattern as a predicate. An own matcher: the only JavaScript library found for it is not on the registry, the official one is Java.
 *
 * @throws AwsError `InvalidEventPatternException` for a pattern that EventBridge refuses
 * @throws NotSupportedError for an operator that the stage does not know
 */
export const compilePattern = (pattern: unknown): Matcher => compileObject(pattern, '');

const compileObject = (pattern: unknown, path: string): Matcher => {
  if (!isObject(pattern)) throw invalid(`"${path || 'pattern'}" must be an object or an array`);
  const parts = Object.entries(pattern).map(([key, wanted]) =>
    key === '$or' ? compileOr(wanted, path) : compileField(key, wanted, path),
  );
  return (event) => parts.every((part) => part(event));
};

const compileField = (key: string, wanted: unknown, path: string): Matcher => {
  const fieldPath = path ? `${path}.${key}` : key;
  const matches = Array.isArray(wanted) ? compileLeaf(wanted, fieldPath) : compileNested(wanted, fieldPath);
  return (event) => matches(event[key]);
};

/** A list of wanted values: one of them has to fit one of the event's. */
const compileLeaf = (wanted: readonly unknown[], path: string): FieldMatcher => {
  if (wanted.length === 0) throw invalid(`empty arrays are not allowed at "${path}"`);
  const matchers = wanted.map((item) => compileMatcher(item, path));
  return (value) => matchers.some((matcher) => fits(matcher, value));
};

const fits = (matcher: LeafMatcher, value: unknown): boolean => {
  if (matcher.wantsAbsence) return value === undefined;
  if (Array.isArray(value)) return value.some((item) => !isObject(item) && matcher.matches(item));
  return value !== undefined && !isObject(value) && matcher.matches(value);
};

/** Objects in a list of the event are tried one by one. */
const compileNested = (wanted: unknown, path: string): FieldMatcher => {
  const matches = compileObject(wanted, path);
  return (value) => {
    if (Array.isArray(value)) return value.some((item) => isObject(item) && matches(item));
    return matches(isObject(value) ? value : {});
  };
};

const compileOr = (alternatives: unknown, path: string): Matcher => {
  if (!Array.isArray(alternatives) || alternatives.length < 2)
    throw invalid('"$or" must be an array of at least two alternatives');
  const matchers = alternatives.map((alternative) => compileObject(alternative, path));
  return (event) => matchers.some((matches) => matches(event));
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const invalid = (reason: string): AwsError =>
  new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
