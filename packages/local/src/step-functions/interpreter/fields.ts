import { isObject, type Json, type JsonObject } from '../data/json.ts';
import type { State } from '../definition/states.ts';

/**
 * The fields of a state as the JSON that they are.
 *
 * @param holder the field that holds them, such as `ItemReader/ReaderConfig`; the state itself by default
 */
export const fieldsOf = (state: State, holder?: string): JsonObject => {
  const steps = holder === undefined ? [] : holder.split('/');
  return steps.reduce<JsonObject>((fields, step) => childOf(fields[step]), state as unknown as JsonObject);
};

const childOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
