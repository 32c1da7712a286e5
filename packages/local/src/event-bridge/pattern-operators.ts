import { anythingBut } from './pattern-anything-but.ts';
import { cidr } from './pattern-cidr.ts';
import { invalidPattern } from './pattern-error.ts';
import { numeric } from './pattern-numeric.ts';
import { endsWith, equalsIgnoreCase, startsWith, type TextTest, wildcard } from './pattern-text.ts';

/** One wanted value or comparison; `value` is a leaf of the event that is there, unless the matcher wants it absent. */
export interface LeafMatcher {
  readonly wantsAbsence?: true;
  matches(value: unknown): boolean;
}

/** @param unknown operators that the service which asks does not have */
export const compileMatcher = (wanted: unknown, path: string, unknown: readonly string[]): LeafMatcher => {
  if (Array.isArray(wanted)) throw invalidPattern('Match value must be String, number, true, false, or null', path);
  if (wanted === null || typeof wanted !== 'object') return { matches: (value) => value === wanted };
  const [[name, argument] = ['', undefined], ...others] = Object.entries(wanted);
  const operator = unknown.includes(name) ? undefined : OPERATORS.get(name);
  if (name === '') throw invalidPattern('Match expression name not found', path);
  if (!operator) throw invalidPattern(`Unrecognized match type ${name}`, path);
  if (others.length > 0) throw invalidPattern('Only one key allowed in match expression', path);
  return operator(argument, path);
};

type Operator = (argument: unknown, path: string) => LeafMatcher;

const onTexts = (test: TextTest): LeafMatcher => ({ matches: (value) => typeof value === 'string' && test(value) });

const text = (name: string, wanted: unknown, path: string): string => {
  if (typeof wanted === 'string') return wanted;
  throw invalidPattern(`${name} match pattern must be a string`, path);
};

/** A comparison of texts that can be told to pass over upper and lower case: `{ "prefix": { "equals-ignore-case": "a" } }`. */
const caseable =
  (name: 'prefix' | 'suffix', test: (wanted: string) => TextTest): Operator =>
  (argument, path) => {
    if (argument === null || typeof argument !== 'object' || Array.isArray(argument))
      return onTexts(test(text(name, argument, path)));
    const [[option, wanted] = ['', undefined], ...others] = Object.entries(argument);
    if (option !== 'equals-ignore-case') throw invalidPattern(`Unsupported ${name} pattern: ${option}`, path);
    if (others.length > 0) throw invalidPattern('Only one key allowed in match expression', path);
    const matches = test(text(option, wanted, path).toLowerCase());
    return onTexts((value) => matches(value.toLowerCase()));
  };

const exists: Operator = (wanted, path) => {
  if (typeof wanted !== 'boolean') throw invalidPattern('exists match pattern must be either true or false.', path);
  return wanted ? { matches: () => true } : { wantsAbsence: true, matches: () => false };
};

const onNumbers: Operator = (argument, path) => {
  const test = numeric(argument, path);
  return { matches: (value) => typeof value === 'number' && test(value) };
};

const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['prefix', caseable('prefix', startsWith)],
  ['suffix', caseable('suffix', endsWith)],
  ['equals-ignore-case', (wanted, path) => onTexts(equalsIgnoreCase(text('equals-ignore-case', wanted, path)))],
  ['wildcard', (wanted, path) => onTexts(wildcard(text('wildcard', wanted, path), path))],
  ['cidr', (wanted, path) => onTexts(cidr(wanted, path))],
  ['exists', exists],
  ['anything-but', (unwanted, path) => ({ matches: anythingBut(unwanted, path) })],
  ['numeric', onNumbers],
]);
