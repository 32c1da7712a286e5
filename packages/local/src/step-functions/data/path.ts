import { type JsonValue, query } from 'jsonpath-rfc9535';
import parseQuery from 'jsonpath-rfc9535/parser';
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
  /** The path as RFC 9535 writes it, with `$` for its root. */
  readonly text: string;
  /** Undefined when the path may lead to many places; its value then is a list. */
  readonly steps: readonly Step[] | undefined;
}

/** A text that is no path in any dialect. */
export class InvalidPath extends Error {
  override readonly name = 'InvalidPath';

  constructor(text: string) {
    super(`'${text}' is no path`);
  }
}

const VARIABLE = /^\$(?=\p{ID_Start})\p{ID_Continue}+/u;
/** A backslash stands before what otherwise would end a name; before other characters it says nothing. */
const WORD = String.raw`(?:\\.|[^.[\]()*?@~^,:'"\s$\\])+`;
const TEXT = String.raw`'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"`;
/** In this order: a name, a quoted name, an index, then what leads to many places; brackets may hold brackets once more, as filters do. */
const STEP = new RegExp(
  String.raw`\.(${WORD})|\[('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")\]|\[(-?\d+)\]|\.\.(${WORD})|\.\.?\*|\.\.(?=\[)|(\[(?:${TEXT}|\[(?:${TEXT}|[^\]'"])*\]|[^[\]'"])+\])`,
  'uy',
);
const MOST_PARSED = 1000;
const parsed = new Map<string, Path>();

/**
 * @throws InvalidPath
 * @throws NotSupportedError for what only some dialects have: scripts, functions
 */
export const parsePath = (given: string): Path => {
  const known = parsed.get(given);
  if (known) return known;
  const path = parse(given);
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(given, path);
  return path;
};

/** @returns undefined when a path to one place leads nowhere; a list, perhaps empty, for a path to many */
export const findPath = (given: string, scope: Scope): Json | undefined => {
  const { root, text, steps } = parsePath(given);
  const from = typeof root === 'string' ? scope[root] : scope.variables.get(root.variable);
  if (steps || from === undefined) return steps?.reduce<Json | undefined>(childOf, from);
  return query(from as JsonValue, text);
};

/** @throws RuntimeProblem when the path leads nowhere */
export const readPath = (given: string, scope: Scope): Json => {
  const found = findPath(given, scope);
  if (found === undefined) throw new RuntimeProblem(`Invalid path '${given}' : ${whyNothing(given, scope)}`);
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

const parse = (given: string): Path => {
  const { root, text } = rooted(given);
  const steps: Step[] = [];
  let written = '$';
  let many = false;
  for (let at = text.startsWith('$') ? 1 : text.length + 1; at !== text.length; ) {
    const match = stepAt(text, at);
    if (!match) throw new InvalidPath(given);
    const step = stepOf(match);
    if (step !== undefined) steps.push(step);
    many ||= step === undefined;
    written += step === undefined ? manyOf(match) : bracketed([step]);
    at += match[0].length;
  }
  if (many) refuseUnread(given, written);
  return { root, text: written, steps: many ? undefined : steps };
};

const rooted = (given: string): { root: Path['root']; text: string } => {
  if (given.startsWith('$$')) return { root: 'context', text: given.slice(1) };
  const [variable] = VARIABLE.exec(given) ?? [];
  if (variable === undefined) return { root: 'input', text: given };
  return { root: { variable: variable.slice(1) }, text: `$${given.slice(variable.length)}` };
};

const stepAt = (text: string, at: number): RegExpExecArray | null => {
  STEP.lastIndex = at;
  return STEP.exec(text);
};

const stepOf = ([, name, quoted, index]: RegExpExecArray): Step | undefined => {
  if (index !== undefined) return Number(index);
  return quoted === undefined ? unescaped(name) : unquoted(quoted);
};

const unescaped = (word: string | undefined): string | undefined => word?.replaceAll(/\\(.)/gsu, '$1');

/** As AWS has been recorded: a backslash means something before a backslash and before the quote that is used, and nothing before the other. */
const unquoted = (text: string): string =>
  text.slice(1, -1).replaceAll(text.startsWith("'") ? /\\(['\\])/g : /\\(["\\])/g, '$1');

const manyOf = ([all, , , , descendant]: RegExpExecArray): string =>
  descendant === undefined ? all : `..${bracketed([unescaped(descendant) ?? ''])}`;

/** RFC 9535 has functions that AWS has not; two of them take regular expressions, which may take for ever. */
const refuseUnread = (given: string, text: string): void => {
  if (!isRead(text)) throw notSupported(`The path '${given}'`);
};

const isRead = (text: string): boolean => {
  try {
    return !JSON.stringify(parseQuery(text)).includes('"type":"FunctionExpr"');
  } catch {
    return false;
  }
};

const childOf = (parent: Json | undefined, step: Step): Json | undefined => {
  if (typeof step === 'number') return isList(parent) ? parent.at(step) : undefined;
  return isObject(parent) && Object.hasOwn(parent, step) ? parent[step] : undefined;
};

/** In the words of the library that AWS uses: which step was the first to lead nowhere. */
const whyNothing = (given: string, scope: Scope): string => {
  const { root, text, steps = [] } = parsePath(given);
  if (typeof root === 'object' && scope.variables.get(root.variable) === undefined)
    return `There is no variable '${root.variable}'`;
  const from = typeof root === 'string' ? scope[root] : scope.variables.get(root.variable);
  const taken = steps.findIndex((_step, index) => steps.slice(0, index + 1).reduce(childOf, from) === undefined) + 1;
  return taken < steps.length
    ? `Missing property in path $${bracketed(steps.slice(0, taken))}`
    : `No results for path: ${text}`;
};

const bracketed = (steps: readonly Step[]): string =>
  steps
    .map((step) => (typeof step === 'number' ? `[${step}]` : `['${step.replaceAll(/['\\]/g, String.raw`\$&`)}']`))
    .join('');
