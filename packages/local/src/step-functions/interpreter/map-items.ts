import { isList, type Json, type JsonObject } from '../data/json.ts';
import type { MapState } from '../definition/states.ts';
import type { Visit } from './visit.ts';

/** One of the items of a Map state; a member of an object has a key. */
export interface MapItem {
  readonly index: number;
  readonly value: Json;
  readonly key?: string;
}

/** The elements of a list, or the members of an object. */
export const itemsIn = (items: readonly Json[] | JsonObject): readonly MapItem[] =>
  isList(items)
    ? items.map((value, index) => ({ index, value }))
    : Object.entries(items).map(([key, value], index) => ({ index, value, key }));

/** What an iteration begins with: `ItemSelector` (or `Parameters`, its former name), or the item. */
export const iterationInput = async (visit: Visit<MapState>, item: MapItem): Promise<Json> => {
  const within = visit.within({ Map: { Item: contextOf(item) } });
  const selected = (await within.template('ItemSelector')) ?? (await within.template('Parameters'));
  if (selected !== undefined) return selected;
  return item.key === undefined ? item.value : { Key: item.key, Value: item.value };
};

const contextOf = ({ index, value, key }: MapItem): JsonObject => ({
  Index: index,
  ...(key === undefined ? {} : { Key: key }),
  Value: value,
  Source: 'STATE_DATA',
});
