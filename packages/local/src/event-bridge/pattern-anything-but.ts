import { invalidPattern } from './pattern-error.ts';
import { endsWith, equalsIgnoreCase, startsWith, type TextTest, wildcard } from './pattern-text.ts';

type ValueTest = (value: unknown) => boolean;

/** A value, a list of values of one type, or one of the comparisons of texts; matches what is none of them. */
export const anythingBut = (argument: unknown, path: string): ValueTest => {
  const unwanted = isNested(argument) ? nested(argument, path) : values(argument, path);
  return (value) => !unwanted(value);
};

const isNested = (argument: unknown): argument is Readonly<Record<string, unknown>> =>
  argument !== null && typeof argument === 'object' && !Array.isArray(argument);

const values = (argument: unknown, path: string): ValueTest => {
  const list: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
  const types = new Set(list.map((item) => typeof item));
  if (!Array.isArray(argument) && !types.has('string') && !types.has('number'))
    throw invalidPattern('Value of anything-but must be an array or single string/number value.', path);
  if (list.some((item) => typeof item !== 'string' && typeof item !== 'number'))
    throw invalidPattern('Inside anything but list, start|null|boolean is not supported.', path);
  if (types.size !== 1)
    throw invalidPattern(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
      path,
    );
  return (value) => list.includes(value);
};

const TESTS: ReadonlyMap<string, (wanted: string, path: string) => TextTest> = new Map([
  ['equals-ignore-case', equalsIgnoreCase],
  ['prefix', startsWith],
  ['suffix', endsWith],
  ['wildcard', wildcard],
]);

const nested = (argument: Readonly<Record<string, unknown>>, path: string): ValueTest => {
  const [[name, wanted] = ['', undefined], ...others] = Object.entries(argument);
  const test = TESTS.get(name);
  if (name === '') throw invalidPattern('Anything-But expression name not found', path);
  if (!test) throw invalidPattern(`Unsupported anything-but pattern: ${name}`, path);
  if (others.length > 0) throw invalidPattern('Only one key allowed in match expression', path);
  const tests = textsOf(name, wanted, path).map((text) => test(text, path));
  return (value) => typeof value === 'string' && tests.some((matches) => matches(value));
};

const textsOf = (name: string, wanted: unknown, path: string): readonly string[] => {
  const list: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
  const texts = list.filter((item) => typeof item === 'string');
  if (texts.length === 0 || texts.length < list.length) throw invalidPattern(noText(name, wanted), path);
  if (texts.includes('') && (name === 'prefix' || name === 'suffix'))
    throw invalidPattern('Null prefix/suffix not allowed', path);
  return texts;
};

/** EventBridge words it by operator. */
const noText = (name: string, wanted: unknown): string => {
  if (isNested(wanted)) return 'Value of anything-but must be an array or single string/number value.';
  if (name === 'wildcard') return 'wildcard match pattern must be a string';
  if (name === 'equals-ignore-case')
    return 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.';
  return 'prefix/suffix match pattern must be a string';
};
