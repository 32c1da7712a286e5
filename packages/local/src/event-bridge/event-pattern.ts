import { invalidPattern } from './pattern-error.ts';
import { compileMatcher, type LeafMatcher } from './pattern-operators.ts';

export type Matcher = (event: Readonly<Record<string, unknown>>) => boolean;

/** Says whether a value, or its absence, is what the pattern wants. */
type FieldMatcher = (value: unknown) => boolean;

export interface PatternOptions {
  /**
   * Most characters of the pattern as JSON.
   *
   * @default 2048, as for a rule
   */
  readonly longest?: number;
  /**
   * Operators of EventBridge that are not known where the pattern is for.
   *
   * @default none
   */
  readonly without?: readonly string[];
}

const LONGEST = 2048;

/**
 * An event pattern as a predicate. An own matcher: the only JavaScript library found for it is not on the registry, the official one is Java.
 *
 * @throws AwsError `InvalidEventPatternException` for a pattern that EventBridge refuses
 */
export const compilePattern = (pattern: unknown, { longest = LONGEST, without = [] }: PatternOptions = {}): Matcher => {
  const { length } = JSON.stringify(pattern) ?? '';
  if (length > longest) throw invalidPattern(`it has ${length} characters, ${longest} are allowed`);
  if (!isObject(pattern)) throw invalidPattern('Filter is not an object');
  return compileObject(pattern, '', without);
};

/** A pattern as the API takes it. */
export const parsePattern = (text: string): Matcher => {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch (error) {
    throw invalidPattern(error instanceof Error ? error.message : String(error));
  }
  return compilePattern(pattern);
};

type Compile<T> = (wanted: T, path: string, without: readonly string[]) => FieldMatcher;

const compileObject = (
  pattern: Readonly<Record<string, unknown>>,
  path: string,
  without: readonly string[],
): Matcher => {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw invalidPattern('Empty objects are not allowed', path || undefined);
  const parts = entries.map(([key, wanted]) =>
    key === '$or' ? compileOr(wanted, path, without) : compileField(key, wanted, path, without),
  );
  return (event) => parts.every((part) => part(event));
};

/** A dot in a name is a step like any other, in patterns as in events: EventBridge joins all names of a path by dots. */
const compileField = (key: string, wanted: unknown, path: string, without: readonly string[]): Matcher => {
  const fieldPath = path ? `${path}.${key}` : key;
  const [name = '', ...rest] = key.split('.');
  const matches =
    rest.length > 0
      ? nestedMatcher(compileField(rest.join('.'), wanted, path ? `${path}.${name}` : name, without))
      : Array.isArray(wanted)
        ? compileLeaf(wanted, fieldPath, without)
        : compileNested(wanted, fieldPath, without);
  return (event) => matches(fieldOf(event, name));
};

const fieldOf = (event: Readonly<Record<string, unknown>>, name: string): unknown => {
  const field = Object.hasOwn(event, name) ? event[name] : undefined;
  const dotted = Object.keys(event).filter((key) => key.startsWith(`${name}.`));
  if (dotted.length === 0) return field;
  const joined = dotted.map((key) => [key.slice(name.length + 1), event[key]] as const);
  return { ...(isObject(field) ? field : {}), ...Object.fromEntries(joined) };
};

/** A list of wanted values: one of them has to fit one of the event's. */
const compileLeaf: Compile<readonly unknown[]> = (wanted, path, without) => {
  if (wanted.length === 0) throw invalidPattern('Empty arrays are not allowed', path);
  const matchers = wanted.map((item) => compileMatcher(item, path, without));
  return (value) => {
    const leaves = leavesOf(value);
    return matchers.some((matcher) => fits(matcher, leaves));
  };
};

const fits = (matcher: LeafMatcher, leaves: readonly unknown[]): boolean =>
  matcher.wantsAbsence ? leaves.length === 0 : leaves.some((leaf) => matcher.matches(leaf));

/** Objects and empty lists hold no leaf of their own: a field that is one counts as absent. */
const leavesOf = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return value === undefined || isObject(value) ? [] : [value];
};

/** Objects in a list of the event are tried one by one. */
const compileNested: Compile<unknown> = (wanted, path, without) => {
  if (!isObject(wanted)) throw invalidPattern(`"${path.split('.').at(-1)}" must be an object or an array`, path);
  return nestedMatcher(compileObject(wanted, path, without));
};

const nestedMatcher =
  (matches: Matcher): FieldMatcher =>
  (value) => {
    const objects = objectsOf(value);
    return objects.length === 0 ? matches({}) : objects.some(matches);
  };

const objectsOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] => {
  if (Array.isArray(value)) return value.flatMap(objectsOf);
  return isObject(value) ? [value] : [];
};

const compileOr = (alternatives: unknown, path: string, without: readonly string[]): Matcher => {
  if (!Array.isArray(alternatives)) throw invalidPattern('It must be an Array followed with $or.');
  if (alternatives.length < 2) throw invalidPattern('There must have at least 2 Objects in $or relationship.');
  const matchers = alternatives.map((alternative: unknown) => {
    if (!isObject(alternative)) throw invalidPattern('Only JSON object is allowed in array of $or relationship.');
    return compileObject(alternative, path, without);
  });
  return (event) => matchers.some((matches) => matches(event));
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
