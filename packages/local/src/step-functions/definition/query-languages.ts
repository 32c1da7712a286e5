import { isList, isObject, type Json, type JsonObject, textOf } from '../data/json.ts';
import { groupsIn, statesOf } from './groups.ts';
import { QUERY_LANGUAGES, type QueryLanguage } from './states.ts';

/**
 * The definition with its query language written into each state.
 *
 * @param problem is told what is not valid
 */
export const withLanguages = (definition: JsonObject, problem: (text: string) => void): JsonObject => {
  const problemAt = (location: string) => (text: string) => problem(`SCHEMA_VALIDATION_FAILED: ${text} at ${location}`);
  const machine = languageIn(definition, 'JSONPath', problemAt('/'));
  const inGroup = (group: JsonObject): JsonObject => ({
    ...group,
    ...(isObject(group.States)
      ? { States: Object.fromEntries(statesOf(group).map(({ name, state }) => [name, inState(name, state)])) }
      : {}),
  });
  const inState = (name: string, state: JsonObject): JsonObject => {
    const problemHere = problemAt(`/States/${name}`);
    const language = languageIn(state, machine, problemHere);
    if (machine === 'JSONata' && language === 'JSONPath')
      problemHere("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
    return { ...withGroups(state, inGroup), QueryLanguage: language };
  };
  return inGroup(definition);
};

const languageIn = (
  { QueryLanguage: given }: JsonObject,
  otherwise: QueryLanguage,
  problem: (text: string) => void,
): QueryLanguage => {
  if (given === undefined) return otherwise;
  const language = QUERY_LANGUAGES.find((known) => known === given);
  if (!language) problem(`'QueryLanguage' must be one of ${QUERY_LANGUAGES.join(', ')}, not '${textOf(given)}'`);
  return language ?? otherwise;
};

const withGroups = (state: JsonObject, change: (group: JsonObject) => JsonObject): JsonObject => {
  if (groupsIn(state).length === 0) return state;
  const changed = (value: Json): Json => (isObject(value) ? change(value) : value);
  const { Branches: branches, ItemProcessor: processor, Iterator: iterator } = state;
  return {
    ...state,
    ...(isList(branches) ? { Branches: branches.map(changed) } : {}),
    ...(processor === undefined ? {} : { ItemProcessor: changed(processor) }),
    ...(iterator === undefined ? {} : { Iterator: changed(iterator) }),
  };
};
