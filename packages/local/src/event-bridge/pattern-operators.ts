import { AwsError, NotSupportedError } from '../common/aws-error.ts';

/** One wanted value or comparison; `value` is a leaf of the event that is there, unless the matcher wants it absent. */
export interface LeafMatcher {
  readonly wantsAbsence?: true;
  matches(value: unknown): boolean;
}

/** @throws NotSupportedError naming the operator */
export const compileMatcher = (wanted: unknown, path: string): LeafMatcher => {
  if (wanted === null || typeof wanted !== 'object') return { matches: (value) => value === wanted };
  const [[name, argument] = ['', undefined], ...others] = Object.entries(wanted);
  const operator = OPERATORS.get(name);
  if (!operator || others.length > 0) throw new NotSupportedError(`event pattern operator "${name}" at "${path}"`);
  return operator(argument, path);
};

type Operator = (argument: unknown, path: string) => LeafMatcher;

const invalid = (name: string, path: string): AwsError =>
  new AwsError(
    'InvalidEventPatternException',
    `Event pattern is not valid. Reason: "${name}" at "${path}" is malformed`,
  );

/** A comparison of texts; other forms of the operator, such as prefix with equals-ignore-case, are not known here. */
const onText =
  (name: string, test: (value: string, wanted: string) => boolean): Operator =>
  (wanted, path) => {
    if (wanted !== null && typeof wanted === 'object')
      throw new NotSupportedError(`event pattern operator "${name}" with ${JSON.stringify(wanted)} at "${path}"`);
    if (typeof wanted !== 'string') throw invalid(name, path);
    return { matches: (value) => typeof value === 'string' && test(value, wanted) };
  };

const prefix = onText('prefix', (value, wanted) => value.startsWith(wanted));
const suffix = onText('suffix', (value, wanted) => value.endsWith(wanted));
const equalsIgnoreCase = onText('equals-ignore-case', (value, wanted) => value.toLowerCase() === wanted.toLowerCase());

const exists: Operator = (wanted, path) => {
  if (typeof wanted !== 'boolean') throw invalid('exists', path);
  return wanted ? { matches: () => true } : { wantsAbsence: true, matches: () => false };
};

/** One value, a list of values, or a prefix. */
const anythingBut: Operator = (unwanted, path) => {
  const isNested = unwanted !== null && typeof unwanted === 'object' && !Array.isArray(unwanted);
  if (isNested && !('prefix' in unwanted))
    throw new NotSupportedError(`event pattern operator "anything-but" with ${JSON.stringify(unwanted)} at "${path}"`);
  const matchers = isNested
    ? [compileMatcher(unwanted, path)]
    : [unwanted].flat().map((item) => compileMatcher(item, path));
  return { matches: (value) => !matchers.some((matcher) => matcher.matches(value)) };
};

const COMPARISONS: ReadonlyMap<unknown, (left: number, right: number) => boolean> = new Map([
  ['=', (left, right) => left === right],
  ['<', (left, right) => left < right],
  ['<=', (left, right) => left <= right],
  ['>', (left, right) => left > right],
  ['>=', (left, right) => left >= right],
]);

/** `[">", 0, "<=", 5]`: comparison and bound in turns, all of which hold. */
const numeric: Operator = (argument, path) => {
  if (!Array.isArray(argument) || argument.length === 0 || argument.length % 2 > 0) throw invalid('numeric', path);
  const tests = argument.flatMap((sign: unknown, index) =>
    index % 2 === 0 ? [bound(sign, argument[index + 1], path)] : [],
  );
  return { matches: (value) => typeof value === 'number' && tests.every((test) => test(value)) };
};

const bound = (sign: unknown, limit: unknown, path: string) => {
  const compare = COMPARISONS.get(sign);
  if (!compare || typeof limit !== 'number') throw invalid('numeric', path);
  return (value: number) => compare(value, limit);
};

/** The rest of the service's operators (wildcard, cidr, the other forms of anything-but) come with the whole account around the path. */
const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['prefix', prefix],
  ['suffix', suffix],
  ['equals-ignore-case', equalsIgnoreCase],
  ['exists', exists],
  ['anything-but', anythingBut],
  ['numeric', numeric],
]);
