import { RedshiftError } from '../errors.ts';
import { elementAt, isObject, type JsonPath } from './json-paths.ts';
import { JsonNumber, jsonValues } from './json-values.ts';
import { LoadError } from './load-error.ts';
import type { LoadColumn } from './table-columns.ts';

/** How the members of an object find their columns. */
export type JsonMapping = 'auto' | 'auto ignorecase' | readonly JsonPath[];

/** One record for each object (with paths also: each array) of JSON, in the order of the columns. */
export async function* jsonRecords(
  text: AsyncIterable<string>,
  mapping: JsonMapping,
  columns: readonly LoadColumn[],
): AsyncGenerator<(string | null)[]> {
  const elementsOf = mapper(mapping, columns);
  for await (const value of jsonValues(text))
    yield elementsOf(value).map((element, i) => fieldOf(element, columns[i] as LoadColumn));
}

const mapper = (mapping: JsonMapping, columns: readonly LoadColumn[]): ((value: unknown) => unknown[]) => {
  if (typeof mapping === 'string') return (value) => byName(value, mapping, columns);
  if (mapping.length !== columns.length)
    throw new RedshiftError(
      `ERROR: Number of jsonpaths and the number of columns should match. JSONPath size: ${mapping.length}, Number of columns in table or column list: ${columns.length}`,
    );
  return (value) => mapping.map((path) => elementAt(value, path));
};

/** What no column is named for is passed over; a column that no member is named for gets NULL. */
const byName = (value: unknown, mapping: 'auto' | 'auto ignorecase', columns: readonly LoadColumn[]): unknown[] => {
  if (!isObject(value)) throw new LoadError('Invalid JSONPath format. Member is not an object.');
  if (mapping === 'auto') return columns.map(({ name }) => (Object.hasOwn(value, name) ? value[name] : null));
  const members = new Map(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
  return columns.map(({ name }) => members.get(name.toLowerCase()) ?? null);
};

/** Objects and arrays are loaded as their text; so is everything else into a column that holds JSON itself. */
const fieldOf = (element: unknown, { type }: LoadColumn): string | null => {
  if (element === null || element === undefined) return null;
  if (type === 'super' || (typeof element === 'object' && !(element instanceof JsonNumber)))
    return JSON.stringify(element);
  return element instanceof JsonNumber ? element.text : `${element as string | boolean}`;
};
