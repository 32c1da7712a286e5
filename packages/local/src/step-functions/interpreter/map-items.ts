import type { Json, JsonObject } from '../data/json.ts';
import type { MapState } from '../definition/states.ts';
import type { Visit } from './visit.ts';

/** One of the items of a Map state; a member of an object has a key. */
export interface MapItem {
  readonly index: number;
  readonly value: Json;
}

/** What an iteration begins with: `ItemSelector` (or `Parameters`, its former name), or the item. */
export const iterationInput = async (visit: Visit<MapState>, item: MapItem): Promise<Json> => {
  const within = visit.within({ Map: { Item: contextOf(item) } });
  const selected = (await within.template('ItemSelector')) ?? (await within.template('Parameters'));
  return selected === undefined ? item.value : selected;
};

const contextOf = ({ index, value }: MapItem): JsonObject => ({ Index: index, Value: value, Source: 'STATE_DATA' });
