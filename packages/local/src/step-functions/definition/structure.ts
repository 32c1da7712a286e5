import { isObject, type Json, type JsonObject } from '../data/json.ts';
import { groupsIn } from './groups.ts';

/** What must be there before anything else can be said of a definition; one text for each violation. */
export const structureViolations = (group: JsonObject, where = ''): readonly string[] => {
  const { States: states } = group;
  if (!isObject(states)) return [`SCHEMA_VALIDATION_FAILED: States must be an object at ${where || '/'}`];
  return Object.entries(states).flatMap(([name, state]) => inState(state, `${where}/States/${name}`));
};

const inState = (state: Json, where: string): readonly string[] => {
  if (!isObject(state)) return [`SCHEMA_VALIDATION_FAILED: A state must be an object at ${where}`];
  if (typeof state.Type !== 'string')
    return [`SCHEMA_VALIDATION_FAILED: These fields are required: [Type] at ${where}`];
  return groupsIn(state).flatMap((group) => structureViolations(group, where));
};
