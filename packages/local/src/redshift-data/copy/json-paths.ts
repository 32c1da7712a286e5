import { RedshiftError } from '../errors.ts';
import { JsonNumber } from './json-values.ts';
import { LoadError } from './load-error.ts';

/** The way to one element: keys of objects and indices of arrays. */
export type JsonPath = readonly (string | number)[];

const BRACKETS = /^\$(?:\['[^']+'\]|\[\d+\])+$/;
const DOTS = /^\$(?:\.[^.[\]']+|\[\d+\])+$/;
const STEP = /\['([^']+)'\]|\[(\d+)\]|\.([^.[\]']+)/g;

/**
 * Reads a JSONPaths file. One that is an object without `jsonpaths` is as good as none, as for Redshift.
 *
 * @returns undefined for such a file
 * @throws RedshiftError for what is no JSONPaths file
 */
export const parseJsonPaths = (text: string): readonly JsonPath[] | undefined => {
  const file = objectOf(text);
  if (!file) throw invalid('the file is not a JSON object');
  if (!('jsonpaths' in file)) return undefined;
  const { jsonpaths } = file;
  if (!Array.isArray(jsonpaths)) throw invalid('jsonpaths is not an array');
  return jsonpaths.map(pathOf);
};

const objectOf = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const pathOf = (expression: unknown): JsonPath => {
  if (typeof expression !== 'string' || !(BRACKETS.test(expression) || DOTS.test(expression)))
    throw invalid(`${JSON.stringify(expression)} is not a path to one element`);
  return [...expression.matchAll(STEP)].map(([, key, index, name]) =>
    index === undefined ? ((key ?? name) as string) : Number(index),
  );
};

const invalid = (why: string): RedshiftError => new RedshiftError(`ERROR: Invalid JSONPath format: ${why}`);

/**
 * The element that a path leads to; null when an object lacks it.
 *
 * @throws LoadError when an array lacks it
 */
export const elementAt = (value: unknown, path: JsonPath): unknown =>
  path.reduce<unknown>((at, step) => {
    if (at === null || at === undefined) return null;
    if (typeof step === 'string') return isObject(at) ? (Object.hasOwn(at, step) ? at[step] : null) : null;
    if (!Array.isArray(at) || step >= at.length)
      throw new LoadError('Invalid JSONPath format: Not an array or index out of range.');
    return at[step] as unknown;
  }, value);

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);
