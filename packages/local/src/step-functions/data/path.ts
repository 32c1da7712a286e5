import { JSONPath } from 'jsonpath-plus';
import { notSupported, RuntimeProblem } from '../errors.ts';
import { isList, isObject, type Json, type JsonObject } from './json.ts';
import type { Variables } from './variables.ts';

/** What paths are read from: `$` is the input, `$$` the context object, `$name` a variable. */
export interface Scope {
  readonly input: Json;
  readonly context: JsonObject;
  readonly variables: Pick<Variables, 'get'>;
}

/** One step of a path that leads to one place: a field's name, or an index (negative from the end). */
export type Step = string | number;

interface Path {
  readonly root: 'input' | 'context' | { readonly variable: string };
  /** The path with `$` for its root. */
  readonly text: string;
  /** Undefined when the path may lead to many places; its value then is a list. */
  readonly steps: readonly Step[] | undefined;
}

const VARIABLE = /^\$(?=\p{ID_Start})\p{ID_Continue}+/u;
const NAME = String.raw`\.([^.[\]()*?@~^,:'"\s$]+)`;
const QUOTED = String.raw`\['((?:\\.|[^'\\])*)'\]|\["((?:\\.|[^"\\])*)"\]`;
const INDEX = String.raw`\[(-?\d+)\]`;
const ONE = new RegExp(`${NAME}|${QUOTED}|${INDEX}`, 'uy');
/** Wildcards, descent, unions and slices. Filters, scripts and functions are not in the list. */
const MANY =
  /\.\.?\*|\.\.(?=[^.[\s])[^.[\]()*?@~^,:'"\s$]+|\.\.(?=\[)|\[\*\]|\[-?\d+(?:,-?\d+)+\]|\[-?\d*:-?\d*(?::\d+)?\]/uy;

/** @throws NotSupportedError for filters and functions, and for what is no path */
export const parsePath = (given: string): Path => {
  const { root, text } = rooted(given);
  const steps: Step[] = [];
  let many = false;
  for (let at = text.startsWith('$') ? 1 : text.length + 1; at !== text.length; ) {
    const one = matchAt(ONE, text, at);
    if (one) steps.push(stepOf(one));
    const match = one ?? matchAt(MANY, text, at);
    if (!match) throw notSupported(`The path '${given}'`);
    many ||= !one;
    at += match[0].length;
  }
  return { root, text, steps: many ? undefined : steps };
};

/** @returns undefined when a path to one place leads nowhere; a list, perhaps empty, for a path to many */
export const findPath = (given: string, scope: Scope): Json | undefined => {
  const { root, text, steps } = parsePath(given);
  const from = typeof root === 'string' ? scope[root] : scope.variables.get(root.variable);
  if (steps || from === undefined) return steps?.reduce<Json | undefined>(childOf, from);
  const found = JSONPath({ path: text, json: from, wrap: true, eval: false }) as Json | undefined;
  return found ?? [];
};

/** @throws RuntimeProblem when the path leads nowhere */
export const readPath = (given: string, scope: Scope): Json => {
  const found = findPath(given, scope);
  if (found === undefined)
    throw new RuntimeProblem(`Invalid path '${given}' : No results for path: ${bracketed(given)}`);
  return found;
};

/** @throws RuntimeProblem naming the field that holds the path */
export const readField = (field: string, given: string, scope: Scope): Json => {
  const found = findPath(given, scope);
  if (found !== undefined) return found;
  const input = JSON.stringify(scope.input);
  throw new RuntimeProblem(
    `The JSONPath '${given}' specified for the field '${field}' could not be found in the input '${input}'`,
  );
};

const rooted = (given: string): Pick<Path, 'root' | 'text'> => {
  if (given.startsWith('$$')) return { root: 'context', text: given.slice(1) };
  const [variable] = VARIABLE.exec(given) ?? [];
  if (variable === undefined) return { root: 'input', text: given };
  return { root: { variable: variable.slice(1) }, text: `$${given.slice(variable.length)}` };
};

const childOf = (parent: Json | undefined, step: Step): Json | undefined => {
  if (typeof step === 'number') return isList(parent) ? parent.at(step) : undefined;
  return isObject(parent) && Object.hasOwn(parent, step) ? parent[step] : undefined;
};

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

const stepOf = ([, name, single, double, index]: RegExpExecArray): Step =>
  index === undefined ? (name ?? (single ?? double ?? '').replaceAll(/\\(.)/g, '$1')) : Number(index);

const bracketed = (given: string): string => {
  const { steps, text } = parsePath(given);
  return steps ? `$${steps.map((step) => (typeof step === 'number' ? `[${step}]` : `['${step}']`)).join('')}` : text;
};
